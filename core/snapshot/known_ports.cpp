// SPDX-License-Identifier: MIT
// Which service developers usually mean by a port. Not /etc/services: that names what was registered decades ago, and
// looking it up may ask the network.
#include "core/snapshot/known_ports.h"

#include <algorithm>
#include <array>

namespace portside::snapshot {

namespace {

struct KnownPort {
    std::uint16_t port;
    const char* service;
};

// By port.
constexpr std::array kTcp = std::to_array<KnownPort>({{21, "FTP"},
                                                      {22, "SSH"},
                                                      {23, "Telnet"},
                                                      {25, "SMTP"},
                                                      {53, "DNS"},
                                                      {80, "a web server"},
                                                      {110, "POP3"},
                                                      {111, "rpcbind"},
                                                      {139, "Samba"},
                                                      {143, "IMAP"},
                                                      {389, "LDAP"},
                                                      {443, "a web server"},
                                                      {445, "Samba"},
                                                      {465, "SMTP"},
                                                      {587, "SMTP"},
                                                      {631, "CUPS printing"},
                                                      {636, "LDAP"},
                                                      {873, "rsync"},
                                                      {993, "IMAP"},
                                                      {995, "POP3"},
                                                      {1025, "Mailpit or MailHog"},
                                                      {1433, "SQL Server"},
                                                      {1521, "Oracle Database"},
                                                      {1883, "MQTT"},
                                                      {2049, "NFS"},
                                                      {2181, "ZooKeeper"},
                                                      {2375, "the Docker API"},
                                                      {2376, "the Docker API"},
                                                      {2379, "etcd"},
                                                      {2380, "etcd"},
                                                      {3306, "MySQL or MariaDB"},
                                                      {3389, "remote desktop"},
                                                      {4222, "NATS"},
                                                      {4317, "OpenTelemetry"},
                                                      {4318, "OpenTelemetry"},
                                                      {5044, "Logstash"},
                                                      {5432, "PostgreSQL"},
                                                      {5601, "Kibana"},
                                                      {5671, "RabbitMQ"},
                                                      {5672, "RabbitMQ"},
                                                      {5900, "VNC"},
                                                      {5984, "CouchDB"},
                                                      {6333, "Qdrant"},
                                                      {6379, "Redis"},
                                                      {6432, "PgBouncer"},
                                                      {6443, "the Kubernetes API"},
                                                      {7474, "Neo4j"},
                                                      {7687, "Neo4j"},
                                                      {7700, "Meilisearch"},
                                                      {8025, "Mailpit or MailHog"},
                                                      {8086, "InfluxDB"},
                                                      {8123, "ClickHouse or Home Assistant"},
                                                      {8200, "Vault"},
                                                      {8500, "Consul"},
                                                      {8883, "MQTT"},
                                                      {9042, "Cassandra"},
                                                      {9090, "Prometheus"},
                                                      {9092, "Kafka"},
                                                      {9093, "Alertmanager"},
                                                      {9100, "Prometheus node exporter"},
                                                      {9200, "Elasticsearch"},
                                                      {9300, "Elasticsearch"},
                                                      {9411, "Zipkin"},
                                                      {10250, "the Kubernetes kubelet"},
                                                      {11211, "Memcached"},
                                                      {11434, "Ollama"},
                                                      {15672, "RabbitMQ"},
                                                      {16686, "Jaeger"},
                                                      {26257, "CockroachDB"},
                                                      {27017, "MongoDB"}});
constexpr std::array kUdp = std::to_array<KnownPort>(
    {{53, "DNS"},     {67, "DHCP"},   {68, "DHCP"},           {69, "TFTP"},      {123, "time (NTP)"},
     {137, "Samba"},  {138, "Samba"}, {161, "SNMP"},          {443, "HTTP/3"},   {500, "IPsec"},
     {514, "syslog"}, {546, "DHCP"},  {631, "CUPS printing"}, {1194, "OpenVPN"}, {1900, "UPnP"},
     {4500, "IPsec"}, {5353, "mDNS"}, {5355, "LLMNR"},        {8125, "StatsD"},  {51820, "WireGuard"}});

template <std::size_t size>
const char* find(const std::array<KnownPort, size>& table, std::uint16_t port) {
    static_assert(size > 0);
    const auto found = std::ranges::lower_bound(table, port, {}, &KnownPort::port);
    return found != table.end() && found->port == port ? found->service : nullptr;
}

static_assert(std::ranges::is_sorted(kTcp, {}, &KnownPort::port));
static_assert(std::ranges::is_sorted(kUdp, {}, &KnownPort::port));

} // namespace

const char* usual_service(platform::Protocol protocol, std::uint16_t port) {
    return protocol == platform::Protocol::tcp ? find(kTcp, port) : find(kUdp, port);
}

} // namespace portside::snapshot
