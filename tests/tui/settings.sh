#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Settings are written when asked, as the invoking user, and are there at the next start; the command line wins over
# them. Details say what kind of file was run.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel
# The user that sudo would have come from: one with a home, as far as passwd goes.
uid=$(getent passwd daemon | cut -d: -f3) && [ -n "$uid" ] || skip "there is no user daemon"
config=$TMP/xdg
# The test's directory is the tester's; its name, not its contents, may be known to the user.
chmod 711 "$TMP"
mkdir "$config" && chown "$uid" "$config"
as_user="env SUDO_UID=$uid SUDO_GID=$uid XDG_CONFIG_HOME=$config"

start() {
	tui_line "clear; $as_user '$EBT_BIN' --cache-dir '$EBT_CACHE' $*; echo \"ended=\$?\""
	tui_wait 20 'F1 ?Help' "the F-key bar"
}
stop() {
	tui_keys q
	tui_wait 10 'ended=0' "the end"
}

tui_open 160 50
start -m "$MARK"
tui_keys S
tui_wait 5 'Scratch .*per-CPU slot' "the setup screen"
[ ! -e "$config/execbig-top" ] || fail "settings are written without being asked for"
tui_keys Tab
tui_wait 5 'Theme +default' "the theme"
tui_keys Right
tui_wait 5 'Theme +monochrome' "another theme"
tui_keys W
tui_wait 5 "settings written to $config" "that they are written"
grep -qx 'theme = monochrome' "$config/execbig-top/config" || fail "the file has no theme"
[ "$(stat -c '%u %a' "$config/execbig-top/config")" = "$uid 600" ] || fail "the file is not the user's alone"
[ "$(ls -A "$config/execbig-top")" = config ] || fail "something else is left beside it"
tui_keys Escape
tui_wait 5 'F1 ?Help'
stop

start -m "$MARK"
tui_keys S
tui_wait 5 'Scratch .*per-CPU slot' "the setup screen"
tui_keys Tab
tui_wait 5 'Theme +monochrome' "the theme that was kept"
tui_keys Escape
tui_wait 5 'F1 ?Help'

# The file's kind, by a process that is neither root nor traced.
tui_exec "$MARK-elf"
tui_wait 5 "$MARK-elf" "the exec"
tui_keys 2 End Enter
tui_wait 5 'ELF 64-bit [a-z0-9-]+, .*(static|interpreter /)' "the ELF kind"
if command -v readelf >/dev/null; then
	id=$(readelf -n "$EBT_TOOLS/nop" | sed -n 's/.*Build ID: //p')
	[ -z "$id" ] || tui_wait 5 "build-id ${id:0:16}" "the build-id"
fi
tui_keys Escape
stop

# What the command line names wins, also where it names what is usual anyway.
set_to() { sed -i "s/^$1 = .*/$1 = $2/" "$config/execbig-top/config"; }
set_to screen buffers
start -s top
tui_wait 5 'RATE.*COUNT.*EXE' "the screen that was asked for"
stop
start -s events -m "$MARK"
tui_wait 5 '(waiting for the first exec, |seen, all )filtered by -m' "Events, though Buffers was kept"
stop
start
tui_wait 5 '^Accounting' "the screen that was kept"
stop
set_to screen top
set_to sort count
set_to invert yes
set_to group comm
start
tui_wait 5 'COUNT△.* COMM( |$)' "sort, order and group as kept"
stop
start -o rate -g exe
tui_wait 5 'RATE/s▽.* EXE( |$)' "sort, order and group as asked for"
stop

# Root without sudo: root's own file, read though the view is another user, and written by a process that is root without
# a capability, shut into the directory of the file.
own=$TMP/own
mkdir "$own"
as_user="env -u SUDO_UID -u SUDO_GID XDG_CONFIG_HOME=$own"
start -m "$MARK"
wait_for 5 "loader and view" tui_processes
[ "$(sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "/proc/$EBT_VIEW/status")" -ge 61184 ] || fail "the view has no uid of its own"
saver=$(for pid in $(children_of "$EBT_VIEW"); do [ "$(cat "/proc/$pid/comm")" = execbig-saver ] && echo "$pid"; done)
[ -n "$saver" ] || fail "no process that saves"
[ "$(readlink "/proc/$saver/root")" = "$own" ] || fail "the saver's root is $(readlink "/proc/$saver/root")"
for field in CapInh CapPrm CapEff CapBnd CapAmb; do
	grep -q "^$field:[[:space:]]*0000000000000000$" "/proc/$saver/status" || fail "the saver's $field is not empty"
done
grep -q '^Seccomp:[[:space:]]*2$' "/proc/$saver/status" || fail "the saver has no seccomp filter"
grep -q '^NoNewPrivs:[[:space:]]*1$' "/proc/$saver/status" || fail "the saver could gain privileges"
find "/proc/$saver/fd" -lname '/dev/pts/*' | grep -q . && fail "the saver has the terminal"
tui_keys S Tab Right
tui_wait 5 'Theme +monochrome'
tui_keys W
tui_wait 5 "settings written to $own/execbig-top/config" "where they are"
[ "$(stat -c '%u %a' "$own/execbig-top/config")" = "0 600" ] || fail "the file is not root's alone"
tui_keys Escape
stop
wait_for 5 "the saver ends with the view" gone "$saver"
start -m "$MARK"
tui_keys S Tab
tui_wait 5 'Theme +monochrome' "root's theme that was kept"
# The directory there is now closer: the process is shut into that one.
wait_for 5 "loader and view" tui_processes
saver=$(for pid in $(children_of "$EBT_VIEW"); do [ "$(cat "/proc/$pid/comm")" = execbig-saver ] && echo "$pid"; done)
[ "$(readlink "/proc/$saver/root")" = "$own/execbig-top" ] || fail "the saver's root is $(readlink "/proc/$saver/root")"
# It dies: said, not waited for.
kill -KILL "$saver"
wait_for 5 "the saver is gone" gone "$saver"
tui_keys W
tui_wait 5 "cannot write $own/execbig-top/config: .*ended" "why nothing was written"
tui_keys Escape
stop

# Where somebody else has a say root writes nothing, and says so.
chown "$uid" "$own"
rm -r "$own/execbig-top"
start -m "$MARK"
tui_keys S W
tui_wait 5 "settings not written: $own is not root's alone" "why not"
[ ! -e "$own/execbig-top" ] || fail "root wrote into a directory of another user"
tui_keys Escape
stop
# A directory that cannot be written to, by a user.
as_user="env SUDO_UID=$uid SUDO_GID=$uid XDG_CONFIG_HOME=/proc/1"
start -m "$MARK"
tui_keys S W
tui_wait 5 "cannot write /proc/1/execbig-top/config: " "why not"
tui_keys Escape
stop
exit 0
