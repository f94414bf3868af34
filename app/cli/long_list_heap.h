// SPDX-License-Identifier: MIT
// Memory for lists of thousands of sockets, which is written once: a page fault for each 4 KiB of it was up to half of
// the time.
#pragma once

namespace portside::cli {

// From here on what is allocated beyond the first 1 to 3 MiB lies in large pages, where the system has them for who
// asks (transparent_hugepage, "madvise" or "always"); a short list never gets there. Advice only: nothing fails. To be
// called while one thread runs, by a process that ends soon: memory that is freed stays with the process.
void prepare_heap_for_long_lists();

} // namespace portside::cli
