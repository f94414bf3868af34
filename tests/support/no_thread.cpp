// SPDX-License-Identifier: MIT
// Linked into test programs that are ONE_THREAD: what starts a thread there, in our code or in a library, ends the
// program, and so the test that did it.
#include <cstdio>
#include <cstdlib>
#include <pthread.h>

extern "C" int pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*) noexcept {
    std::fputs("A program that is ONE_THREAD started a thread: ThreadSanitizer has to see it.\n", stderr);
    std::abort();
}
