// SPDX-License-Identifier: MIT
#include "tests/support/allocations.h"

#include <atomic>
#include <cstdlib>
#include <malloc.h>
#include <new>

namespace {

std::atomic<std::size_t> made_so_far = 0;
std::atomic<std::int64_t> bytes_now = 0;

} // namespace

// The nothrow forms are replaced with the rest, as libstdc++ asks for a sort's buffer by them and gives it back by the
// plain ones: under AddressSanitizer, which brings forms of its own, the two would not be of one kind.
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    void* const made = std::malloc(size == 0 ? 1 : size);
    if (made != nullptr) {
        made_so_far.fetch_add(1, std::memory_order_relaxed);
        bytes_now.fetch_add(static_cast<std::int64_t>(::malloc_usable_size(made)), std::memory_order_relaxed);
    }
    return made;
}
void* operator new(std::size_t size) {
    if (void* const made = operator new(size, std::nothrow)) {
        return made;
    }
    throw std::bad_alloc();
}
void operator delete(void* pointer) noexcept {
    bytes_now.fetch_sub(static_cast<std::int64_t>(::malloc_usable_size(pointer)),
                        std::memory_order_relaxed); // 0 of none
    std::free(pointer);
}
void operator delete(void* pointer, std::size_t /*size*/) noexcept {
    operator delete(pointer);
}
void operator delete(void* pointer, const std::nothrow_t& /*tag*/) noexcept {
    operator delete(pointer);
}

namespace portside::support {

std::size_t allocations() {
    return made_so_far.load(std::memory_order_relaxed);
}
std::int64_t live_bytes() {
    return bytes_now.load(std::memory_order_relaxed);
}

} // namespace portside::support
