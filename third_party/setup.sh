#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs from the distribution what Portside is built with; with --tests, also what its tests run; with --bench,
# beside that, what tests/bench measures with: Google Benchmark, and the tools that Portside is compared with. Debian 12
# and later.
set -eu

build="g++ cmake ninja-build pkgconf libimgui-dev libglfw3-dev libx11-dev libgl-dev python3-glad libmnl-dev libfmt-dev libexpected-dev
       libcli11-dev nlohmann-json3-dev libtomlplusplus-dev libsystemd-dev libfontconfig-dev libfreetype-dev"
# What the overlay uses where it finds it: fonts, and pkexec with kill for other users' processes, and
# libsystemd for stopping units.
run="fonts-inter fonts-jetbrains-mono fonts-dejavu-core libgl1-mesa-dri pkexec polkitd procps libsystemd0"
tests="doctest-dev clang-format clang-tidy-19 iproute2 util-linux xvfb openbox xcompmgr weston xwayland xdotool x11-utils
       imagemagick dbus polkitd fonts-noto-core fonts-alee git python3 xfce4-panel xfconf"
bench="libbenchmark-dev lsof net-tools gnome-system-monitor xfce4-taskmanager lxtask"

# GLFW 3.3 comes as two packages, for X11 and for Wayland, that exclude each other: for the tests the second one is only
# unpacked. GLFW 3.4 is one for both.
unpack_wayland_glfw() {
  folder="$(cd "$(dirname "$0")/.." && pwd)/build/glfw-wayland"
  [ ! -e "$folder/lib/libglfw.so.3" ] || return 0
  # shellcheck disable=SC2086 # empty or one word
  apt-cache show libglfw3-wayland >/dev/null 2>&1 || $as_root apt-get update -qq # lists that were thrown away
  apt-cache show libglfw3-wayland >/dev/null 2>&1 || return 0
  part=$(mktemp -d)
  (cd "$part" && apt-get -o APT::Sandbox::User="$(id -un)" download -qq libglfw3-wayland && dpkg -x libglfw3-wayland_*.deb .)
  mkdir -p "$folder/lib"
  cp -P "$part"/usr/lib/*/libglfw.so.3* "$folder/lib/"
  rm -r "$part"
}

packages="$build $run"
case "${1:-}" in
  "") ;;
  --tests) packages="$packages $tests" ;;
  --bench) packages="$packages $tests $bench" ;;
  *) echo "usage: third_party/setup.sh [--tests|--bench]" >&2; exit 2 ;;
esac

as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
missing=""
for package in $packages; do
  status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [ "$status" = "install ok installed" ] || missing="$missing $package"
done
if [ -z "$missing" ]; then
  [ -z "${1:-}" ] || unpack_wayland_glfw
  echo "Everything that Portside is built with is installed."
  exit 0
fi

if [ -n "$as_root" ] && ! command -v sudo >/dev/null; then
  echo "These packages are missing, and neither root nor sudo is at hand to install them:$missing" >&2
  exit 1
fi
echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of package names
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
[ -z "${1:-}" ] || unpack_wayland_glfw
