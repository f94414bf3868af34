// SPDX-License-Identifier: MIT
#include "app/overlay/overlay.h"

#include "app/desktop/instance.h"
#include "app/overlay/code_points.h"
#include "app/overlay/wake_relay.h"
#include "app/session/commands_work.h"
#include "app/session/session.h"
#include "app/session/settings.h"
#include "app/shell/window.h"
#include "app/ui/draw.h"
#include "core/base/file.h"

#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <imgui.h>
#include <malloc.h>
#include <unistd.h>

namespace portside::overlay {

namespace {

using SteadyClock = std::chrono::steady_clock;

// What a scan may read: some hundredths of a second's worth. On a machine with more than that, rows show before their
// owners do.
constexpr std::size_t kDescriptorsPerScan = 16 * 1024;

// A frame without rows, or with those of yesterday, is not worth showing, and a slow scan is not worth waiting for.
constexpr std::chrono::milliseconds kFirstScan{150};
// Until everything has been made that a start makes: what it only needed meanwhile is given back to the system then.
constexpr std::uint64_t kStartFrames = 3;

// `portside` itself, which an administrator's "Who holds it?" runs: beside us, or in bin/ of the same installation.
std::string command_line_program() {
    const auto self = base::read_link(AT_FDCWD, "/proc/self/exe").value_or("");
    const auto folder = self.substr(0, self.rfind('/'));
    for (const auto& program : {folder + "/portside", folder + "/" PORTSIDE_BIN_FROM_LIBEXEC "/portside"}) {
        if (::access(program.c_str(), X_OK) == 0) {
            return program;
        }
    }
    return PORTSIDE_BIN "/portside";
}

commands::Options work_options(const Options& options, const session::Settings& settings, WakeRelay& relay) {
    commands::Options work;
    work.scanner = options.scanner;
    work.scanner.descriptors_per_scan = kDescriptorsPerScan;
    work.interval = settings.refresh;
    work.program = command_line_program();
    work.kill_log = commands::kill_log_path();
    work.wake = [&relay] { relay.wake(); };
    return work;
}

// A file of ours: its defaults where there is none, and a sentence where it cannot be used.
template <typename T>
T load(const std::string& path, base::Result<T> (*parse)(std::string_view), std::string& complaint) {
    const auto text = base::read_file(AT_FDCWD, path.c_str(), 1U << 20);
    if (!text) {
        if (text.error().kind != base::ErrorKind::not_found) {
            complaint = text.error().what + "; the defaults apply.";
        }
        return {};
    }
    auto parsed = parse(*text);
    if (!parsed) {
        complaint = fmt::format("{}, {}; the defaults apply.", path, parsed.error().what);
        return {};
    }
    return std::move(*parsed);
}

class Overlay {
  public:
    Overlay(const Options& options, WakeRelay& relay, desktop::Instance* instance)
        : relay_(relay), instance_(instance),
          settings_(load(session::settings_path(), session::parse_settings, settings_complaint_)),
          window_state_(load(session::window_state_path(), session::parse_window_state, state_complaint_)),
          commands_(work_options(options, settings_, relay_)), work_(commands_),
          session_(work_, settings_, window_state_, options.scanner.include_bound, ::geteuid()) {
        look_.theme = settings_.theme == session::ThemeChoice::light ? ui::light_theme() : ui::dark_theme();
        state_.columns = window_state_.columns;
    }
    ~Overlay() { relay_.connect({}); }
    Overlay(const Overlay&) = delete;
    Overlay& operator=(const Overlay&) = delete;

    // `complaint`: something to tell at the start, or empty.
    int run(const std::string& complaint) {
        shell::WindowOptions window_options;
        window_options.background = look_.theme.background;
        auto opened = shell::Window::open(window_options);
        if (!opened) {
            fmt::print(stderr, "portside: {}\n", opened.error().what);
            return 1;
        }
        window_ = std::move(*opened);
        relay_.connect(window_->waker());
        relay_.wait_for(kFirstScan,
                        [this] { return commands_.report().snapshot || !commands_.report().error.empty(); });
        session_.refresh(SteadyClock::now());
        for (const auto& text : {settings_complaint_, state_complaint_, complaint}) {
            if (!text.empty()) {
                session_.add_notice(ui::Notice::Tone::bad, text);
            }
        }
        while (!session_.finished()) {
            round();
        }
        save_state();
        return 0;
    }

  private:
    void round() {
        auto deadline = next_frame_;
        if (const auto due = session_.next_refresh(); due && (!deadline || *due < *deadline)) {
            deadline = due;
        }
        const bool draw = window_->wait(deadline);
        take_orders();
        if (window_->visible() == hidden_since_.has_value()) {
            follow_visibility();
        }
        session_.refresh(SteadyClock::now());
        if (window_->take_close_request()) {
            carry_out({ui::Quit{}});
        }
        if (draw && window_->visible() && !session_.finished()) {
            frame();
        }
    }

    // Of other starts of Portside, and of the desktop.
    void take_orders() {
        for (const auto order : instance_ != nullptr ? instance_->take_orders() : std::vector<desktop::Order>{}) {
            switch (order) {
            case desktop::Order::show:
                window_->show();
                break;
            case desktop::Order::toggle:
                window_->visible() ? window_->hide() : window_->show();
                break;
            case desktop::Order::rescan:
                carry_out({ui::Rescan{}});
                break;
            case desktop::Order::quit:
                carry_out({ui::Quit{}});
                if (!session_.finished()) {
                    window_->show(); // it asks first: kills are under way
                }
                break;
            }
        }
    }

    // Nobody looks at a hidden window: nothing is scanned but what a kill under way asks for. What is seen first when
    // it comes back is what is there now.
    void follow_visibility() {
        commands_.set_paused(!window_->visible());
        if (!window_->visible()) {
            hidden_since_ = SteadyClock::now();
            session_.hide();
            return;
        }
        const auto request = commands_.request_scan();
        relay_.wait_for(kFirstScan, [&] { return commands_.report().answered_request >= request; });
        session_.show_missed(*hidden_since_, SteadyClock::now());
        hidden_since_.reset();
    }

    void frame() {
        const auto& snapshot = session_.model().snapshot;
        if (snapshot && snapshot != glyphs_of_) {
            glyphs_of_ = snapshot;
            window_->add_code_points(code_points_of(*snapshot));
        }
        if (state_.filter != glyphs_of_filter_) { // typed or pasted in the last frame
            glyphs_of_filter_ = state_.filter;
            window_->add_code_points(code_points_of(std::string_view(state_.filter)));
        }
        if (window_->refresh_fonts()) {
            take_fonts();
        }
        window_->begin_frame();
        auto result = ui::draw(session_.model(), state_, look_, window_->keys());
        window_->render(look_.theme.background);
        window_->present();
        next_frame_ = result.next_frame;
        carry_out(result.intents);
        session_.hold_still(result.holds_still);
        if (result.visible) {
            session_.note_visible(std::move(*result.visible));
        }
        if (window_->frames() == kStartFrames) {
            ::malloc_trim(0);
        }
    }

    void take_fonts() {
        const auto& fonts = window_->fonts();
        look_.text = fonts.text;
        look_.strong = fonts.strong;
        look_.search = fonts.search;
        look_.small = fonts.small;
        look_.mono = fonts.mono;
        look_.scale = window_->scale();
        ui::apply_style(ImGui::GetStyle(), look_.theme, look_.scale);
    }

    void carry_out(const ui::Intents& intents) {
        if (intents.empty()) {
            return;
        }
        session_.handle(intents);
        for (const auto& intent : intents) {
            if (const auto* copy = std::get_if<ui::Copy>(&intent)) {
                window_->copy_text(copy->text);
            }
            if (std::holds_alternative<ui::LayoutChanged>(intent) || std::holds_alternative<ui::SetSort>(intent)) {
                save_state();
            }
        }
        next_frame_ = SteadyClock::now(); // what was asked for shows at once
    }

    void save_state() {
        const session::WindowState state{state_.columns, session_.model().sort};
        if (state == window_state_) {
            return;
        }
        window_state_ = state;
        const auto saved = base::replace_file(session::window_state_path(), session::window_state_text(state));
        if (!saved && !save_complained_) {
            save_complained_ = true;
            session_.add_notice(ui::Notice::Tone::bad,
                                fmt::format("The columns will not be remembered. {}.", saved.error().what));
        }
    }

    WakeRelay& relay_;
    desktop::Instance* const instance_; // null: nobody can find us
    std::string settings_complaint_;
    std::string state_complaint_;
    session::Settings settings_;
    session::WindowState window_state_; // as it is in the file
    commands::Commands commands_;
    session::CommandsWork work_;
    session::Session session_;
    std::unique_ptr<shell::Window> window_;

    ui::Look look_;
    ui::UiState state_;
    snapshot::SnapshotPtr glyphs_of_; // whose characters the fonts were asked for
    std::string glyphs_of_filter_;    // and of what was typed
    std::optional<ui::SteadyTime> next_frame_;
    std::optional<ui::SteadyTime> hidden_since_; // nothing: the window is seen
    bool save_complained_ = false;
};

} // namespace

int run(const Options& options) {
    WakeRelay relay; // outlives whatever wakes
    const auto order = options.toggle ? desktop::Order::toggle : desktop::Order::show;
    const auto claim = desktop::Instance::claim(order, [&relay] { relay.wake(); });
    if (std::holds_alternative<desktop::PassedOn>(claim)) {
        return 0;
    }
    if (const auto* unanswered = std::get_if<desktop::Unanswered>(&claim)) {
        fmt::print(stderr, "portside: {}\n", unanswered->sentence);
        return 1;
    }
    const auto* instance = std::get_if<std::unique_ptr<desktop::Instance>>(&claim);
    const auto* unreachable = std::get_if<desktop::Unreachable>(&claim);
    return Overlay(options, relay, instance != nullptr ? instance->get() : nullptr)
        .run(unreachable != nullptr ? unreachable->sentence : std::string());
}

} // namespace portside::overlay
