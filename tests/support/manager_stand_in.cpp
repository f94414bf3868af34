// SPDX-License-Identifier: MIT
#include "tests/support/manager_stand_in.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace portside::support {

namespace {

constexpr const char* kConfiguration =
    R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
)";

std::string write_configuration(const ScratchFolder& folder) {
    std::string text = kConfiguration;
    text.replace(text.find("%s"), 2, folder.path("bus"));
    const auto path = folder.path("bus.conf");
    std::ofstream(path) << text;
    return path;
}

ManagedProcess parsed(const std::string& text, const std::string& unit) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string name;
        ManagedProcess process;
        if (words >> name >> process.pid >> process.port && name == unit) {
            return process;
        }
    }
    throw std::runtime_error("no process of " + unit + " in: " + text);
}

std::vector<std::string> command_of(std::vector<std::string> program, const std::string& how,
                                    const std::string& where) {
    if (program.empty()) {
        program = {PORTSIDE_BUILD "/tests/test_manager"};
    }
    program.insert(program.end(), {how, where});
    return program;
}

} // namespace

ScratchFolder::ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "portside-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("no folder could be made");
    }
    folder_ = pattern;
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

PrivateBus::PrivateBus(const ScratchFolder& folder)
    : daemon_({{"dbus-daemon", "--nofork", "--print-address", "--config-file=" + write_configuration(folder)}}),
      address_(daemon_.first_line()) {}

ManagerStandIn::ManagerStandIn(const std::string& how, const std::string& where, std::vector<std::string> program)
    : program_({command_of(std::move(program), how, where)}) {
    program_.expect("ready\n");
    const auto& text = program_.output();
    seen_ = text.find("ready\n") + 6;
    for (const char* const unit :
         {"lone.socket", "web.service", "plain.service", "lazy.service", "backup.service", "refused.service",
          "agentless.service", "prompt.service", "slow.service", "failing.service"}) {
        processes_[unit] = parsed(text, unit);
    }
}

ManagedProcess ManagerStandIn::restarted(const std::string& unit) {
    program_.expect(unit + " ");
    const auto at = program_.output().find(unit + " ", seen_);
    if (!wait_until([&] { return program_.output().find('\n', at) != std::string::npos; })) {
        throw std::runtime_error("half a line");
    }
    const auto end = program_.output().find('\n', at) + 1;
    auto process = parsed(program_.output().substr(at, end - at), unit);
    seen_ = end;
    return process;
}

} // namespace portside::support
