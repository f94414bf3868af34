// SPDX-License-Identifier: MIT
// core/supervisors/http: an answer in any pieces, and everything that is none.
#include "core/supervisors/http.h"

#include <doctest/doctest.h>

using portside::base::ErrorKind;
using portside::supervisors::http_request;
using portside::supervisors::HttpAnswer;
using portside::supervisors::HttpReader;

namespace {

const std::string kAnswer = "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\ncontent-length: 5\r\n\r\n[1,2]";

bool refused(const std::string& bytes) {
    HttpReader reader;
    const auto taken = reader.take(bytes);
    if (!taken) {
        return taken.error().kind == ErrorKind::malformed && !taken.error().what.empty();
    }
    return !*taken && !reader.end();
}

} // namespace

TEST_CASE("http - a request is one of HTTP 1.0") {
    CHECK(http_request("GET", "/containers/json").starts_with("GET /containers/json HTTP/1.0\r\nHost: "));
    CHECK(http_request("POST", "/x").ends_with("\r\n\r\n"));
}

TEST_CASE("http - an answer is whole when its length has come however it is cut") {
    for (std::size_t cut = 0; cut < kAnswer.size(); ++cut) {
        HttpReader reader;
        const auto first = reader.take(std::string_view(kAnswer).substr(0, cut));
        REQUIRE(first.has_value());
        CHECK_FALSE(first->has_value());
        const auto rest = reader.take(std::string_view(kAnswer).substr(cut));
        REQUIRE(rest.has_value());
        REQUIRE(rest->has_value());
        CHECK((*rest)->status == 200);
        CHECK((*rest)->body == "[1,2]");
    }
}

TEST_CASE("http - without a length the end of the connection is the end") {
    HttpReader reader;
    REQUIRE(reader.take("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[").has_value());
    REQUIRE(reader.take("]").has_value());
    const auto answer = reader.end();
    REQUIRE(answer.has_value());
    CHECK(answer->body == "[]");
}

TEST_CASE("http - an answer without content needs no end") {
    for (const char* const head : {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nA: b\r\n\r\n"}) {
        HttpReader reader;
        const auto answer = reader.take(head);
        REQUIRE(answer.has_value());
        REQUIRE(answer->has_value());
        CHECK((*answer)->body.empty());
    }
}

TEST_CASE("http - what is cut off is refused") {
    for (std::size_t cut = 0; cut < kAnswer.size(); ++cut) {
        CHECK(refused(kAnswer.substr(0, cut)));
    }
}

TEST_CASE("http - what is no answer is refused") {
    CHECK(refused("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
    CHECK(refused("HTTP/2 200 OK\r\n\r\n"));
    CHECK(refused("HTTP/1.0 2x0 OK\r\n\r\n"));
    CHECK(refused("HTTP/1.0 2000 OK\r\n\r\n"));
    CHECK(refused("HTTP/1.0 100 Continue\r\n\r\n"));
    CHECK(refused("HTTP/1.0 200 OK\r\nno colon\r\n\r\n"));
    CHECK(refused("HTTP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n"));
    CHECK(refused("HTTP/1.0 200 OK\r\nContent-Length: 1 2\r\n\r\n"));
    CHECK(refused("HTTP/1.0 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n"));
    CHECK(refused("HTTP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n"));
    CHECK(refused("HTTP/1.0 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"));
    CHECK(refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
}

TEST_CASE("http - a head or a body without end is refused") {
    HttpReader head;
    bool head_refused = false;
    for (int i = 0; i < 100 && !head_refused; ++i) {
        head_refused = !head.take("HTTP/1.0 200 OK\r\nX: " + std::string(4096, 'x'));
    }
    CHECK(head_refused);
    HttpReader body;
    REQUIRE(body.take("HTTP/1.0 200 OK\r\n\r\n").has_value());
    bool body_refused = false;
    for (int i = 0; i < 40 && !body_refused; ++i) {
        body_refused = !body.take(std::string(1 << 20, 'x'));
    }
    CHECK(body_refused);
}
