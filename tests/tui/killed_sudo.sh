#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# sudo gives its command a terminal of its own, and closes it as soon as the command is gone: the loader, which is that
# command, is killed, and the view has left the screen before that. On a busy machine it can come too late: nine of ten.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel
need sudo

sudo -n true 2>"$TMP/sudo.err" || { show "$TMP/sudo.err"; fail "sudo asks for a password"; }
tui_open 100 30
tui_state >"$TMP/before"
late=0
for round in {1..10}; do
	tui_line "clear; sudo -n env TERM=\$TERM XDG_CONFIG_HOME=$TMP/none '$EBT_BIN' --cache-dir '$EBT_CACHE'; echo \"ended=\$?\""
	tui_wait 20 'F1 ?Help' "the F-key bar"
	# Below the shell sudo, its monitor where it has made a terminal, and the loader.
	EBT_PID=$(tui_is pane_pid)
	until [ "$(cat "/proc/$EBT_PID/comm")" = execbig-top ]; do
		EBT_PID=$(children_of "$EBT_PID" | head -n 1)
		[ -n "$EBT_PID" ] || fail "no loader below sudo"
	done
	EBT_VIEW=$(ebt_view_of "$EBT_PID")
	kill -KILL "$EBT_PID"
	wait_for 10 "round $round: the view ends" gone "$EBT_VIEW"
	tui_wait 5 'ended=' "round $round: sudo ends"
	sleep 0.1
	tui_state_is "$TMP/before" && continue
	late=$((late + 1))
	diff "$TMP/before" "$TMP/state"
	tui_open 100 30
	tui_state >"$TMP/before"
done
[ "$late" -le 3 ] || fail "$late of 10 times the screen was not left"
