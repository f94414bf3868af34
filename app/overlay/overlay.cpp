// SPDX-License-Identifier: MIT
#include "app/overlay/overlay.h"

#include "app/desktop/instance.h"
#include "app/overlay/desktop_link.h"
#include "app/overlay/drawn_glyphs.h"
#include "app/overlay/own_files.h"
#include "app/overlay/preferences.h"
#include "app/overlay/wake_relay.h"
#include "app/session/commands_work.h"
#include "app/session/session.h"
#include "app/session/settings.h"
#include "app/shell/window.h"
#include "app/ui/draw.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <imgui.h>
#include <malloc.h>
#include <unistd.h>
#include <utility>

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

commands::Options work_options(const Options& options, const session::Settings& settings, WakeRelay& relay) {
    commands::Options work;
    work.scanner = options.scanner;
    work.scanner.descriptors_per_scan = kDescriptorsPerScan;
    work.scanner.busy_processors = 1; // the window's: it has more to do at a start than the first scan
    work.interval = settings.refresh;
    work.paused = true; // until the window is being made
    work.program = command_line_program();
    work.kill_log = commands::kill_log_path();
    work.wake = [&relay] { relay.wake(); };
    return work;
}

class Overlay {
  public:
    Overlay(const Options& options, WakeRelay& relay, desktop::Instance* instance)
        : relay_(relay), desktop_(instance), settings_(load_settings(settings_complaint_)), preferences_(settings_),
          theme_(settings_.theme), kept_(state_complaint_), commands_(work_options(options, settings_, relay_)),
          work_(commands_), session_(work_, settings_, kept_.state(), options.scanner.include_bound, beholder_.uid,
                                     load_port_book(book_complaint_), beholder_.first_person) {
        state_.columns = kept_.state().columns;
        state_.lines.set_grouping(kept_.state().grouping);
        state_.owners_told = kept_.state().owners_told;
    }
    ~Overlay() { relay_.connect({}); }
    Overlay(const Overlay&) = delete;
    Overlay& operator=(const Overlay&) = delete;

    // `complaint`: something to tell at the start, or empty.
    int run(shell::ReachedDisplay display, const std::string& complaint, bool start_hidden) {
        shell::WindowOptions window_options;
        hidden_ = start_hidden && desktop_.way_back() != session::WayBack::none;
        window_options.hidden = hidden_;
        window_options.places = kept_.state().places;
        set_up(window_options, settings_);
        set_theme(desktop_.is_light(theme_));
        window_options.background = look_.theme.background;
        window_options.beside = [this] { commands_.set_paused(false); };
        auto opened = shell::Window::open(std::move(display), window_options);
        if (!opened) {
            fmt::print(stderr, "portside: {}\n", opened.error().what);
            return 1;
        }
        window_ = std::move(*opened);
        relay_.connect(window_->waker());
        relay_.wake(); // an order may have come before; a hidden window draws no frame that would find it
        note_window();
        relay_.wait_for(kFirstScan,
                        [this] { return commands_.report().snapshot || !commands_.report().error.empty(); });
        session_.refresh(SteadyClock::now());
        for (const auto& text : {settings_complaint_, state_complaint_, book_complaint_, complaint}) {
            complain(text);
        }
        while (!session_.finished()) {
            round();
        }
        window_->hide(); // at once, and where it is is noted
        save_state();
        return 0;
    }

  private:
    void round() {
        auto deadline = next_frame_;
        if (const auto due = session_.next_refresh(); due && (!deadline || *due < *deadline)) {
            deadline = due;
        }
        if (const auto due = window_->place_due(); due && (!deadline || *due < *deadline)) {
            deadline = due;
        }
        const bool draw = window_->wait(deadline);
        window_->note_place();
        take_orders();
        follow_desktop();
        follow_visibility();
        session_.refresh(SteadyClock::now());
        if (window_->take_close_request()) {
            carry_out({ui::Hide{}});
        }
        desktop_.tell(commands_.report(), window_->visible());
        if (draw && window_->visible() && !session_.finished()) {
            frame();
        }
        if (window_->places() != kept_.state().places) { // also where it was hidden just now: nothing may wake us soon
            save_state();
        }
    }

    void set_theme(bool light) {
        light_ = light;
        look_.theme = light ? ui::light_theme() : ui::dark_theme();
    }

    // The colours that it prefers now, and whether a hidden window could be brought back: one that could not is shown.
    void follow_desktop() {
        if (const bool light = desktop_.is_light(theme_); light != light_) {
            set_theme(light);
            ui::apply_style(ImGui::GetStyle(), look_.theme, look_.scale);
        }
        session_.set_way_back(desktop_.way_back());
        if (hidden_ && session_.model().leaving == ui::Leaving::quits) {
            show();
        }
    }

    // Of other starts of Portside, of the desktop and of the tray.
    void take_orders() {
        for (const auto order : desktop_.take_orders()) {
            switch (order) {
            case desktop::Order::show:
                show();
                break;
            case desktop::Order::hide:
                hide();
                break;
            case desktop::Order::toggle:
                window_->visible() ? hide() : show();
                break;
            case desktop::Order::rescan:
                carry_out({ui::Rescan{}});
                break;
            case desktop::Order::quit:
                carry_out({ui::Quit{}});
                if (!session_.finished()) {
                    show(); // it asks first: kills are under way
                }
                break;
            }
        }
    }

    void show() {
        window_->show();
        hidden_ = false;
    }
    void hide() {
        window_->hide();
        hidden_ = true;
        follow_visibility(); // nothing may wake us for a long time
        desktop_.tell(commands_.report(), false);
    }

    // Nobody looks at a hidden window: nothing is scanned but what a kill under way asks for. What is seen first when
    // it comes back is what is there now.
    void follow_visibility() {
        if (window_->visible() != hidden_since_.has_value()) {
            return; // as before
        }
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
        if (const auto news = glyphs_.news(session_.model(), state_); !news.empty()) {
            window_->add_code_points(news);
        }
        if (window_->refresh_fonts()) {
            take_fonts();
        }
        window_->begin_frame();
        auto result = ui::draw(session_.model(), state_, look_, window_->keys());
        window_->render(look_.theme.background);
        window_->present();
        next_frame_ = result.next_frame;
        if (result.grip == ui::WindowGrip::move) {
            window_->start_move();
        } else if (result.grip == ui::WindowGrip::maximise) {
            window_->toggle_maximised();
        }
        if (std::exchange(settings_were_open_, state_.settings_open) != state_.settings_open) {
            note_window(); // whether a compositor runs may have changed since
            next_frame_ = SteadyClock::now();
        }
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
            if (std::holds_alternative<ui::LayoutChanged>(intent) || std::holds_alternative<ui::SetSort>(intent) ||
                std::holds_alternative<ui::SetView>(intent)) {
                save_state();
            }
            if (const auto* note = std::get_if<ui::SetPortNote>(&intent)) {
                complain(keep_note(note->port, note->note));
            }
            if (const auto* wanted = std::get_if<ui::SetPreferences>(&intent)) {
                take_preferences(*wanted);
            }
        }
        if (session_.take_hide()) {
            hide();
        }
        next_frame_ = SteadyClock::now(); // what was asked for shows at once
    }

    void take_preferences(const ui::SetPreferences& wanted) {
        theme_ = wanted.preferences.theme;
        follow_desktop();
        complain(preferences_.carry_out(wanted, *window_));
        session_.note_autostart(wanted.settled ? preferences_.autostart() : wanted.preferences.autostart);
        note_window();
    }

    void note_window() {
        const auto abilities = window_->abilities();
        // The frame that GLFW draws on Wayland has no button to close it.
        session_.note_window(limits_of(abilities, desktop_.way_back() != session::WayBack::none),
                             window_->frameless() || !abilities.frameless);
    }

    void complain(const std::string& sentence) {
        if (!sentence.empty()) {
            session_.add_notice(ui::Notice::Tone::bad, sentence);
        }
    }

    void save_state() {
        const auto& model = session_.model();
        complain(kept_.keep(
            {window_->places(), state_.columns, model.sort, model.view, state_.lines.grouping(), state_.owners_told}));
    }

    WakeRelay& relay_;
    DesktopLink desktop_;
    std::string settings_complaint_;
    std::string state_complaint_;
    std::string book_complaint_;
    snapshot::Beholder beholder_ = snapshot::this_beholder();
    session::Settings settings_; // as they were at the start
    PreferenceKeeper preferences_;
    session::ThemeChoice theme_;
    KeptArrangement kept_;
    commands::Commands commands_;
    session::CommandsWork work_;
    session::Session session_;
    std::unique_ptr<shell::Window> window_;

    ui::Look look_;
    bool light_ = false;  // the theme
    bool hidden_ = false; // by us; iconified windows have their own place in a task bar
    ui::UiState state_;
    DrawnGlyphs glyphs_;
    std::optional<ui::SteadyTime> next_frame_;
    std::optional<ui::SteadyTime> hidden_since_; // nothing: the window is seen
    bool settings_were_open_ = false;            // in the last frame
};

} // namespace

int run(const Options& options) {
    WakeRelay relay; // outlives whatever wakes
    // A start that is to be hidden leaves one that runs as it is, but for a rescan.
    const auto order = options.toggle         ? desktop::Order::toggle
                       : options.start_hidden ? desktop::Order::rescan
                                              : desktop::Order::show;
    const auto claim = desktop::Instance::claim(order, [&relay] { relay.wake(); });
    if (std::holds_alternative<desktop::PassedOn>(claim)) {
        return 0;
    }
    if (const auto* unanswered = std::get_if<desktop::Unanswered>(&claim)) {
        fmt::print(stderr, "portside: {}\n", unanswered->sentence);
        return 1;
    }
    const auto* instance = std::get_if<std::unique_ptr<desktop::Instance>>(&claim);
    auto display = shell::ReachedDisplay::reach(); // before the first thread
    if (!display) {
        fmt::print(stderr, "portside: {}\n", display.error().what);
        return 1;
    }
    if (instance != nullptr) {
        (*instance)->serve();
    }
    const auto* unreachable = std::get_if<desktop::Unreachable>(&claim);
    std::string complaint = unreachable != nullptr ? unreachable->sentence : std::string();
    if (options.start_hidden && !complaint.empty()) {
        complaint += " So the window is shown, though it was to start hidden.";
    }
    return Overlay(options, relay, instance != nullptr ? instance->get() : nullptr)
        .run(std::move(*display), complaint, options.start_hidden);
}

} // namespace portside::overlay
