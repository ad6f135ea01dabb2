#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What a command behind -- writes must not reach the screen: its last MiB is printed at the end, and no more is kept.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel
tui_open 100 30
# start COMMAND
start() {
	tui_line "clear; XDG_CONFIG_HOME=$TMP/none '$EBT_BIN' --cache-dir '$EBT_CACHE' -- sh -c '$1'; echo \"ended=\$?\""
	tui_wait 20 'F1 ?Help' "the F-key bar"
	wait_for 5 "loader and view" tui_processes
}
start "echo one; echo two >&2; exit 7"
tui_wait 10 'ENDED' "the command's end"
tui_keys q
tui_wait 5 '^ended=7' "its status"
tui_has '^one' && tui_has '^two' || fail "not all of its output: $(tui_screen)"
tui_has 'of what the command' && fail "cut, though it is short"

# 40 MB: the loader does not grow with them.
start "seq 1 5000000; echo last-line"
tui_wait 30 'ENDED' "the command's end"
rss=$(awk '/^VmRSS/ { print $2 }' "/proc/$EBT_PID/status")
[ "$rss" -lt 16384 ] || fail "the loader has $rss KiB"
tui_keys q
tui_wait 5 '^ended=0' "its status"
tui_has '^last-line' && tui_has '^5000000' || fail "its last words are not there: $(tui_screen)"
tmux_ capture-pane -p -S -3000 -t "$TUI_PANE" | grep -q '^4999000' || fail "its last lines are not whole"

# It has a terminal of its own size, and nobody types into it: who waits is named, the view's keys are the view's.
start "tty; stty size; test -t 1 && printf \"colour\\n\"; printf \"half\\rwhole\\n\"; read answer; echo \"answer=\$answer\""
tui_wait 20 'waits for input' "the program that waits for input"
press General o
tui_wait 5 'Output of sh' "the screen with its output"
tui_has '^ /dev/pts/' && tui_has '^ 30 100' && tui_has '^ colour' && tui_has '^ whole' || fail "not its output: $(tui_screen)"
tui_has 'half' && fail "a line that was written over: $(tui_screen)"
[ "$(tui_screen | grep -c answer=)" = 0 ] || fail "keys of the view reached the command: $(tui_screen)"
tui_keys q
tui_wait 5 'F1 ?Help' "the list"
tui_keys C-c
tui_wait 5 'still runs' "the question"
tui_keys k
tui_wait 10 '^ended=' "the end"

# What it leaves running is not hung up, neither at its end nor at ours.
start "sleep 300 & echo \$! >$TMP/left; sleep 0.5"
tui_wait 10 'ENDED' "the command's end"
tui_keys q
tui_wait 5 '^ended=0' "its status"
left=$(cat "$TMP/left")
sleep 0.2
alive "$left" || fail "what the command left running was ended"
kill "$left"
