#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# An exec is on the screen soon after it happened, with its pid, user, arguments, and its exit status later.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

tui_open 140 30
# Only what is marked: the driver's own tmux commands are execs too.
tui_start -m "$MARK"
# Best of several: the time until a screen is redrawn is ours, the time the test machine takes for tmux is not.
best=1000000000
for n in 1 2 3 4 5; do
	start=$(now_us)
	tui_exec "$MARK-$n" &
	pid=$!
	until tui_row "$MARK-$n"; do
		[ $(($(now_us) - start)) -lt 5000000 ] || { tui_screen | sed 's/^/    |/'; fail "exec $n is not on the screen after 5 s"; }
	done
	took=$(($(now_us) - start))
	[ "$took" -ge "$best" ] || best=$took
	wait "$pid"
	[[ " $TUI_ROW " == *" $pid "* ]] || fail "the row has no pid $pid: $TUI_ROW"
	[[ " $TUI_ROW " == *" root "* ]] || fail "the row has no user: $TUI_ROW"
done
say "first seen on the screen after $((best / 1000)) ms at best (200 is wanted)"
[ "$best" -lt 1000000 ] || fail "an exec takes $((best / 1000)) ms to appear"

# How it ended is filled in.
(exec -a marked "$EBT_TOOLS/marked" --leaf "$MARK-code" 37 x)
tui_wait 5 " 37 .*$MARK-code" "the exit status 37 in the row"

# Bytes that could steer the terminal are made visible, not sent.
tui_exec "$MARK-esc" $'\e]0;stolen\a\e[2J\e[31mred' $'bidi\u202e' $'line\nbreak'
tui_wait 5 "$MARK-esc" "the row with control bytes"
tui_has stolen || fail "the bytes after a control byte are not shown"
[ "$(tui_is pane_title)" != stolen ] || fail "an argument set the terminal's title"
tui_has 'F1 ?Help' || fail "an argument cleared the screen"
tui_screen | grep -qP '[\x{202a}-\x{202e}\x{2066}-\x{2069}]' && fail "a bidi control was sent to the terminal"
tui_keys q
exit 0
