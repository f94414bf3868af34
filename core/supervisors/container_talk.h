// SPDX-License-Identifier: MIT
// The conversation with Docker or Podman about one container: which it is, and then perhaps its end. One object belongs
// to one thread.
#pragma once

#include "core/supervisors/container_list.h"
#include "core/supervisors/http_exchange.h"
#include "core/supervisors/places.h"

#include <optional>
#include <string>
#include <vector>

namespace portside::supervisors {

class ContainerTalk final : public Talk {
  public:
    ContainerTalk(ContainerWish wish, const Places& places);

    void proceed() override;
    [[nodiscard]] Wait wait() const override;
    void stop() override;
    // From Phase::looked_up on: the one that is meant, with its id and name.
    [[nodiscard]] const ListedContainer& container() const { return found_; }

  private:
    void next_socket();
    void listed(base::Result<HttpAnswer> answer);
    void stop_answered(base::Result<HttpAnswer> answer);
    void not_found_anywhere();
    [[nodiscard]] std::string meant() const;

    ContainerWish wish_;
    std::vector<std::string> sockets_;
    std::chrono::milliseconds answer_limit_;
    std::size_t next_ = 0;
    bool reached_ = false;      // some engine listed its containers
    std::string not_permitted_; // a socket that is not for us
    std::string unreached_;     // why another one did not serve
    std::optional<HttpExchange> exchange_;
    ListedContainer found_;
};

// "Docker", "Podman".
[[nodiscard]] const char* engine_text(platform::Engine engine);
// The same as a command for a terminal: "docker stop web".
[[nodiscard]] std::string stop_command(platform::Engine engine, const std::string& name_or_id);

} // namespace portside::supervisors
