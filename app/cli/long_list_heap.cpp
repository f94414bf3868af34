// SPDX-License-Identifier: MIT
#include "app/cli/long_list_heap.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <malloc.h>
#include <sys/mman.h>

namespace portside::cli {

namespace {

// Of x86-64; elsewhere the range begins at some page all the same.
constexpr std::size_t kLargePage = std::size_t{2} << 20U;
constexpr std::size_t kShortList = std::size_t{1} << 20U;
constexpr std::size_t kLongList = std::size_t{30} << 20U; // addresses, not memory: 10,000 sockets take about 26 MiB
constexpr int kMostMapped = 32 << 20;                     // the highest threshold that mallopt(3) takes
constexpr int kNeverTrim = 1 << 30;

} // namespace

void prepare_heap_for_long_lists() {
    // Long tables stay in the heap while they grow, and the heap stays as long as it is made here.
    mallopt(M_MMAP_THRESHOLD, kMostMapped); // NOLINT(concurrency-mt-unsafe): no other thread runs yet
    mallopt(M_TRIM_THRESHOLD, kNeverTrim);  // NOLINT(concurrency-mt-unsafe)
    void* const heap = std::malloc(kLongList);
    if (heap == nullptr) {
        return;
    }
    const auto begin = (reinterpret_cast<std::uintptr_t>(heap) + kShortList + kLargePage - 1) / kLargePage * kLargePage;
    const auto end = (reinterpret_cast<std::uintptr_t>(heap) + kLongList) / kLargePage * kLargePage;
    static_cast<void>(::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE));
    std::free(heap);
}

} // namespace portside::cli
