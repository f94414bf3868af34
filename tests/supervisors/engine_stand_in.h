// SPDX-License-Identifier: MIT
// A stand-in for Docker's socket: answers HTTP as the test says. The test's thread makes it; it has one thread of its
// own.
#pragma once

#include "core/base/unique_fd.h"

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace portside::tests {

class EngineStandIn {
  public:
    // Gets the request's head and may send what it likes; the connection is closed after that. Runs on the stand-in's
    // thread.
    using Answer = std::function<void(const std::string& request, int connection)>;
    EngineStandIn(const std::string& path, Answer answer);
    ~EngineStandIn();
    EngineStandIn(const EngineStandIn&) = delete;
    EngineStandIn& operator=(const EngineStandIn&) = delete;
    // The first lines of all requests so far.
    [[nodiscard]] std::vector<std::string> requests() const;

  private:
    void run();

    Answer answer_;
    base::UniqueFd listener_;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_; // guarded by mutex_
    std::thread thread_;                // last
};

// Sends all of it; false when the other side has gone.
bool send_all(int connection, const std::string& bytes);
// A whole answer with its length.
[[nodiscard]] std::string http_answer(const std::string& status, const std::string& body);
// One container as GET /containers/json lists it.
[[nodiscard]] std::string container_json(const std::string& id, const std::string& name, const std::string& address,
                                         const std::string& host_port);

inline const std::string kWebId = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
inline const std::string kOtherId = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

} // namespace portside::tests
