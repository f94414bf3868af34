// SPDX-License-Identifier: MIT
// One request over a unix socket and its answer, without blocking. One object belongs to one thread.
#pragma once

#include "core/base/unique_fd.h"
#include "core/supervisors/http.h"
#include "core/supervisors/talk.h"

#include <optional>
#include <string>

namespace portside::supervisors {

class HttpExchange {
  public:
    // `patience`: how long the answer may take; nothing: as long as it takes.
    HttpExchange(std::string socket_path, std::string request, std::optional<Clock::duration> patience);

    // Does what can be done now. Nothing: call again after wait(). not_found: nobody listens there; not_permitted: not
    // for us.
    [[nodiscard]] std::optional<base::Result<HttpAnswer>> proceed();
    [[nodiscard]] Wait wait() const;

  private:
    using Outcome = std::optional<base::Result<HttpAnswer>>;
    [[nodiscard]] Outcome connect();
    [[nodiscard]] Outcome send();
    [[nodiscard]] Outcome receive();
    [[nodiscard]] base::Result<HttpAnswer> failed_with(int number, const char* tried) const;

    std::string path_;
    std::string request_;
    std::size_t sent_ = 0;
    std::optional<Clock::time_point> deadline_;
    std::optional<Clock::time_point> again_; // its queue was full: connect once more then
    base::UniqueFd socket_;
    bool connected_ = false;
    HttpReader reader_;
};

} // namespace portside::supervisors
