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
is_buffers() { tui_has 'HIGH|High' && tui_has 'law|Law|LAW'; }
is_events() { tui_has "PID .*PPID .*USER .*COMMAND" && tui_has "$MARK run-3"; }
# goto CONDITION: by Tab, at most eight times.
goto() {
	for _ in 1 2 3 4 5 6 7 8; do
		wait_until 0 "$1" && return
		tui_screen >"$TMP/screen"
		tui_keys Tab
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
tui_keys BTab
wait_until 3 tui_has_not "$MARK run-3" || fail "Shift-Tab does not leave the screen"
goto is_events

# Help opens and any of its keys closes it.
for key in F1 h '?'; do
	tui_keys "$key"
	tui_wait 5 'Tab' "help after $key"
	tui_wait 5 '[Qq]uit' "help after $key"
	tui_screen >"$TMP/help"
	tui_keys Escape
	tui_wait 5 "$MARK" "the events after help was left"
done

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

tui_keys q
tui_restored "$TMP/before" "q"
tui_wait 5 'ended=0' "exit status 0 after q"
for key in F10 C-c; do
	tui_start
	tui_keys "$key"
	tui_restored "$TMP/before" "$key"
done
# Suspended and resumed.
tui_start
tui_keys C-z
if wait_until 3 tui_has 'Stopped'; then
	tui_state >"$TMP/stopped"
	diff "$TMP/before" "$TMP/stopped" >"$TMP/diff" || { show "$TMP/diff"; fail "Ctrl-Z leaves the terminal changed"; }
	tui_line fg
	tui_wait 5 'F1 ?Help' "the screen after fg"
else
	say "note: Ctrl-Z does not suspend"
fi
tui_keys q
tui_restored "$TMP/before" "q after fg"
