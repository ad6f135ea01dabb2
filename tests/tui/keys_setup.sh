#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The keys of the setup screen: values changed, typed, refused, applied; display; columns hidden and moved; saved.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

mkdir "$TMP/xdg"
TUI_ENV="env -u SUDO_UID -u SUDO_GID XDG_CONFIG_HOME=$TMP/xdg"
tui_open 130 40
tui_start -m "$MARK"
tui_exec "$MARK-one"
tui_wait 5 "$MARK-one"
for key in F2 S C; do
	case $key in
	F2) press General F2 ;;
	S) press General S ;;
	C) press General C ;;
	esac
	tui_wait 5 'Scratch .*per-CPU slot' "setup by $key"
	tui_keys Escape
	tui_wait 5 "$MARK-one" "Esc leaves setup"
done

# Values: by steps, typed, refused with a reason.
tui_keys F2
tui_wait 5 'Scratch +8\.0K +per-CPU' "the value that runs"
press Move Right
tui_wait 5 'Scratch +8\.0K +> 16K' "raised, not applied"
tui_wait 5 'Not applied yet' "and it says so"
press Move Left
tui_wait 5 'Scratch +8\.0K +per-CPU' "back"
press Setup Enter
tui_wait 5 '^Scratch: 8192' "the value to edit"
tui_keys C-u
tui_type 12288
tui_keys Enter
tui_wait 5 'Scratch +8\.0K +> 12K' "the typed value"
press Setup Space
tui_wait 5 '^Scratch: 12288'
tui_keys C-u
tui_type 7
tui_keys Enter
tui_wait 5 'Scratch: "7" is not between 512 and 32K' "what is allowed"
tui_wait 5 'Scratch +8\.0K +> 12K' "a wrong value changes nothing"
tui_keys Down Enter
tui_wait 5 '^Ring: '
tui_keys C-u
tui_type 3000000
tui_keys Enter
tui_wait 5 'not a power of two' "what is wrong"
press Setup F5
tui_wait 30 'Scratch +12K +per-CPU' "applied"
tui_wait 5 'Generation 2' "a second generation"
tui_keys Home Left
tui_wait 5 'Scratch +12K +> 8\.0K' "lowered"
press Setup a
tui_wait 30 'Generation 3' "a third"
tui_exec "$MARK-two"
tui_keys Escape
tui_wait 5 "$MARK-two" "an exec seen by the third generation"
tui_wait 5 "$MARK-one" "and the history is still there"

# Display.
tui_keys F2
press Setup Tab
tui_wait 5 'Theme +default' "the next page"
press Setup Shift-Tab
tui_wait 5 'Scratch .*per-CPU' "the page before"
tui_keys Tab Right
tui_wait 5 'Theme +monochrome'
tui_keys Left
tui_wait 5 'Theme +default'
tui_keys Down Right
tui_wait 5 'First screen +top'
tui_keys Down
tui_wait 5 'CPU buffers +no'
tui_type ' '
tui_wait 5 'CPU buffers +yes'
tui_wait 5 'Scratch of CPU +0 +[0-9]+% .*/s' "the figures of CPU 0"

# Columns of Events: TIME hidden, and moved; the command cannot be hidden.
tui_keys Tab
tui_wait 5 '^ \[x\] TIME' "the columns"
tui_type ' '
tui_wait 5 '\[ \] TIME' "hidden"
tui_keys Escape
tui_wait 5 '^CPU +PID +PPID' "Events without TIME"
tui_keys F2 Home
tui_wait 5 '\[x\] CPU'
press Setup F8
tui_order '\[x\] PID' '\[x\] CPU' "moved down by F8"
press Setup F7
tui_order '\[x\] CPU' '\[x\] PID' "and up by F7"
press Setup ']'
tui_order '\[x\] PID' '\[x\] CPU' "down by ]"
press Setup '['
tui_order '\[x\] CPU' '\[x\] PID' "up by ["
tui_keys F8
tui_order '\[x\] PID' '\[x\] CPU'
tui_keys Home
for _ in $(seq 11); do tui_keys Down; done
tui_cursor_wait 'COMMAND' "the command's column"
tui_type ' '
tui_wait 5 'this column takes the rest' "why it stays"

# Nothing was written so far; saved by F6, and by W.
[ ! -e "$TMP/xdg/execbig-top" ] || fail "settings are written without being asked for"
press Setup F6
tui_wait 5 "settings written to $TMP/xdg/execbig-top/config" "where they are"
grep -qx 'screen = top' "$TMP/xdg/execbig-top/config" || fail "the first screen is not kept"
rm -r "$TMP/xdg/execbig-top"
tui_keys Down
tui_wait_not 5 "settings written"
press Setup W
tui_wait 5 "settings written to $TMP/xdg/execbig-top/config" "written by W"
grep -qx 'events_columns = pid cpu ppid .* command' "$TMP/xdg/execbig-top/config" || fail "the columns are not kept"
tui_keys q
tui_wait 5 '^ +PID CPU +PPID' "the list, its columns moved"
tui_keys q
tui_wait 10 'ended=0'

TUI_SCREEN=""
tui_start -m "$MARK"
tui_wait 5 'RATE.*COUNT' "begins with Top"
grep -qx 'cpu_meters = yes' "$TMP/xdg/execbig-top/config" || fail "the lines of the CPUs are not kept"
tui_keys 2
tui_wait 5 '^ +PID CPU +PPID' "with its own columns"
tui_keys q
tui_wait 10 'ended=0'
