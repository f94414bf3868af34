// SPDX-License-Identifier: MIT
// What happened to the targets of `portside kill` so far, each printed at once, and the exit code that follows. Main
// thread.
#pragma once

#include "core/jobs/job.h"

#include <set>
#include <string>

namespace portside::cli {

class Outcomes {
  public:
    void not_permitted(const std::string& sentence) { add(3, sentence); }
    void nothing_matched(const std::string& sentence) { add(4, sentence); }
    void did_not_end(const std::string& sentence) { add(1, sentence); }
    void ended(const std::string& sentence) { add(0, sentence); }
    // A job that ended without a signal: which of the above it counts as.
    void refused(jobs::Problem problem, const std::string& sentence);

    // Of all so far the first that applies in the order 3, 4, 1, 0.
    [[nodiscard]] int exit_code() const;

  private:
    void add(int code, const std::string& sentence);
    std::set<int> codes_;
};

} // namespace portside::cli
