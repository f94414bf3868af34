// SPDX-License-Identifier: MIT
// RFC 1945 (HTTP/1.0), with the status line of 1.1 too: servers answer with their own version. Pure; any thread.
#include "core/supervisors/http.h"

#include "core/base/parse.h"
#include "core/base/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace portside::supervisors {

namespace {

constexpr std::size_t kMostHead = 64U << 10;
constexpr std::size_t kMostBody = 16U << 20;
constexpr std::string_view kHeadEnd = "\r\n\r\n";

tl::unexpected<base::Error> malformed(std::string_view what) {
    return base::failed(base::ErrorKind::malformed, fmt::format("The answer could not be understood: {}.", what));
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

} // namespace

std::string http_request(std::string_view method, std::string_view path) {
    return fmt::format("{} {} HTTP/1.0\r\nHost: localhost\r\nUser-Agent: portside\r\nContent-Length: 0\r\n\r\n", method,
                       path);
}

base::Result<void> HttpReader::read_field(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
        return malformed("a header line without a name");
    }
    const auto name = base::to_lower_ascii(line.substr(0, colon));
    const auto words = base::split_words(line.substr(colon + 1));
    if (name == "transfer-encoding") {
        return malformed("it is sent in chunks, which HTTP/1.0 does not have");
    }
    if (name == "content-length") {
        const auto length = words.size() == 1 ? base::parse_number<std::size_t>(words[0]) : std::nullopt;
        if (!length || (length_ && *length_ != *length)) {
            return malformed("its length is no number");
        }
        if (*length > kMostBody) {
            return malformed("it is too long");
        }
        length_ = length;
    }
    return {};
}

base::Result<void> HttpReader::read_head(std::string_view head) {
    const auto first = head.substr(0, head.find("\r\n"));
    // "HTTP/1.1 204 No Content"
    const bool version = first.starts_with("HTTP/1.0 ") || first.starts_with("HTTP/1.1 ");
    const auto code = version && first.size() >= 12 ? base::parse_number<int>(first.substr(9, 3)) : std::nullopt;
    if (!code || *code < 200 || *code > 599 || (first.size() > 12 && first[12] != ' ')) {
        return malformed("it does not begin as HTTP");
    }
    status_ = *code;
    for (auto rest = head.substr(first.size()); rest.size() > 2;) {
        rest.remove_prefix(2);
        const auto line = rest.substr(0, rest.find("\r\n"));
        if (auto read = read_field(line); !read) {
            return read;
        }
        rest.remove_prefix(line.size());
    }
    if (status_ == 204 || status_ == 304) {
        length_ = 0;
    }
    return {};
}

base::Result<std::optional<HttpAnswer>> HttpReader::take(std::string_view bytes) {
    bytes_.append(bytes);
    if (!in_body_) {
        const auto end = bytes_.find(kHeadEnd);
        if (std::min(end, bytes_.size()) > kMostHead) {
            return malformed("its head is too long");
        }
        if (end == std::string::npos) {
            return std::nullopt;
        }
        if (auto read = read_head(std::string_view(bytes_).substr(0, end)); !read) {
            return base::failed(std::move(read.error()));
        }
        bytes_.erase(0, end + kHeadEnd.size());
        in_body_ = true;
    }
    if (length_ && bytes_.size() >= *length_) {
        bytes_.resize(*length_);
        return HttpAnswer{status_, std::move(bytes_)};
    }
    if (bytes_.size() > kMostBody) {
        return malformed("it is too long");
    }
    return std::nullopt;
}

base::Result<HttpAnswer> HttpReader::end() {
    if (!in_body_ || length_) {
        return malformed("it ends in the middle");
    }
    return HttpAnswer{status_, std::move(bytes_)};
}

} // namespace portside::supervisors
