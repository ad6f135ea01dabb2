#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# SIGKILL, SIGTERM or a hang-up of either process: the other restores the terminal and ends.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

tui_open 100 30
tui_state >"$TMP/before"
for signal in KILL TERM HUP SEGV; do
	for victim in view loader; do
		tui_start -m no-such-text
		tui_state_is "$TMP/before" && fail "the terminal is as before while it runs: the check would prove nothing"
		# shellcheck disable=SC2207 # numbers: what writes settings and looks into executables
		helpers=($(children_of "$EBT_VIEW"))
		[ "${#helpers[@]}" -ge 1 ] || fail "the view has no process beside it"
		other=$EBT_VIEW
		[ "$victim" = view ] && other=$EBT_PID
		if [ "$victim" = view ]; then kill -"$signal" "$EBT_VIEW"; else kill -"$signal" "$EBT_PID"; fi
		wait_for 10 "SIG$signal of the $victim: the other process ends" gone "$other"
		for pid in "${helpers[@]}"; do
			wait_for 10 "SIG$signal of the $victim: what they started ends too: $pid" gone "$pid"
		done
		tui_restored "$TMP/before" "SIG$signal of the $victim"
		tui_line clear
		tui_wait_not 5 'typing-42'
	done
done
# The terminal has another size than when it began, and wide rows: tmux folds them when it goes back to the first size, and
# what the view left there would come back as rows of the normal screen.
for signal in KILL TERM; do
	tui_open 80 24
	tui_line 'clear; echo a-row-of-the-shell'
	tui_wait 5 '^a-row-of-the-shell'
	tui_line "$TUI_ENV '$EBT_BIN' --cache-dir '$EBT_CACHE' -m $MARK"
	tui_wait 20 'F1 ?Help' "the F-key bar"
	wait_for 5 "loader and view" tui_processes
	tui_resize 132 40
	for i in {1..30}; do tui_exec "$MARK" wide-{a..z}-row; done
	tui_wait 10 "wide-a-row" "rows wider than 80 columns"
	kill -"$signal" "$EBT_VIEW"
	wait_for 10 "SIG$signal after a resize: the loader ends" gone "$EBT_PID"
	tui_wait 10 '^prompt> *$' "SIG$signal after a resize: the shell's prompt"
	[[ $(tui_screen | head -n 1) = a-row-of-the-shell* ]] || {
		tui_screen | sed 's/^/    |/'
		fail "SIG$signal after a resize: rows of the view are on the normal screen"
	}
done
# The terminal itself goes away, while execs are drawn: all of it ends, and nothing is left attached.
"$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK" 20000 2 >/dev/null &
SPAWNED+=($!)
tui_start
# shellcheck disable=SC2207
pids=("$EBT_PID" "$EBT_VIEW" $(children_of "$EBT_VIEW"))
bpf_held "$EBT_PID" >"$TMP/held"
[ -s "$TMP/held" ] || fail "no BPF program is held: the check would prove nothing"
tui_kill
for pid in "${pids[@]}"; do
	wait_for 10 "the terminal is gone: process $pid ends" gone "$pid"
done
wait_for 10 "and its programs and maps: $(cat "$TMP/held")" bpf_gone "$TMP/held"
# The same with a replay, which has no loader.
"$EBT_TOOLS/recgen" "$TMP/s.rec" 100000 || fail "recgen"
chmod 0644 "$TMP/s.rec"
tui_open 100 30
tui_line "clear; '$EBT_BIN' -r '$TMP/s.rec' --speed 1; echo \"ended=\$?\""
tui_wait 10 'REPLAY'
shell=$(tui_is pane_pid)
# shellcheck disable=SC2207
pids=($(children_of "$shell"))
tui_kill
for pid in "${pids[@]}"; do
	wait_for 10 "the terminal is gone: the replay $pid ends" gone "$pid"
done
exit 0
