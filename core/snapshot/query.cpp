// SPDX-License-Identifier: MIT
// The filter language: reading it. Pure; any thread. What a term matches is in query_match.cpp.
#include "core/snapshot/query.h"

#include "core/base/parse.h"
#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>

namespace portside::snapshot {

namespace {

constexpr std::size_t kMostQueryBytes = 1024;
constexpr std::size_t kMostTerms = 64;
constexpr std::uint64_t kHighestPort = std::numeric_limits<std::uint16_t>::max();
constexpr std::string_view kBlank = " \t\n\r\v\f";
constexpr std::string_view kDigits = "0123456789";

bool all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of(kDigits) == std::string_view::npos;
}

// The term as typed, short and safe enough to be repeated in a sentence.
std::string quoted(std::string_view word) {
    return base::sanitise(word, 40);
}

base::Error mistake(std::string_view word, std::string_view what) {
    return {base::ErrorKind::malformed, 0, fmt::format("{}: {}", quoted(word), what)};
}

} // namespace

// One word of the query on its way to a term. `word` is what was typed, for sentences.
struct Query::Parser {
    std::string_view word;
    Term term;

    [[nodiscard]] ParsedTerm done() const { return term; }
    [[nodiscard]] static ParsedTerm still_typing() { return std::optional<Term>{}; }

    // A leading "-" excludes; one behind it belongs to the word, so that "--inspect" leaves out "-inspect".
    [[nodiscard]] ParsedTerm parse() {
        term.negated = word.front() == '-';
        return parse_rest(term.negated ? word.substr(1) : word);
    }

    [[nodiscard]] ParsedTerm parse_rest(std::string_view rest) {
        if (rest.empty() || rest == "-") {
            return still_typing();
        }
        const auto colon = rest.find(':');
        if (colon == std::string_view::npos) {
            return parse_bare(rest);
        }
        const std::string prefix = base::to_lower_ascii(rest.substr(0, colon));
        const std::string_view value = rest.substr(colon + 1);
        if (prefix == "not") { // excluding twice ("-not:x") excludes, too
            term.negated = true;
            return parse_rest(value);
        }
        static constexpr std::array<std::string_view, 10> kPrefixes{"port", "pid",  "user",    "proto", "addr",
                                                                    "name", "unit", "project", "label", "is"};
        const bool known = std::find(kPrefixes.begin(), kPrefixes.end(), prefix) != kPrefixes.end();
        const bool short_port = prefix.empty() && (value.empty() || is_port_shaped(value)); // ":3000"
        if (!known && !short_port) {
            return parse_text(Field::text, rest); // "http://x" is a word like any other
        }
        return value.empty() ? still_typing() : parse_field(prefix, value);
    }

    [[nodiscard]] ParsedTerm parse_field(std::string_view prefix, std::string_view value) {
        if (prefix == "pid") {
            return parse_pid(value);
        }
        if (prefix == "proto") {
            return parse_protocol(value);
        }
        if (prefix == "user") {
            return parse_text(Field::user, value);
        }
        if (prefix == "addr") {
            return parse_text(Field::address, value);
        }
        if (prefix == "name") {
            return parse_text(Field::name, value);
        }
        if (prefix == "unit") {
            return parse_text(Field::unit, value);
        }
        if (prefix == "project") {
            return parse_text(Field::project, value);
        }
        if (prefix == "label") {
            return parse_text(Field::label, value);
        }
        if (prefix == "is") {
            return parse_tag(value);
        }
        if (!is_port_shaped(value)) {
            return failed(mistake(word, "write a port or a range, as in port:3000 or port:3000-3999."));
        }
        return parse_ports(value, true);
    }

    [[nodiscard]] ParsedTerm parse_bare(std::string_view text) {
        return is_port_shaped(text) ? parse_ports(text, false) : parse_text(Field::text, text);
    }

    // Digits, or digits and a dash, or digits, a dash and digits.
    [[nodiscard]] static bool is_port_shaped(std::string_view text) {
        const auto dash = text.find('-');
        return all_digits(text.substr(0, dash)) &&
               (dash == std::string_view::npos || dash + 1 == text.size() || all_digits(text.substr(dash + 1)));
    }

    [[nodiscard]] ParsedTerm parse_ports(std::string_view text, bool exactly) {
        const auto dash = text.find('-');
        const auto first = base::parse_number<std::uint16_t>(text.substr(0, dash));
        const bool open = dash != std::string_view::npos && dash + 1 == text.size();
        const auto last =
            dash == std::string_view::npos || open ? first : base::parse_number<std::uint16_t>(text.substr(dash + 1));
        if (!first || !last) {
            return failed(mistake(word, fmt::format("ports go from 0 to {}.", kHighestPort)));
        }
        if (open) {
            return still_typing();
        }
        if (*last < *first) {
            return failed(mistake(word, fmt::format("the range runs backwards; write {}-{}.", *last, *first)));
        }
        term.exact = dash == std::string_view::npos;
        term.field = term.exact && !exactly ? Field::port_prefix : Field::port_range;
        term.text = text;
        term.first_port = *first;
        term.last_port = *last;
        return done();
    }

    [[nodiscard]] ParsedTerm parse_pid(std::string_view value) {
        const auto pid = base::parse_number<pid_t>(value);
        if (!pid) {
            return failed(mistake(word, "write the process's number, as in pid:1234."));
        }
        term.field = Field::pid;
        term.number = static_cast<std::uint64_t>(*pid);
        return done();
    }

    [[nodiscard]] ParsedTerm parse_protocol(std::string_view value) {
        const std::string text = base::to_lower_ascii(value);
        const std::string_view name = std::string_view(text).substr(0, 3);
        const std::string_view version = std::string_view(text).substr(name.size());
        const bool tcp = std::string_view("tcp").starts_with(name);
        const bool udp = std::string_view("udp").starts_with(name);
        if ((!tcp && !udp) || (!version.empty() && version != "4" && version != "6")) {
            return failed(mistake(word, "write tcp, udp, tcp4, tcp6, udp4 or udp6."));
        }
        term.field = Field::protocol;
        term.protocol = tcp ? platform::Protocol::tcp : platform::Protocol::udp;
        if (!version.empty()) {
            term.family = version == "4" ? platform::Family::ipv4 : platform::Family::ipv6;
        }
        return done();
    }

    // The beginning of a word is still being typed.
    [[nodiscard]] ParsedTerm parse_tag(std::string_view value) {
        struct Tag {
            std::string_view word;
            TagBits bit;
        };
        static constexpr std::array<Tag, 8> kTags{{{"mine", kTagMine},
                                                   {"dev", kTagDevServer},
                                                   {"db", kTagDatabase},
                                                   {"database", kTagDatabase},
                                                   {"exposed", kTagExposed},
                                                   {"favourite", kTagFavourite},
                                                   {"favorite", kTagFavourite},
                                                   {"system", kTagSystem}}};
        const std::string text = base::to_lower_ascii(value);
        const auto* const found = std::ranges::find(kTags, text, &Tag::word);
        if (found != kTags.end()) {
            term.field = Field::tag;
            term.tag = found->bit;
            return done();
        }
        if (std::ranges::any_of(kTags, [&](const Tag& tag) { return tag.word.starts_with(text); })) {
            return still_typing();
        }
        return failed(mistake(word, "write is:mine, is:dev, is:db, is:exposed, is:favourite or is:system."));
    }

    [[nodiscard]] ParsedTerm parse_text(Field field, std::string_view value) {
        term.field = field;
        term.text = base::to_lower_ascii(value);
        const auto number = base::parse_decimal(value);
        term.numeric = number.has_value();
        term.number = number.value_or(0);
        return done();
    }
};

base::Result<Query> Query::parse(std::string_view text) {
    const auto too_long = [] {
        return base::failed(
            base::ErrorKind::malformed,
            fmt::format("The filter is too long: at most {} terms and {} bytes.", kMostTerms, kMostQueryBytes));
    };
    if (text.size() > kMostQueryBytes) {
        return too_long();
    }
    Query query;
    for (auto start = text.find_first_not_of(kBlank); start != std::string_view::npos;) {
        const auto end = std::min(text.find_first_of(kBlank, start), text.size());
        auto term = Parser{text.substr(start, end - start), Term{}}.parse();
        if (!term) {
            return base::failed(std::move(term.error()));
        }
        if (*term) {
            query.terms_.push_back(std::move(**term));
        }
        if (query.terms_.size() > kMostTerms) {
            return too_long();
        }
        start = text.find_first_not_of(kBlank, end);
    }
    return query;
}

std::optional<std::uint16_t> Query::exact_port() const {
    std::optional<std::uint16_t> port;
    for (const auto& term : terms_) {
        if (!term.exact || term.negated) {
            continue;
        }
        if (port && *port != term.first_port) {
            return std::nullopt; // two ports at once: no row can match
        }
        port = term.first_port;
    }
    return port;
}

} // namespace portside::snapshot
