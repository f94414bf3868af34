// SPDX-License-Identifier: MIT
// The name a person would call a process by. Pure; any thread.
//
// Rules, the first that gives a name:
//  1. A program that is no interpreter: its executable's base name. Where the executable may not be read, the base name
//  of
//     the first argument, or the first word of the title that stands there.
//  2. An interpreter whose only argument is a title that the program gave itself ("gunicorn: master [app]"): its first
//  word.
//  3. An interpreter that runs a script, module, jar or main class: that one's base name, with its ending ("app.js"). A
//     tool inside node_modules is called as its users call it: without the ending ("vite"), and by its package where
//     the file's own name says nothing ("react-scripts" for react-scripts/scripts/start.js). Python's __main__.py goes
//     by its folder.
//  4. An interpreter that runs program text, standard input or nothing: the interpreter as it was called ("python3").
//  5. `comm`.
#include "core/platform/interpreter.h"
#include "core/platform/process.h"

#include <algorithm>
#include <array>

namespace portside::platform {

namespace {

constexpr std::string_view kDeleted = " (deleted)";

std::string_view base_name(std::string_view path) {
    while (path.size() > 1 && path.ends_with('/')) {
        path.remove_suffix(1);
    }
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view without_deleted(std::string_view path) {
    if (path.ends_with(kDeleted)) {
        path.remove_suffix(kDeleted.size());
    }
    return path;
}

// "nginx: master process /usr/sbin/nginx" -> "nginx", "[celeryd: x] -active-" -> "celeryd". A path keeps its blanks.
std::string_view first_word(std::string_view title) {
    if (title.starts_with('/')) {
        return base_name(title);
    }
    title.remove_prefix(std::min(title.find_first_not_of(" [(-"), title.size()));
    const auto word = title.substr(0, title.find_first_of(" :])"));
    return base_name(word);
}

std::string_view without_script_ending(std::string_view name) {
    for (const std::string_view ending : {".js", ".mjs", ".cjs", ".ts"}) {
        if (name.size() > ending.size() && name.ends_with(ending)) {
            return name.substr(0, name.size() - ending.size());
        }
    }
    return name;
}

// Names that many tools give to the file they start with.
bool says_nothing(std::string_view stem) {
    static constexpr std::array<std::string_view, 10> kGeneric{"index", "main", "cli", "bin", "server",
                                                               "start", "run",  "app", "dev", "serve"};
    return std::find(kGeneric.begin(), kGeneric.end(), stem) != kGeneric.end();
}

// The package in ".../node_modules/PACKAGE/..." or ".../node_modules/@scope/PACKAGE/..."; empty where there is none.
std::string_view node_package(std::string_view path) {
    constexpr std::string_view kFolder = "node_modules/";
    const auto folder = path.rfind(kFolder);
    if (folder == std::string_view::npos || (folder != 0 && path[folder - 1] != '/')) {
        return {};
    }
    std::string_view rest = path.substr(folder + kFolder.size());
    if (rest.starts_with('@')) {
        rest.remove_prefix(std::min(rest.find('/'), rest.size() - 1) + 1);
    }
    const auto end = rest.find('/');
    return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
}

std::string_view script_name(std::string_view path) {
    const std::string_view file = base_name(path);
    if (file == "__main__.py" && path.size() > file.size()) {
        const auto folder = base_name(path.substr(0, path.size() - file.size()));
        return folder.empty() || folder == "." || folder == "/" ? file : folder;
    }
    const std::string_view package = node_package(path);
    if (package.empty()) {
        return file;
    }
    const std::string_view stem = without_script_ending(file);
    return says_nothing(stem) && package != ".bin" ? package : stem;
}

std::string_view name_of_interpreted(std::string_view called, const Interpreter& interpreter,
                                     const ProcessFacts& facts) {
    if (!facts.command_line || facts.command_line->empty()) {
        // A script that was started by its "#!" line leaves its name in comm; Node's threads leave a name of no use.
        const bool useful = !facts.stat.comm.empty() && facts.stat.comm != "MainThread";
        return useful ? std::string_view(facts.stat.comm) : called;
    }
    const std::vector<std::string>& arguments = *facts.command_line;
    const std::string_view zeroth = base_name(arguments[0]);
    const Interpreter* const as_called = find_interpreter(zeroth.starts_with('-') ? zeroth.substr(1) : zeroth);
    if (arguments.size() == 1 && as_called == nullptr && !arguments[0].empty()) {
        const auto word = first_word(arguments[0]);
        return word.empty() ? called : word;
    }
    const auto script = script_of(interpreter, std::span(arguments).subspan(1));
    const std::string_view name = script ? script_name(*script) : std::string_view{};
    if (!name.empty()) {
        return name;
    }
    // "python3", not "python3.11"; a login shell's "-bash" is bash.
    if (as_called != nullptr) {
        return zeroth.starts_with('-') ? zeroth.substr(1) : zeroth;
    }
    return called;
}

} // namespace

std::string process_name(const ProcessFacts& facts) {
    std::string_view program;
    if (facts.executable) {
        program = base_name(without_deleted(*facts.executable));
    } else if (facts.command_line && !facts.command_line->empty()) {
        program = first_word(facts.command_line->front());
    }
    std::string_view name = program;
    if (const Interpreter* const interpreter = find_interpreter(program)) {
        name = name_of_interpreted(program, *interpreter, facts);
    }
    return std::string(name.empty() ? std::string_view(facts.stat.comm) : name);
}

} // namespace portside::platform
