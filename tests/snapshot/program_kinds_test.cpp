// SPDX-License-Identifier: MIT
#include "core/snapshot/program_kinds.h"

#include <doctest/doctest.h>
#include <string>

using namespace portside::snapshot;

namespace {

Process running(const char* name, const char* executable = nullptr, const char* command = "") {
    Process process;
    process.name = name;
    if (executable != nullptr) {
        process.executable = executable;
    }
    process.command_text = command;
    return process;
}

} // namespace

TEST_CASE("databases are known by the programs names") {
    for (const char* name : {"postgres", "mysqld", "mariadbd", "redis-server", "valkey-server", "mongod", "memcached",
                             "clickhouse-server", "etcd", "influxd", "cassandra", "cockroach", "rqlited", "neo4j"}) {
        CAPTURE(std::string(name));
        CHECK(is_database(running(name)));
        CHECK(is_database(running("main", (std::string("/usr/lib/") + name).c_str())));
    }
    for (const char* name : {"psql", "redis-cli", "postgres_exporter", "node", "", "post", "java", "nginx"}) {
        CAPTURE(std::string(name));
        CHECK_FALSE(is_database(running(name)));
    }
}

TEST_CASE("databases in a virtual machine are known by what runs in it") {
    const char* const java = "/usr/lib/jvm/java-17/bin/java";
    CHECK(is_database(running("java", java, "java -Xms1g org.elasticsearch.bootstrap.Elasticsearch -d")));
    CHECK(is_database(running("java", java, "java org.apache.cassandra.service.CassandraDaemon")));
    CHECK_FALSE(is_database(running("java", java, "java -jar shop.jar")));
    // Only in a virtual machine: an editor may have such a file open.
    CHECK_FALSE(is_database(running("vim", "/usr/bin/vim", "vim org.elasticsearch.bootstrap")));
}

TEST_CASE("interpreters and dev tools are known in any version") {
    for (const char* name :
         {"node", "python3.11", "python", "ruby3.1", "php-fpm8.2", "deno", "vite", "cargo", "uvicorn"}) {
        CAPTURE(std::string(name));
        CHECK(is_dev_tool(running(name)));
        CHECK(is_dev_tool(running("server.js", (std::string("/opt/bin/") + name).c_str())));
    }
    for (const char* name : {"nodejs-agent", "sshd", "", "3.11", "gnome-shell", "chrome"}) {
        CAPTURE(std::string(name));
        CHECK_FALSE(is_dev_tool(running(name, "/usr/bin/other")));
    }
}

TEST_CASE("names of containers and units tell databases from what stands beside them") {
    for (const char* name : {"shop-postgres-1", "shop_db", "redis", "mysql8", "postgresql", "mariadb", "my.mongo.2",
                             "redis-server", "db", "mongodb"}) {
        CAPTURE(std::string(name));
        CHECK(is_database_name(name));
    }
    for (const char* name : {"web", "mongo-express", "redis-commander-1", "postgres-exporter", "dbus", "feedback", "",
                             "---", "pgadmin", "shop-db-admin", "opensearch-dashboards"}) {
        CAPTURE(std::string(name));
        CHECK_FALSE(is_database_name(name));
    }
}
