// SPDX-License-Identifier: MIT
// What kind of program it is, by its name. Pure; any thread.
#include "core/snapshot/program_kinds.h"

#include <algorithm>
#include <array>

namespace portside::snapshot {

namespace {

using namespace std::string_view_literals;

template <std::size_t size>
constexpr bool are_in_order(const std::array<std::string_view, size>& names) {
    return std::ranges::is_sorted(names);
}

constexpr std::array kDatabases{"arangod"sv,
                                "cassandra"sv,
                                "clickhouse"sv,
                                "clickhouse-server"sv,
                                "cockroach"sv,
                                "couchdb"sv,
                                "dgraph"sv,
                                "dragonfly"sv,
                                "etcd"sv,
                                "fbserver"sv,
                                "ferretdb"sv,
                                "firebird"sv,
                                "immudb"sv,
                                "influxd"sv,
                                "influxdb3"sv,
                                "keydb-server"sv,
                                "mariadbd"sv,
                                "meilisearch"sv,
                                "memcached"sv,
                                "mongod"sv,
                                "mongos"sv,
                                "mysqld"sv,
                                "neo4j"sv,
                                "postgres"sv,
                                "postmaster"sv,
                                "qdrant"sv,
                                "questdb"sv,
                                "redis-server"sv,
                                "redis-stack-server"sv,
                                "rethinkdb"sv,
                                "rqlited"sv,
                                "scylla"sv,
                                "sqlservr"sv,
                                "surreal"sv,
                                "tarantool"sv,
                                "typesense-server"sv,
                                "valkey-server"sv,
                                "victoria-metrics"sv,
                                "weaviate"sv};
static_assert(are_in_order(kDatabases));

// In the command line of a virtual machine.
constexpr std::array kDatabasesInside{"com.orientechnologies."sv,
                                      "couchdb"sv,
                                      "io.questdb"sv,
                                      "org.apache.cassandra."sv,
                                      "org.apache.hadoop.hbase."sv,
                                      "org.elasticsearch."sv,
                                      "org.h2.tools."sv,
                                      "org.neo4j."sv,
                                      "org.opensearch."sv};
constexpr std::array kVirtualMachines{"beam.smp"sv, "java"sv};

// Words in the names of containers and units.
constexpr std::array kDatabaseWords{
    "arangodb"sv,    "cassandra"sv,   "clickhouse"sv,    "cockroach"sv,  "cockroachdb"sv, "couchdb"sv,
    "database"sv,    "db"sv,          "elasticsearch"sv, "etcd"sv,       "influxdb"sv,    "mariadb"sv,
    "meilisearch"sv, "memcached"sv,   "mongo"sv,         "mongod"sv,     "mongodb"sv,     "mssql"sv,
    "mysql"sv,       "mysqld"sv,      "neo4j"sv,         "opensearch"sv, "pg"sv,          "postgis"sv,
    "postgres"sv,    "postgresql"sv,  "qdrant"sv,        "redis"sv,      "rethinkdb"sv,   "scylla"sv,
    "scylladb"sv,    "timescaledb"sv, "typesense"sv,     "valkey"sv,     "weaviate"sv};
static_assert(are_in_order(kDatabaseWords));
// What stands beside a database and is none.
constexpr std::array kBesideDatabases{"admin"sv,    "adminer"sv, "backup"sv,  "commander"sv, "dashboards"sv,
                                      "exporter"sv, "express"sv, "insight"sv, "ui"sv};

constexpr std::array kDevTools{"air"sv,          "ant"sv,
                               "artisan"sv,      "astro"sv,
                               "beam.smp"sv,     "browser-sync"sv,
                               "bun"sv,          "cargo"sv,
                               "daphne"sv,       "deno"sv,
                               "django-admin"sv, "dlv"sv,
                               "dotnet"sv,       "elixir"sv,
                               "esbuild"sv,      "flask"sv,
                               "gatsby"sv,       "go"sv,
                               "gradle"sv,       "granian"sv,
                               "gunicorn"sv,     "http-server"sv,
                               "hugo"sv,         "hypercorn"sv,
                               "jekyll"sv,       "jupyter"sv,
                               "jupyter-lab"sv,  "jupyter-notebook"sv,
                               "live-server"sv,  "lua"sv,
                               "manage.py"sv,    "mix"sv,
                               "mkdocs"sv,       "mvn"sv,
                               "next-server"sv,  "ng"sv,
                               "node"sv,         "nodejs"sv,
                               "nodemon"sv,      "nuxt"sv,
                               "parcel"sv,       "perl"sv,
                               "php"sv,          "php-fpm"sv,
                               "puma"sv,         "pypy"sv,
                               "python"sv,       "rackup"sv,
                               "rails"sv,        "ruby"sv,
                               "sbt"sv,          "storybook"sv,
                               "streamlit"sv,    "trunk"sv,
                               "ts-node"sv,      "tsx"sv,
                               "unicorn"sv,      "uvicorn"sv,
                               "uwsgi"sv,        "vite"sv,
                               "webpack"sv,      "webpack-dev-server"sv,
                               "wrangler"sv};
static_assert(are_in_order(kDevTools));
// Of java one cannot say: half of what it runs are desktop programs. It counts where it works on a project.

constexpr std::array kDatabasePorts{1433, 1521, 3306, 5432, 5984,  6333,  6379,  7474, 7687,
                                    8086, 8529, 9042, 9200, 11211, 26257, 27017, 28015};

std::string_view last_part(std::string_view path) {
    return path.substr(path.rfind('/') + 1); // npos + 1 is 0
}

// python3.11 is python, php-fpm8.2 is php-fpm.
std::string_view without_version(std::string_view name) {
    const auto last = name.find_last_not_of("0123456789.");
    return last == std::string_view::npos ? name : name.substr(0, last + 1);
}

template <std::size_t size>
bool holds_name(const std::array<std::string_view, size>& sorted_names, std::string_view name) {
    return std::ranges::binary_search(sorted_names, name);
}

std::string_view executable_name(const Process& process) {
    return process.executable ? last_part(*process.executable) : std::string_view();
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Calls `take` with each run of letters and digits, until it returns true.
template <typename Take>
bool any_word(std::string_view name, Take take) {
    const auto* at = name.begin();
    while (at != name.end()) {
        const auto* const begin = std::find_if(at, name.end(), is_letter_or_digit);
        const auto* const end = std::find_if_not(begin, name.end(), is_letter_or_digit);
        if (begin != end && take(std::string_view(begin, static_cast<std::size_t>(end - begin)))) {
            return true;
        }
        at = end;
    }
    return false;
}

} // namespace

bool is_database(const Process& process) {
    const auto executable = executable_name(process);
    if (holds_name(kDatabases, process.name) || holds_name(kDatabases, executable)) {
        return true;
    }
    return std::ranges::find(kVirtualMachines, executable) != kVirtualMachines.end() &&
           std::ranges::any_of(kDatabasesInside, [&](std::string_view inside) {
               return process.command_text.find(inside) != std::string::npos;
           });
}

bool is_dev_tool(const Process& process) {
    const auto is_one = [](std::string_view name) {
        return holds_name(kDevTools, name) || holds_name(kDevTools, without_version(name));
    };
    return is_one(process.name) || is_one(executable_name(process));
}

bool is_database_name(std::string_view name) {
    const bool beside = any_word(name, [](std::string_view word) {
        return std::ranges::find(kBesideDatabases, word) != kBesideDatabases.end();
    });
    return !beside && (holds_name(kDatabases, name) || any_word(name, [](std::string_view word) {
                           return holds_name(kDatabaseWords, word) || holds_name(kDatabaseWords, without_version(word));
                       }));
}

bool is_database_port(std::uint16_t tcp_port) {
    return std::ranges::find(kDatabasePorts, tcp_port) != kDatabasePorts.end();
}

} // namespace portside::snapshot
