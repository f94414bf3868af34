#!/bin/sh
# SPDX-License-Identifier: MIT
# The first process of a polkit sandbox: runs as root in mount, pid and network namespaces of its own, builds the
# machine that the tests need, starts the system bus and polkitd, says "ready", and ends when its input does; with it
# ends everything in the pid namespace. Arguments: rule (yes, no, ask, ask-for-kill, keep or defaults), build directory,
# helper (none, installed, writable or not-executable) and where it is installed, and the state of the caller's login
# session (none, active or online) and its name. Mounts here reach nobody else.
set -eu
rule="$1"
build="$2"
helper="$3"
helper_path="$4"
session="$5"
session_name="$6"

mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
work=/run/portside-test
mkdir -p "$work/bin" "$work/etc" "$work/rules" /run/dbus /run/lock

# The programs first: the build directory may lie under a folder that is covered below, or that users cannot read.
for program in portside portside-overlay tests/test_listener tests/test_pids tests/test_server tests/test_agent tests/test_tray_host tests/test_portal \
  tests/no_dlclose.so; do
  [ ! -e "$build/$program" ] || install -m 755 "$build/$program" "$work/bin/"
done
if [ "$helper" != none ]; then
  mkdir -p "${helper_path%/*}"
  mode=755
  [ "$helper" != writable ] || mode=775
  [ "$helper" != not-executable ] || mode=644
  install -m "$mode" "$build/portside-kill-helper" "$helper_path"
  cp -r /usr/share/polkit-1/actions "$work/actions"
  sed "s|>[^<]*/portside-kill-helper<|>$helper_path<|" "$build/org.portside.Portside.policy" \
    >"$work/actions/org.portside.Portside.policy"
  mount --bind "$work/actions" /usr/share/polkit-1/actions
fi
mount -t tmpfs -o mode=1777 tmpfs /tmp
mkdir -m 1777 /tmp/.X11-unix
mkdir -p /dev/pts
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts /dev/pts

# Users of our own. The administrator's password is "portside test".
hash='$6$rounds=1000$portside$ZrnLvH872PvqjDpGACAAtaLzElvBQNPlSNtAQl9/E0JodZT2zJdv3liF4y1kJmMFgGNO9rRCABiA04/3tuCTd0'
cp -p /etc/passwd /etc/shadow /etc/group "$work/etc/"
for user in portside-a:61001 portside-b:61002 portside-admin:61003; do
  name="${user%:*}"
  id="${user#*:}"
  mkdir "$work/$name"
  chown "$id:$id" "$work/$name"
  echo "$name:x:$id:$id:$name:$work/$name:/bin/sh" >>"$work/etc/passwd"
  echo "$name:x:$id:" >>"$work/etc/group"
  echo "$name:$hash:19000:0:99999:7:::" >>"$work/etc/shadow"
done
for file in passwd shadow group; do
  mount --bind "$work/etc/$file" "/etc/$file"
done

# A local login session of the caller's, as logind writes it down for sd-login(3). Who is in it is told by cgroups.
if [ "$session" != none ]; then
  active=0
  [ "$session" != active ] || active=1
  mkdir -p /run/systemd/sessions /run/systemd/users /run/systemd/seats
  cat >"/run/systemd/sessions/$session_name" <<END
UID=61001
USER=portside-a
ACTIVE=$active
IS_DISPLAY=1
STATE=$session
REMOTE=0
TYPE=wayland
CLASS=user
SCOPE=session-$session_name.scope
SEAT=seat0
VTNR=2
END
  cat >/run/systemd/users/61001 <<END
NAME=portside-a
STATE=$session
SESSIONS=$session_name
SEATS=seat0
DISPLAY=$session_name
END
  echo "SESSIONS=$session_name" >/run/systemd/seats/seat0
  [ "$session" != active ] || printf 'ACTIVE=%s\nACTIVE_UID=61001\n' "$session_name" >>/run/systemd/seats/seat0
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi

case "$rule" in
  yes) answer='polkit.Result.YES' ;;
  no) answer='polkit.Result.NO' ;;
  ask) answer='polkit.Result.AUTH_ADMIN' ;;
  ask-for-kill)
    answer='own ? (action.id == "org.portside.Portside.kill" ? polkit.Result.AUTH_ADMIN : polkit.Result.YES) :
      /[/]kill$/.test(action.lookup("program")) ? polkit.Result.AUTH_ADMIN : polkit.Result.YES' ;;
  keep) answer='polkit.Result.AUTH_ADMIN_KEEP' ;;
  defaults) answer='polkit.Result.NOT_HANDLED' ;;
  *) echo "unknown rule $rule" >&2; exit 2 ;;
esac
other="$answer"
[ "$helper" != installed ] || other='polkit.Result.NO'
cat >"$work/rules/10-portside-test.rules" <<END
polkit.addAdminRule(function(action, subject) { return ["unix-user:portside-admin"]; });
polkit.addRule(function(action, subject) {
  var own = action.id.indexOf("org.portside.Portside.") == 0;
  if (subject.user != "portside-a") { return; }
  if (own) { return $answer; }
  if (action.id == "org.freedesktop.policykit.exec") { return $other; }
});
END
chmod 755 "$work/rules"
mount --bind "$work/rules" /etc/polkit-1/rules.d

ip link set lo up
dbus-daemon --system --nofork --nopidfile --nosyslog &
until [ -S /run/dbus/system_bus_socket ]; do sleep 0.02; done
/usr/lib/polkit-1/polkitd --no-debug &
polkitd=$!
until dbus-send --system --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetNameOwner \
  string:org.freedesktop.PolicyKit1 >/dev/null 2>&1; do
  kill -0 "$polkitd" || exit 1
  sleep 0.02
done
echo ready
cat >/dev/null
