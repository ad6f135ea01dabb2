#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Screens and keys: Tab round, F1 help, F10 and q quit, the sizes from 40x10 to 250x70, an interrupted terminal.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

tui_open 100 30
tui_state >"$TMP/before"
# Only what is marked: the driver's own tmux commands are execs too.
tui_start -m "$MARK"
tui_state_is "$TMP/before" && fail "the terminal is as before while it runs: the check would prove nothing"
for n in 1 2 3; do tui_exec "$MARK" "run-$n"; done
tui_wait 5 "$MARK run-3" "the execs"

# Tab goes through the screens and comes round; each has what makes it that screen.
is_top() { tui_has 'RATE/s' && tui_has 'COUNT'; }
is_buffers() { tui_has 'HIGH|High' && tui_has 'Accounting|ACCT'; }
is_events() { tui_has "PID .*PPID .*USER .*COMMAND" && tui_has "$MARK run-3"; }
# goto CONDITION: by Tab, at most eight times.
goto() {
	for _ in 1 2 3 4 5 6 7 8; do
		wait_until 0 "$1" && return
		tui_screen >"$TMP/screen"
		press Screens Tab
		changed() { ! cmp -s "$TMP/screen" <(tui_screen); }
		wait_for 5 "Tab shows another screen" changed
		wait_until 1 "$1" && return
	done
	tui_screen | sed 's/^/    |/'
	fail "eight times Tab does not lead to $1"
}
for screen in is_top is_buffers is_events is_top is_events; do
	goto "$screen"
	tui_fits || fail "the screen does not fit: $screen"
done
press Screens Shift-Tab
tui_wait 5 'STARTED BY' "Shift-Tab leads to the screen before"
goto is_events

# By number.
press Screens 1
tui_wait 5 'STARTED BY' Overview
press Screens 3
tui_wait 5 'RATE/s.*COUNT' Top
press Screens 4
tui_wait 5 'RESULT +RUN +CPUTIM' Tree
press Screens 5
tui_wait 5 '^Accounting' Buffers
press Screens 6
tui_wait 20 'Program ebt_' Lab
press Screens 2
tui_wait 5 "$MARK run-3" Events

# Help opens by each of its keys, shows the keys, and goes by each that leads back.
help_by() {
	tui_wait 5 'Keys and marks' "help by $1"
	tui_wait 5 'TIME  when it began' "the columns of the screen that it was opened on"
}
back_by() { tui_wait 5 "$MARK run-3" "the events after help was left by $1"; }
press General F1
help_by F1
press General Esc
back_by Esc
press General h
help_by h
press General q
back_by q
press General '?'
help_by '?'
press General F10
back_by F10

# Sizes.
for size in "40 10" "250 70" "80 24" "20 5" "3 2" "100 30"; do
	# shellcheck disable=SC2086 # two numbers
	tui_resize $size
	tui_exec "resized-${size/ /x}" "$MARK"
	fits() { tui_processes && alive "$EBT_VIEW" && tui_fits; }
	wait_for 5 "the screen fits $size" fits
	case $size in
	"40 10" | "250 70" | "80 24" | "100 30")
		tui_wait 5 'F1 ?Help' "the F-key bar at $size"
		tui_wait 5 "nop re" "a new exec at $size"
		;;
	esac
done
# At every size each screen draws.
for size in "40 10" "250 70"; do
	# shellcheck disable=SC2086
	tui_resize $size
	for _ in 1 2 3; do
		tui_keys Tab
		wait_for 5 "each screen fits $size" fits
	done
done
tui_resize 100 30

press General q
tui_restored "$TMP/before" "q"
tui_wait 5 'ended=0' "exit status 0 after q"
tui_start
press General F10
tui_restored "$TMP/before" F10
# Ctrl-C from anywhere: here from help.
tui_start
tui_keys F1
tui_wait 5 'Keys and marks'
press General Ctrl-C
tui_restored "$TMP/before" Ctrl-C
# Suspended and resumed.
tui_start
press General Ctrl-Z
tui_wait 5 '^\[1\]\+ +Stopped' "the shell's word, whole"
tui_state >"$TMP/stopped"
diff "$TMP/before" "$TMP/stopped" >"$TMP/diff" || { show "$TMP/diff"; fail "Ctrl-Z leaves the terminal changed"; }
tui_line fg
tui_wait 5 'F1 ?Help' "the screen after fg"
tui_keys q
tui_restored "$TMP/before" "q after fg"
