// SPDX-License-Identifier: MIT
// As much of HTTP/1.0 as a container engine's socket needs: one request, one answer, end of connection. Strict: what it
// does not know it refuses. Pure; any thread.
#pragma once

#include "core/base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace portside::supervisors {

[[nodiscard]] std::string http_request(std::string_view method, std::string_view path);

struct HttpAnswer {
    int status = 0;
    std::string body;
};

// Puts an answer together from what arrives. Bounded: 64 KiB of head, 16 MiB of body.
class HttpReader {
  public:
    // The answer once it is whole, nothing while more must come; ErrorKind::malformed for what is no answer.
    [[nodiscard]] base::Result<std::optional<HttpAnswer>> take(std::string_view bytes);
    // The connection has ended: the answer, if that makes it whole.
    [[nodiscard]] base::Result<HttpAnswer> end();

  private:
    [[nodiscard]] base::Result<void> read_head(std::string_view head);
    [[nodiscard]] base::Result<void> read_field(std::string_view line);

    std::string bytes_; // of the head, then of the body
    bool in_body_ = false;
    int status_ = 0;
    std::optional<std::size_t> length_; // of the body; nothing: to the end of the connection
};

} // namespace portside::supervisors
