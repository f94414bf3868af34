// SPDX-License-Identifier: MIT
// core/platform/project_folder: which folder counts as the project of a process.
#include "core/platform/project_folder.h"

#include "fake_proc.h"
#include "tests/owners/elsewhere.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <stdexcept>
#include <sys/mount.h>
#include <unistd.h>

using namespace portside::platform;
using portside::platform::test::TemporaryFolder;

namespace {

struct Scene {
    TemporaryFolder disk;
    TemporaryFolder proc;
    ProcRoot root{proc.path()};
    ProjectFinder finder{disk.path() + "/home/me"};

    // Of a process whose working directory is there; the folder is made.
    std::optional<std::string> project_of(const std::string& cwd) {
        const std::string path = disk.path() + "/" + cwd;
        std::filesystem::create_directories(path);
        std::filesystem::remove(proc.path() + "/10/cwd");
        proc.link("10/cwd", path);
        return finder.find(root, 10, path);
    }
    [[nodiscard]] std::string at(const std::string& name) const { return disk.path() + "/" + name; }
};

} // namespace

TEST_CASE("project - the nearest repository root wins over a nearer project file") {
    Scene scene;
    scene.disk.write("home/me/src/mono/.git/HEAD", "");
    scene.disk.write("home/me/src/mono/packages/web/package.json", "{}");
    CHECK(scene.project_of("home/me/src/mono/packages/web/src") == scene.at("home/me/src/mono"));
    scene.disk.write("home/me/src/mono/packages/inner/.jj/x", "");
    CHECK(scene.project_of("home/me/src/mono/packages/inner") == scene.at("home/me/src/mono/packages/inner"));
}

TEST_CASE("project - the git file of a worktree or submodule counts as well") {
    Scene scene;
    scene.disk.write("home/me/src/tree/.git", "gitdir: elsewhere");
    CHECK(scene.project_of("home/me/src/tree/a/b") == scene.at("home/me/src/tree"));
}

TEST_CASE("project - without a repository the nearest folder with a project file") {
    Scene scene;
    scene.disk.write("home/me/src/api/go.mod", "");
    scene.disk.write("home/me/src/api/tool/Cargo.toml", "");
    CHECK(scene.project_of("home/me/src/api/tool/src") == scene.at("home/me/src/api/tool"));
    CHECK(scene.project_of("home/me/src/api/cmd") == scene.at("home/me/src/api"));
}

TEST_CASE("project - the home folder is none and nothing above it is looked at") {
    Scene scene;
    scene.disk.write("home/me/.git/HEAD", "");
    scene.disk.write("home/package.json", "{}");
    CHECK_FALSE(scene.project_of("home/me"));
    CHECK_FALSE(scene.project_of("home/me/notes"));
    CHECK(scene.project_of("home/other") == scene.at("home"));
}

TEST_CASE("project - a folder named in Korean is one like any other") {
    Scene scene;
    scene.disk.write("home/me/\xEA\xB0\x80\xEA\xB2\x8C/.git/HEAD", "");
    CHECK(scene.project_of("home/me/\xEA\xB0\x80\xEA\xB2\x8C/web") == scene.at("home/me/\xEA\xB0\x80\xEA\xB2\x8C"));
}

TEST_CASE("project - a path that means another folder to the process is not looked into") {
    Scene scene;
    scene.disk.write("srv/app/.git/HEAD", "");
    scene.disk.write("container/srv/app/x", "");
    scene.proc.link("11/cwd", scene.at("container/srv/app"));
    CHECK_FALSE(scene.finder.find(scene.root, 11, scene.at("srv/app")));
    CHECK_FALSE(scene.finder.find(scene.root, 12, scene.at("srv/app"))); // it has ended
    scene.proc.link("13/cwd", scene.at("srv/app"));
    CHECK(scene.finder.find(scene.root, 13, scene.at("srv/app")) == scene.at("srv/app"));
}

TEST_CASE("project - what was found is remembered until it is forgotten") {
    Scene scene;
    CHECK_FALSE(scene.project_of("home/me/new"));
    scene.disk.write("home/me/new/.git/HEAD", "");
    CHECK_FALSE(scene.project_of("home/me/new"));
    scene.finder.forget();
    CHECK(scene.project_of("home/me/new") == scene.at("home/me/new"));
}

TEST_CASE("project - the root and what is no absolute path are none") {
    Scene scene;
    scene.proc.link("10/cwd", "/");
    CHECK_FALSE(scene.finder.find(scene.root, 10, "/"));
    CHECK_FALSE(scene.finder.find(scene.root, 10, ""));
    CHECK_FALSE(scene.finder.find(scene.root, 10, "src"));
}

TEST_CASE("project - file systems that may keep a caller waiting are told by the longest mount") {
    const auto mounts = parse_mounts("21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
                                     "30 21 0:40 / /home rw - nfs4 server:/home rw,hard\n"
                                     "31 30 8:2 / /home/me/local\\040disk rw - btrfs /dev/sdb rw\n"
                                     "32 21 0:50 / /mnt/box rw master:1 shared:9 - fuse.sshfs box: rw\n"
                                     "not a line\n"
                                     "33 21 0:50 / /cut rw -");
    REQUIRE(mounts.size() == 4);
    CHECK_FALSE(may_block(mounts, "/srv/app"));
    CHECK(may_block(mounts, "/home"));
    CHECK(may_block(mounts, "/home/me/src"));
    CHECK_FALSE(may_block(mounts, "/home/me/local disk/src"));
    CHECK(may_block(mounts, "/home/me/local disks"));
    CHECK_FALSE(may_block(mounts, "/homes/me"));
    CHECK(may_block(mounts, "/mnt/box"));
}

TEST_CASE("project - of several mounts at one place the last one counts") {
    const auto mounts = parse_mounts("21 1 8:1 / /data rw - nfs a:/b rw\n22 1 8:1 / /data rw - ext4 /dev/sda rw\n");
    CHECK_FALSE(may_block(mounts, "/data/x"));
}

TEST_SUITE("root") {
    TEST_CASE("project - mounts are read again when they change and only then") {
        CHECK(portside::owners::in_own_processes([] {
                  const auto must = [](bool good, const char* what) {
                      if (!good) {
                          throw std::runtime_error(what);
                      }
                  };
                  const TemporaryFolder disk;
                  MountTable table;
                  const auto has_disk = [&] {
                      return std::ranges::find(table.mounts(), disk.path(), &MountPoint::path) != table.mounts().end();
                  };
                  must(table.update() && !table.mounts().empty() && !has_disk(), "read the first time");
                  must(!table.update() && !table.mounts().empty(), "not again in peace");
                  must(::mount("none", disk.path().c_str(), "tmpfs", 0, nullptr) == 0, "a mount");
                  must(table.update() && has_disk(), "a mount is seen");
                  must(!table.update() && has_disk(), "and kept");
                  must(::umount(disk.path().c_str()) == 0, "no mount");
                  must(table.update() && !has_disk(), "its end is seen");
              }) == "");
    }
}
