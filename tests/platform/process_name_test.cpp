// SPDX-License-Identifier: MIT
// What a person would call a process. Pure; one thread.
#include "core/platform/interpreter.h"
#include "core/platform/process.h"

#include <doctest/doctest.h>

using namespace portside::platform;

namespace {

using Arguments = std::vector<std::string>;

struct Case {
    std::optional<std::string> executable;
    std::optional<Arguments> command_line;
    std::string comm;
    std::string name;
};

void check(const std::vector<Case>& cases) {
    for (const Case& one : cases) {
        ProcessFacts facts;
        facts.executable = one.executable;
        facts.command_line = one.command_line;
        facts.stat.comm = one.comm;
        CAPTURE(one.comm);
        std::string words;
        for (const std::string& word : one.command_line.value_or(Arguments{"(denied)"})) {
            words += "[" + word + "]";
        }
        CAPTURE(words);
        CHECK(process_name(facts) == one.name);
    }
}

constexpr const char* kNode = "/usr/bin/node";
constexpr const char* kPython = "/usr/bin/python3.11";
constexpr const char* kJava = "/usr/lib/jvm/java-17/bin/java";

} // namespace

TEST_CASE("a program that is no interpreter goes by its executable") {
    check({
        {"/usr/sbin/nginx", Arguments{"nginx: master process /usr/sbin/nginx"}, "nginx", "nginx"},
        {"/usr/lib/postgresql/15/bin/postgres", Arguments{"postgres: 15/main: checkpointer"}, "postgres", "postgres"},
        {"/usr/sbin/sshd", Arguments{"sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups"}, "sshd", "sshd"},
        {"/opt/My App/app", Arguments{"/opt/My App/app", "--port", "80"}, "app", "app"},
        {"/home/x/a.out (deleted)", Arguments{"./a.out"}, "a.out", "a.out"},
        {"/usr/bin/redis-server", Arguments{"redis-server *:6379"}, "redis-server", "redis-server"},
        {"/usr/sbin/nginx", Arguments{}, "nginx", "nginx"},
        {"/usr/bin/nodemon-native", Arguments{"x"}, "x", "nodemon-native"},
    });
}

TEST_CASE("a script goes by its own name") {
    check({
        {kNode, Arguments{"node", "--inspect", "app.js"}, "MainThread", "app.js"},
        {kNode, Arguments{"node", "--inspect=0.0.0.0:9229", "dist/app.js"}, "node", "app.js"},
        {kNode, Arguments{"node", "-r", "ts-node/register", "server.ts"}, "node", "server.ts"},
        {kNode, Arguments{"node", "--require", "x", "y.js"}, "node", "y.js"},
        {kNode, Arguments{"node", "--max-old-space-size=4096", "--import=tsx", "src/index.ts"}, "node", "index.ts"},
        {kNode, Arguments{"node", "--", "-odd.js"}, "node", "-odd.js"},
        {kNode, Arguments{"node", "inspect", "app.js"}, "node", "app.js"},
        {"/usr/bin/nodejs", Arguments{"nodejs", "app.js"}, "nodejs", "app.js"},
        {kPython, Arguments{"python3", "-u", "x.py"}, "python3", "x.py"},
        {kPython, Arguments{"python3", "-W", "ignore", "-X", "dev", "a.py"}, "python3", "a.py"},
        {kPython, Arguments{"python3", "-Wignore", "-Xdev", "-BsE", "a.py", "-m", "no"}, "python3", "a.py"},
        {kPython, Arguments{"/venv/bin/python", "/venv/bin/flask", "run"}, "flask", "flask"},
        {kPython, Arguments{"python3", "/srv/tool/__main__.py"}, "python3", "tool"},
        {"/usr/bin/bash", Arguments{"bash", "run.sh"}, "bash", "run.sh"},
        {"/usr/bin/bash", Arguments{"bash", "-eu", "-o", "pipefail", "bin/run.sh", "-c"}, "bash", "run.sh"},
        {"/usr/bin/bash", Arguments{"bash", "-euo", "pipefail", "run.sh"}, "bash", "run.sh"},
        {"/usr/bin/bash", Arguments{"bash", "+x", "run.sh"}, "bash", "run.sh"},
        {"/usr/bin/dash", Arguments{"/bin/sh", "./serve.sh"}, "serve.sh", "serve.sh"},
        {"/usr/bin/ruby3.1", Arguments{"ruby", "bin/rails", "s"}, "ruby", "rails"},
        {"/usr/bin/ruby3.1", Arguments{"ruby", "-Ilib", "-r", "json", "-w", "app.rb"}, "ruby", "app.rb"},
        {"/usr/bin/perl", Arguments{"perl", "-w", "-Ilib", "-MPOSIX", "serve.pl"}, "perl", "serve.pl"},
        {"/usr/bin/php8.2", Arguments{"php", "artisan", "serve"}, "php", "artisan"},
        {"/usr/bin/php8.2", Arguments{"php", "-S", "localhost:8000", "-t", "public", "router.php"}, "php",
         "router.php"},
        {"/usr/bin/lua5.4", Arguments{"lua", "-e", "x=1", "-l", "mod", "main.lua"}, "lua", "main.lua"},
        {"/root/.deno/bin/deno", Arguments{"deno", "run", "-A", "--port", "80", "main.ts"}, "deno", "main.ts"},
        {"/root/.bun/bin/bun", Arguments{"bun", "--hot", "server.ts"}, "bun", "server.ts"},
        {"/root/.bun/bin/bun", Arguments{"bun", "run", "--watch", "src/api.ts"}, "bun", "api.ts"},
        // "#!/usr/bin/env node": env has replaced itself, and the kernel has put the script's path behind it.
        {kNode, Arguments{"node", "/usr/local/bin/http-server", "-p", "80"}, "node", "http-server"},
    });
}

TEST_CASE("a module or a jar or a main class") {
    check({
        {kPython, Arguments{"python3", "-m", "http.server"}, "python3", "http.server"},
        {kPython, Arguments{"python3", "-um", "http.server", "80"}, "python3", "http.server"},
        {kPython, Arguments{"python3", "-mhttp.server"}, "python3", "http.server"},
        {kPython, Arguments{"python3", "-X", "dev", "-m", "uvicorn", "app:main"}, "python3", "uvicorn"},
        {kJava, Arguments{"java", "-jar", "a.jar"}, "java", "a.jar"},
        {kJava, Arguments{"java", "-Dx=y", "-Xmx1g", "-jar", "/opt/app.jar", "-cp"}, "java", "app.jar"},
        {kJava, Arguments{"java", "-cp", "a:b", "com.example.Main"}, "java", "com.example.Main"},
        {kJava, Arguments{"java", "--add-opens", "java.base/java.lang=ALL-UNNAMED", "-ea", "Main.java"}, "java",
         "Main.java"},
        {kJava, Arguments{"java", "-p", "mods", "-m", "com.example/com.example.Main"}, "java", "com.example.Main"},
        {kJava, Arguments{"java", "--module=com.example"}, "java", "com.example"},
    });
}

TEST_CASE("tools inside node_modules go by what their users call them") {
    check({
        {kNode, Arguments{"node", "/app/node_modules/.bin/vite"}, "node", "vite"},
        {kNode, Arguments{"node", "/app/node_modules/vite/bin/vite.js", "--host"}, "node", "vite"},
        {kNode, Arguments{"node", "node_modules/next/dist/bin/next", "dev"}, "node", "next"},
        {kNode, Arguments{"node", "/app/node_modules/react-scripts/scripts/start.js"}, "node", "react-scripts"},
        {kNode, Arguments{"node", "/app/node_modules/@angular/cli/bin/ng.js", "serve"}, "node", "ng"},
        {kNode, Arguments{"node", "/app/node_modules/@scope/tool/index.mjs"}, "node", "tool"},
        {kNode, Arguments{"node", "/a/node_modules/.pnpm/vite@5/node_modules/vite/bin/vite.js"}, "node", "vite"},
        {kNode, Arguments{"node", "/srv/server.js"}, "node", "server.js"},
        {kNode, Arguments{"node", "/srv/my_node_modules/index.js"}, "node", "index.js"},
        {kNode, Arguments{"node", "node_modules/@"}, "node", "@"},
        {kNode, Arguments{"node", "node_modules/"}, "node", "node_modules"},
    });
}

TEST_CASE("an interpreter without a script keeps its own name") {
    check({
        {kPython, Arguments{"python3", "-c", "import http"}, "python3", "python3"},
        {kPython, Arguments{"python3", "-uc", "code"}, "python3", "python3"},
        {kPython, Arguments{"python3", "-"}, "python3", "python3"},
        {kPython, Arguments{"python3"}, "python3", "python3"},
        {kPython, Arguments{"python3", "-m"}, "python3", "python3"},
        {kNode, Arguments{"node", "-e", "code"}, "node", "node"},
        {kNode, Arguments{"node", "--eval=code", "x.js"}, "node", "node"},
        {kNode, Arguments{"node", "--inspect"}, "node", "node"},
        {"/usr/bin/bash", Arguments{"bash", "-c", "run.sh"}, "bash", "bash"},
        {"/usr/bin/bash", Arguments{"bash", "-lc", "run.sh"}, "bash", "bash"},
        {"/usr/bin/bash", Arguments{"-bash"}, "bash", "bash"},
        {"/usr/bin/perl", Arguments{"perl", "-ne", "print"}, "perl", "perl"},
        {"/usr/bin/php8.2", Arguments{"php", "-S", "localhost:8000"}, "php", "php"},
        {"/root/.deno/bin/deno", Arguments{"deno", "task", "dev"}, "deno", "deno"},
        {kJava, Arguments{"java", "-version"}, "java", "java"},
    });
}

TEST_CASE("a title that a script gave itself") {
    check({
        {kPython, Arguments{"gunicorn: master [app]"}, "gunicorn", "gunicorn"},
        {kPython, Arguments{"[celeryd: celery@host:MainProcess] -active- (worker)"}, "celery", "celeryd"},
        {"/usr/bin/ruby3.1", Arguments{"puma 6.0.0 (tcp://0.0.0.0:3000) [shop]"}, "ruby", "puma"},
        {kNode, Arguments{"next-server (v14.0.0)"}, "next-server", "next-server"},
        {kNode, Arguments{"npm run dev"}, "npm run dev", "npm"},
        {kNode, Arguments{" :"}, "x", "node"},
    });
}

TEST_CASE("without an executable to read the command line or comm tells") {
    check({
        {std::nullopt, Arguments{"/usr/sbin/cupsd", "-l"}, "cupsd", "cupsd"},
        {std::nullopt, Arguments{"nginx: worker process"}, "nginx", "nginx"},
        {std::nullopt, Arguments{"node", "app.js"}, "MainThread", "app.js"},
        {std::nullopt, Arguments{"/usr/bin/python3", "-m", "http.server"}, "python3", "http.server"},
        {std::nullopt, Arguments{}, "kworker/0:1", "kworker/0:1"},
        {std::nullopt, std::nullopt, "a) b (c", "a) b (c"},
        {std::nullopt, Arguments{""}, "odd", "odd"},
        {std::nullopt, Arguments{"/"}, "odd", "odd"},
    });
}

TEST_CASE("an interpreter with an empty command line goes by comm unless that says nothing") {
    check({
        {"/usr/bin/bash", Arguments{}, "run.sh", "run.sh"},
        {kNode, Arguments{}, "MainThread", "node"},
        {kNode, std::nullopt, "", "node"},
    });
}

TEST_CASE("interpreters are known by their names with and without versions") {
    for (const char* name :
         {"node", "nodejs", "python", "python3", "python3.11", "pypy3", "ruby3.1", "perl5.36.0", "php8.2", "lua5.4",
          "luajit-2.1.0", "java", "sh", "dash", "bash", "zsh-5.9", "deno", "bun"}) {
        CAPTURE(name);
        CHECK(find_interpreter(name) != nullptr);
    }
    for (const char* name : {"", "3", "nod", "nodemon", "python-config", "php-fpm8.2", "bashful", "javac", "e s"}) {
        CAPTURE(name);
        CHECK(find_interpreter(name) == nullptr);
    }
}
