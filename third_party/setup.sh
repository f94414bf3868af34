#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs from the distribution what Portside is built with; with --tests, also what its tests run; with --bench,
# beside that, what tests/bench measures with: Google Benchmark, and the tools that Portside is compared with. Debian 12
# and later.
set -eu

build="g++ cmake ninja-build pkgconf libimgui-dev libglfw3-dev libgl-dev python3-glad libmnl-dev libfmt-dev libexpected-dev
       libcli11-dev nlohmann-json3-dev libtomlplusplus-dev libsystemd-dev libfontconfig-dev libfreetype-dev"
# What the overlay uses where it finds it: fonts, and pkexec with kill for other users' processes, and
# libsystemd for stopping units.
run="fonts-inter fonts-jetbrains-mono fonts-dejavu-core libgl1-mesa-dri pkexec polkitd procps libsystemd0"
tests="doctest-dev libx11-dev clang-format clang-tidy-19 iproute2 util-linux xvfb openbox xdotool x11-utils
       imagemagick dbus polkitd fonts-noto-core fonts-alee git python3"
bench="libbenchmark-dev lsof net-tools"

packages="$build $run"
case "${1:-}" in
  "") ;;
  --tests) packages="$packages $tests" ;;
  --bench) packages="$packages $tests $bench" ;;
  *) echo "usage: third_party/setup.sh [--tests|--bench]" >&2; exit 2 ;;
esac

missing=""
for package in $packages; do
  status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [ "$status" = "install ok installed" ] || missing="$missing $package"
done
if [ -z "$missing" ]; then
  echo "Everything that Portside is built with is installed."
  exit 0
fi

as_root=""
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "These packages are missing, and neither root nor sudo is at hand to install them:$missing" >&2
    exit 1
  fi
  as_root="sudo"
fi
echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of package names
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
