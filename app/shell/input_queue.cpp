// SPDX-License-Identifier: MIT
// Input handed on one change a frame. UI thread.
#include "app/shell/input_queue.h"

namespace portside::shell {
namespace {

using Kind = InputEvent::Kind;

// What a frame was told so far.
struct Told {
    bool pointer = false;
    bool button = false;
    bool wheel = false;
    bool text = false;
    bool key = false; // one that has a frame of its own

    [[nodiscard]] bool takes(const InputEvent& event) const {
        if (key || (button && event.kind != Kind::text)) {
            return false;
        }
        switch (event.kind) {
        case Kind::key:
            return !event.own_frame || !(pointer || button || wheel || text);
        case Kind::text:
            return !button;
        case Kind::pointer:
        case Kind::pointer_left:
            return !wheel && !text;
        case Kind::button:
            return !wheel && !text;
        case Kind::wheel:
            return !text;
        case Kind::focus:
            return !(pointer || button || wheel || text);
        }
        return false;
    }

    void add(const InputEvent& event) {
        switch (event.kind) {
        case Kind::key:
            key = key || event.own_frame;
            break;
        case Kind::text:
            text = true;
            break;
        case Kind::pointer:
        case Kind::pointer_left:
            pointer = true;
            break;
        case Kind::button:
            button = true;
            break;
        case Kind::wheel:
            wheel = true;
            break;
        case Kind::focus:
            key = true; // ImGui lets go of every key: nothing may follow in the same frame
            break;
        }
    }
};

} // namespace

void InputQueue::push(const InputEvent& event) {
    if (event.kind == Kind::pointer && !events_.empty() && events_.back().kind == Kind::pointer) {
        events_.back() = event; // a fast mouse reports a thousand positions a second
        return;
    }
    events_.push_back(event);
}

std::vector<InputEvent> InputQueue::take_frame() {
    std::vector<InputEvent> frame;
    Told told;
    while (!events_.empty() && told.takes(events_.front())) {
        told.add(events_.front());
        frame.push_back(events_.front());
        events_.pop_front();
    }
    return frame;
}

} // namespace portside::shell
