// SPDX-License-Identifier: MIT
// Asks every socket of one engine which containers run. One object belongs to one thread.
#pragma once

#include "core/supervisors/container_list.h"
#include "core/supervisors/http_exchange.h"
#include "core/supervisors/places.h"

#include <optional>
#include <string>
#include <vector>

namespace portside::supervisors {

// The request, and what its answer holds.
[[nodiscard]] std::string list_request();
[[nodiscard]] base::Result<std::vector<ListedContainer>> containers_of(const HttpAnswer& answer);

// Phase::looked_up when every socket was asked; one that is not there, not for us or that talks nonsense tells of no
// container. There is nothing to stop.
class ContainerListTalk final : public Talk {
  public:
    ContainerListTalk(platform::Engine engine, const Places& places);

    void proceed() override;
    [[nodiscard]] Wait wait() const override;
    void stop() override {}
    [[nodiscard]] const std::vector<ListedContainer>& containers() const { return containers_; }

  private:
    void take_in(std::vector<ListedContainer> listed);

    std::vector<std::string> sockets_;
    std::chrono::milliseconds answer_limit_;
    std::size_t next_ = 0;
    std::optional<HttpExchange> exchange_;
    std::vector<ListedContainer> containers_; // of all sockets that answered, each once
};

} // namespace portside::supervisors
