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
tui_keys End Enter
tui_wait 5 'ELF 64-bit [a-z0-9-]+, .*(static|interpreter /)' "the ELF kind"
if command -v readelf >/dev/null; then
	id=$(readelf -n "$EBT_TOOLS/nop" | sed -n 's/.*Build ID: //p')
	[ -z "$id" ] || tui_wait 5 "build-id ${id:0:16}" "the build-id"
fi
tui_keys Escape
stop

sed -i 's/^screen = .*/screen = buffers/' "$config/execbig-top/config"
start -s top
tui_wait 5 'RATE.*COUNT.*EXE' "the screen that was asked for"
stop
exit 0
