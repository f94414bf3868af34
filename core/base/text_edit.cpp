// SPDX-License-Identifier: MIT
// Changes places in a text that somebody else wrote. Pure.
#include "core/base/text_edit.h"

#include <algorithm>

namespace portside::base {

namespace {

bool continues_code_point(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::size_t offset_of(std::string_view text, TextPlace place) {
    std::size_t at = 0;
    for (std::size_t line = 1; line < place.line && at < text.size(); ++line) {
        at = std::min(text.find('\n', at), text.size() - 1) + 1;
    }
    for (std::size_t column = 1; column < place.column && at < text.size(); ++column) {
        do {
            ++at;
        } while (at < text.size() && continues_code_point(text[at]));
    }
    return at;
}

} // namespace

void TextEdit::replace(TextPlace begin, TextPlace end, std::string with) {
    const auto from = offset_of(text_, begin);
    changes_.push_back({from, std::max(from, offset_of(text_, end)), std::move(with)});
}

std::string TextEdit::result() const {
    auto changes = changes_;
    std::ranges::sort(changes, {}, &Change::begin);
    std::string text;
    std::size_t at = 0;
    for (const auto& change : changes) {
        text += text_.substr(at, change.begin - at);
        text += change.with;
        at = change.end;
    }
    text += text_.substr(at);
    for (const auto& line : added_) {
        if (!text.empty() && text.back() != '\n') {
            text += '\n';
        }
        text += line + '\n';
    }
    return text;
}

} // namespace portside::base
