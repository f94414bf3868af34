// SPDX-License-Identifier: MIT
// core/platform/cgroup_path: units and containers by their cgroups, and nothing where the path does not say it.
#include "core/platform/cgroup_path.h"

#include <doctest/doctest.h>

using namespace portside::platform;

namespace {

const std::string kId(64, 'a');

// "nginx.service", "1000: app.service", "docker ID", "foo.service + podman ID", "-"; in brackets: no one thing.
std::string told(std::string_view path) {
    const Keeper keeper = keeper_of(path);
    std::string text;
    if (keeper.unit) {
        text = (keeper.unit->manager ? std::to_string(*keeper.unit->manager) + ": " : "") + keeper.unit->name;
    }
    if (keeper.container) {
        text += text.empty() ? "" : " + ";
        text += keeper.container->engine == Engine::docker ? "docker " : "podman ";
        text += keeper.container->id == kId ? "ID" : keeper.container->id;
        CHECK(keeper.container->name.empty());
    }
    text = text.empty() ? "-" : text;
    return keeper.is_one_thing ? text : "[" + text + "]";
}

} // namespace

TEST_CASE("cgroup path - units of the system manager") {
    CHECK(told("/system.slice/nginx.service") == "nginx.service");
    CHECK(told("/nginx.service") == "nginx.service");
    CHECK(told("/system.slice/system-getty.slice/getty@tty1.service") == "getty@tty1.service");
    CHECK(told("/system.slice/nginx.service/worker/1") == "nginx.service");
    CHECK(told("/system.slice/outer.service/inner.service") == "outer.service");
    CHECK(told("/system.slice/cups.socket") == "cups.socket");
    CHECK(told("/machine.slice/machine-web.scope") == "machine-web.scope");
    CHECK(told("/system.slice/dev-disk-by\\x2dlabel-swap.swap") == "dev-disk-by\\x2dlabel-swap.swap");
    CHECK(told("/system.slice/_cpu.service") == "cpu.service"); // systemd hides it from the kernel's own names so
}

TEST_CASE("cgroup path - units of the manager of a user") {
    const std::string manager = "/user.slice/user-1000.slice/user@1000.service";
    CHECK(told(manager + "/app.slice/app-foo.service") == "1000: app-foo.service");
    CHECK(told(manager + "/app.slice/app-gnome\\x2dterminal-1.scope") == "1000: app-gnome\\x2dterminal-1.scope");
    CHECK(told(manager + "/app.slice/app-org.gnome.Terminal.slice/vte-spawn-1.scope") == "1000: vte-spawn-1.scope");
    CHECK(told(manager + "/vite.service/child") == "1000: vite.service");
    CHECK(told("/user.slice/user-4294967294.slice/user@4294967294.service/a.service") == "4294967294: a.service");
    CHECK(told("/user.slice/user-0.slice/user@0.service/a.service") == "0: a.service");
    CHECK(told(manager) == "[-]");
    CHECK(told(manager + "/app.slice") == "[-]");
    CHECK(told(manager + "/user@1001.service/a.service") == "1000: user@1001.service"); // only a name in there
    CHECK(told("/user.slice/user@me.service/a.service") == "user@me.service");
    CHECK(told("/user.slice/user@99999999999.service/a.service") == "user@99999999999.service");
}

TEST_CASE("cgroup path - managers and sessions keep nothing and only managers are one thing") {
    CHECK(told("/init.scope") == "-");
    CHECK(told("/user.slice/user-1000.slice/user@1000.service/init.scope") == "-");
    CHECK(told("/user.slice/user-1000.slice/session-3.scope") == "[-]");
    CHECK(told("/user.slice/user-1000.slice/session-c2.scope") == "[-]");
    CHECK(told("/user.slice/user-1000.slice/session-3.scope/tmux") == "[-]");
    CHECK(told("/init.scope/below") == "[-]");
    for (const char* nobody : {"/", "/system.slice", "/user.slice/user-1000.slice", "/-.slice", "/.slice",
                               "/process_api/af8ec9dfa0495761d7deeef9492bd6c1", "/openrc.nginx"}) {
        CAPTURE(nobody);
        CHECK(told(nobody) == "[-]");
    }
}

TEST_CASE("cgroup path - containers of Docker and Podman") {
    CHECK(told("/system.slice/docker-" + kId + ".scope") == "docker ID");
    CHECK(told("/docker/" + kId) == "docker ID");
    CHECK(told("/docker/" + kId + "/init") == "docker ID");
    CHECK(told("/docker/0123456789ab") == "docker 0123456789ab");
    CHECK(told("/machine.slice/libpod-" + kId + ".scope") == "podman ID");
    CHECK(told("/machine.slice/libpod-" + kId + ".scope/container") == "podman ID");
    CHECK(told("/libpod_parent/libpod-" + kId) == "podman ID");
    CHECK(told("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + kId + ".scope/container") ==
          "podman ID");
    // Started by a unit that restarts it: both are told.
    CHECK(told("/system.slice/web.service/libpod-payload-" + kId) == "web.service + podman ID");
    // systemd and a container engine inside of a container.
    CHECK(told("/system.slice/docker-" + kId + ".scope/system.slice/nginx.service") == "docker ID");
    CHECK(told("/docker/" + kId + "/system.slice/nginx.service") == "docker ID");
    CHECK(told("/docker/" + kId + "/docker/0123456789ab") == "docker ID");
    CHECK(told("/kubepods.slice/kubepods-besteffort.slice/kubepods-pod1.slice/docker-" + kId + ".scope") ==
          "docker ID");
}

TEST_CASE("cgroup path - what only looks like a container is none") {
    // conmon watches the container from outside.
    CHECK(told("/machine.slice/libpod-conmon-" + kId + ".scope") == "libpod-conmon-" + kId + ".scope");
    CHECK(told("/kubepods.slice/cri-containerd-" + kId + ".scope") == "cri-containerd-" + kId + ".scope");
    CHECK(told("/kubepods/burstable/pod1/" + kId) == "[-]");
    CHECK(told("/docker") == "[-]");
    CHECK(told("/docker/buildx") == "[-]");
    CHECK(told("/docker/0123456789") == "[-]"); // too short
    CHECK(told("/docker/" + kId + "a") == "[-]");
    CHECK(told("/docker/0123456789AB") == "[-]");
    CHECK(told("/system.slice/docker-.scope") == "docker-.scope");
    CHECK(told("/system.slice/docker.service") == "docker.service");
}

TEST_CASE("cgroup path - hostile paths name nothing") {
    const std::string longest(255 - 8, 'n');
    CHECK(told("/system.slice/" + longest + ".service") == longest + ".service");
    CHECK(told("/system.slice/n" + longest + ".service") == "[-]");
    for (const std::string_view path :
         {std::string_view(""), std::string_view("nginx.service"), std::string_view("//nginx.service"),
          std::string_view("/../nginx.service"), std::string_view("/../../system.slice/nginx.service"),
          std::string_view("/system.slice/../nginx.service"), std::string_view("/./nginx.service"),
          std::string_view("/system.slice/ng\ninx.service"), std::string_view("/system.slice/ng inx.service"),
          std::string_view("/system.slice/\xE2\x80\xAEnginx.service"), std::string_view("/system.slice/%s##.service"),
          std::string_view("/system.slice/.service"), std::string_view("/system.slice/_.service"),
          std::string_view("/system.slice/n\0.service", 24), std::string_view("/nginx.service (deleted)"),
          std::string_view("/docker/../0123456789ab")}) {
        CAPTURE(path);
        CHECK(told(path) == "[-]");
    }
    CHECK(told("/" + std::string(5000, 'a') + "/nginx.service") == "[-]");
    std::string deep;
    for (int i = 0; i < 500; ++i) {
        deep += "/a.slice";
    }
    CHECK(told(deep + "/nginx.service") == "nginx.service");
}

TEST_CASE("cgroup path - the line of a process that counts") {
    CHECK(parse_process_cgroup("0::/system.slice/nginx.service\n") == "/system.slice/nginx.service");
    CHECK(parse_process_cgroup("0::/a:b\n") == "/a:b");
    CHECK(parse_process_cgroup("0::/no line break") == "/no line break");
    CHECK(parse_process_cgroup("12:pids:/x\n1:name=systemd:/y\n0::/user.slice/a.service\n") == "/user.slice/a.service");
    // systemd without the unified hierarchy, mounted or not
    CHECK(parse_process_cgroup("12:pids:/x\n1:name=systemd:/system.slice/a.service\n0::/\n") ==
          "/system.slice/a.service");
    CHECK(parse_process_cgroup("1:name=systemd:/system.slice/a.service\n") == "/system.slice/a.service");
    CHECK(parse_process_cgroup("12:pids:/x\n0::/\n") == "/");
    for (const char* nothing : {"", "\n\n", "12:pids:/x\n", "0", "0:", "10::/x\n", "::/x\n"}) {
        CAPTURE(nothing);
        CHECK_FALSE(parse_process_cgroup(nothing));
    }
}

TEST_CASE("cgroup path - where the hierarchy is mounted") {
    const std::string legacy = "30 22 0:27 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n"
                               "31 30 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n";
    const std::string hybrid = legacy + "40 30 0:37 / /sys/fs/cgroup/unified rw shared:1 - cgroup2 cgroup2 rw\n";
    CHECK_FALSE(parse_cgroup_mount(""));
    CHECK_FALSE(parse_cgroup_mount(legacy));
    CHECK(parse_cgroup_mount(hybrid) == CgroupMount{"/sys/fs/cgroup/unified", "/"});
    CHECK(parse_cgroup_mount("40 30 0:37 / /a\\040b\\134c rw shared:1 master:2 - cgroup2 none rw\n") ==
          CgroupMount{"/a b\\c", "/"});
    // Of two, the one that shows more.
    CHECK(parse_cgroup_mount("1 2 0:3 /x /a rw - cgroup2 c rw\n4 2 0:3 / /b rw - cgroup2 c rw\n"
                             "5 2 0:3 / /c rw - cgroup2 c rw") == CgroupMount{"/b", "/"});
    for (const char* broken : {"-", "- cgroup2", "1 2 0:3 / - cgroup2 c rw", "1 2 0:3 / /a rw - cgroup c rw",
                               "1 2 0:3 / /a rw -", "1 2 0:3 / /cgroup2 rw - tmpfs cgroup2 rw", "\\", "1 2 3 \\04"}) {
        CAPTURE(broken);
        CHECK_FALSE(parse_cgroup_mount(broken));
    }
    CHECK(parse_cgroup_mount("1 2 0:3 / /a\\04 rw - cgroup2 c rw") == CgroupMount{"/a\\04", "/"});
}
