// SPDX-License-Identifier: MIT
// The interpreters' own manuals as one table. Pure; any thread.
#include "core/platform/interpreter.h"

#include <algorithm>
#include <array>

namespace portside::platform {

namespace {

constexpr std::array kInterpreters{
    Interpreter{.names = "node nodejs",
                .letters_value = "rC",
                .letters_code = "ep",
                .words_value = "--require --import --loader --experimental-loader --conditions --env-file --title "
                               "--env-file-if-exists --inspect-port --icu-data-dir --openssl-config --diagnostic-dir "
                               "--input-type --unhandled-rejections --watch-path --dns-result-order --disable-warning "
                               "--max-http-header-size --redirect-warnings --trace-event-categories",
                .words_code = "--eval --print -pe",
                .commands = "inspect"},
    Interpreter{.names = "bun",
                .letters_value = "rc",
                .letters_code = "ep",
                .words_value = "--preload --cwd --config --port --env-file --tsconfig-override",
                .words_code = "--eval --print",
                .commands = "run x",
                .other_commands = "install add remove update link build init create upgrade pm repl"},
    Interpreter{.names = "deno",
                .letters_value = "cL",
                .words_value = "--config --import-map --port --host --log-level --cert --location --seed",
                .commands = "run serve test bench",
                .other_commands = "task eval repl lsp fmt lint cache install compile upgrade jupyter check info"},
    Interpreter{.names = "python pypy",
                .letters_value = "WX",
                .letters_code = "c",
                .letters_run = "m",
                .words_value = "--check-hash-based-pycs"},
    Interpreter{.names = "ruby jruby",
                .letters_value = "IrCE",
                .letters_attached = "0FKTWix",
                .letters_code = "e",
                .words_value = "--encoding --external-encoding --internal-encoding"},
    Interpreter{.names = "perl", .letters_value = "I", .letters_attached = "0CDFMVdilmx", .letters_code = "eE"},
    Interpreter{.names = "php",
                .letters_value = "Scdtz",
                .letters_code = "rBRE",
                .letters_run = "fF",
                .words_value = "--server --docroot --php-ini --define --zend-extension",
                .words_code = "--run",
                .words_run = "--file"},
    Interpreter{.names = "lua luajit", .letters_value = "lej", .letters_attached = "O"},
    Interpreter{.names = "java",
                .letters_run = "m",
                .words_value = "-cp -classpath --class-path -p --module-path --add-modules --add-opens --add-exports "
                               "--add-reads --upgrade-module-path --limit-modules --patch-module --source "
                               "--enable-native-access",
                .words_run = "-jar -m --module"},
    Interpreter{.names = "sh bash dash zsh ksh mksh ash",
                .letters_value = "oO",
                .letters_code = "cs",
                .words_value = "--rcfile --init-file"},
    Interpreter{.names = "fish",
                .letters_value = "CdD",
                .letters_code = "c",
                .words_value = "--init-command --debug --debug-output --features",
                .words_code = "--command"},
};

bool has_word(std::string_view words, std::string_view word) {
    for (auto at = words.find(word); at != std::string_view::npos && !word.empty(); at = words.find(word, at + 1)) {
        const auto end = at + word.size();
        if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' ')) {
            return true;
        }
    }
    return false;
}

// What one option makes of the words behind it.
enum class Takes : std::uint8_t { nothing, value, value_inside, code, run, run_inside };

struct Option {
    Takes takes = Takes::nothing;
    std::string_view inside; // of run_inside: what runs
};

// "-Wignore", "-um", "-ec": letters one after another until one takes the rest.
Option read_letters(const Interpreter& interpreter, std::string_view letters) {
    for (std::size_t i = 0; i < letters.size(); ++i) {
        const auto is = [&](std::string_view set) { return set.find(letters[i]) != std::string_view::npos; };
        const std::string_view rest = letters.substr(i + 1);
        if (is(interpreter.letters_code)) {
            return {Takes::code, {}};
        }
        if (is(interpreter.letters_run)) {
            return rest.empty() ? Option{Takes::run, {}} : Option{Takes::run_inside, rest};
        }
        if (is(interpreter.letters_value)) {
            return {rest.empty() ? Takes::value : Takes::value_inside, {}};
        }
        if (is(interpreter.letters_attached)) {
            return {Takes::value_inside, {}};
        }
    }
    return {};
}

Option read_option(const Interpreter& interpreter, std::string_view word) {
    if (has_word(interpreter.words_code, word)) {
        return {Takes::code, {}};
    }
    if (has_word(interpreter.words_run, word)) {
        return {Takes::run, {}};
    }
    if (has_word(interpreter.words_value, word)) {
        return {Takes::value, {}};
    }
    if (const auto equals = word.find('='); word.starts_with("--") && equals != std::string_view::npos) {
        const auto option = word.substr(0, equals);
        if (has_word(interpreter.words_code, option)) {
            return {Takes::code, {}};
        }
        return has_word(interpreter.words_run, option) ? Option{Takes::run_inside, word.substr(equals + 1)} : Option{};
    }
    // Java's options are words with one dash ("-Xmx1g"): it has no letters to put together.
    if (word.starts_with("--") || interpreter.names == "java") {
        return {};
    }
    return read_letters(interpreter, word.substr(1));
}

} // namespace

const Interpreter* find_interpreter(std::string_view program) {
    const auto versionless = program.substr(0, program.find_last_not_of("0123456789.-") + 1);
    const auto found = std::find_if(kInterpreters.begin(), kInterpreters.end(),
                                    [&](const Interpreter& i) { return has_word(i.names, versionless); });
    return found != kInterpreters.end() ? &*found : nullptr;
}

std::optional<std::string_view> script_of(const Interpreter& interpreter, std::span<const std::string> arguments) {
    bool command_possible = true;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view word = arguments[i];
        const bool more = i + 1 < arguments.size();
        if (word == "--") {
            return more ? std::optional<std::string_view>(arguments[i + 1]) : std::nullopt;
        }
        if (word == "-") {
            return std::nullopt; // standard input
        }
        if (word.size() > 1 && (word[0] == '-' || (word[0] == '+' && interpreter.letters_value == "oO"))) {
            const Option option = read_option(interpreter, word);
            if (option.takes == Takes::code) {
                return std::nullopt;
            }
            if (option.takes == Takes::run_inside) {
                return option.inside;
            }
            if (option.takes == Takes::run) {
                return more ? std::optional<std::string_view>(arguments[i + 1]) : std::nullopt;
            }
            i += option.takes == Takes::value ? 1 : 0;
            continue;
        }
        if (command_possible && has_word(interpreter.other_commands, word)) {
            return std::nullopt;
        }
        if (command_possible && has_word(interpreter.commands, word)) {
            command_possible = false;
            continue;
        }
        return word;
    }
    return std::nullopt;
}

} // namespace portside::platform
