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
for signal in KILL TERM SEGV; do
	for victim in view loader; do
		tui_start -m no-such-text
		tui_state_is "$TMP/before" && fail "the terminal is as before while it runs: the check would prove nothing"
		other=$EBT_VIEW
		[ "$victim" = view ] && other=$EBT_PID
		if [ "$victim" = view ]; then kill -"$signal" "$EBT_VIEW"; else kill -"$signal" "$EBT_PID"; fi
		wait_for 10 "SIG$signal of the $victim: the other process ends" gone "$other"
		tui_restored "$TMP/before" "SIG$signal of the $victim"
		tui_line clear
		tui_wait_not 5 'typing-42'
	done
done
# The terminal itself goes away: both end.
tui_start
pids=("$EBT_PID" "$EBT_VIEW")
tui_kill
for pid in "${pids[@]}"; do
	wait_for 10 "the terminal is gone: process $pid ends" gone "$pid"
done
exit 0
