// SPDX-License-Identifier: MIT
// Programs that run other programs, and how their command lines name what they run. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace portside::platform {

// Words in one text, separated by blanks; letters of short options in one text.
struct Interpreter {
    std::string_view names{};            // base names without their version: "python" stands for python3.11 too
    std::string_view letters_value{};    // take a value: the rest of the word, or the next word
    std::string_view letters_attached{}; // take the rest of the word, never the next one
    std::string_view letters_code{};     // their value is program text: there is no script
    std::string_view letters_run{};      // their value is what runs: a module, a file
    std::string_view words_value{};      // options, as a whole word, whose value is the next word
    std::string_view words_code{};
    std::string_view words_run{};
    std::string_view commands{};       // first words before the script: "run" of deno
    std::string_view other_commands{}; // first words that run no script of their own
};

// By an executable's base name, with or without a version; null for a program that is no interpreter.
[[nodiscard]] const Interpreter* find_interpreter(std::string_view program);

// What the interpreter runs, as its arguments (without argv[0]) name it: a path, a module or a class. Nothing for
// program text, standard input or no script. A view into `arguments`.
[[nodiscard]] std::optional<std::string_view> script_of(const Interpreter& interpreter,
                                                        std::span<const std::string> arguments);

} // namespace portside::platform
