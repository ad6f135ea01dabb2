#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The screen Profiles: a program appears, keys reach its profile, pairs by name, an anomaly in the feed; the screen has no
# rights; the end of the other side gives the terminal back; attach shows the same.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../lib/homeo.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel
program "habits-$$"

# Only ours is normal in a fresh daemon, so only ours has anomalies: it stands first.
walk() {
	tui_wait 20 'Profiles: [0-9]+ training' "the screen Profiles"
	runs 20 "$PROGRAM" plain
	tui_wait 5 "(training|frozen).*$PROGRAM" "the program's row"
	ask normalize "$PROGRAM" >/dev/null || fail normalize
	tui_wait 5 "normal .*$PROGRAM" "its state"
	"$PROGRAM" shellcode >/dev/null 2>&1
	tui_wait 5 "anomaly [0-9]+ $PROGRAM: .* pairs never seen" "the anomaly in the feed"
	tui_wait 5 "^normal .* [1-9][0-9]* +[0-9]+ +[1-9][0-9]* +[0-9]+ $PROGRAM" "anomalies in its row"
	tui_keys Home i
	tui_wait 5 'set_tid_address +after arch_prctl +N' "its pairs by name"
	tui_keys Escape
	tui_wait 5 'STATE +CALLS'
	tui_keys t
	tui_wait 5 "^tolerize $PROGRAM" "the answer to t"
	tui_wait 5 "training .*$PROGRAM"
}

tui_open 120 40
tui_line "'$EBT_BIN' --homeostasis --cache-dir '$EBT_CACHE' --set min-train=50; echo ended=\$?"
tui_wait 20 'Profiles: [0-9]+ training'
server=$(pgrep -f -- "--homeostasis --cache-dir $EBT_CACHE" | head -n 1)
view=$(children_of "$server" | head -n 1)
[ -n "$view" ] || fail "no view process"
[ "$(awk '/^Uid/ { print $2 }' "/proc/$view/status")" != 0 ] || fail "the view is root"
[ "$(awk '/^CapEff/ { print $2 }' "/proc/$view/status")" = 0000000000000000 ] || fail "the view has capabilities"
[ "$(awk '/^Seccomp:/ { print $2 }' "/proc/$view/status")" = 2 ] || fail "the view has no seccomp filter"
tui_keys q
tui_wait 10 'ended=0'
[ "$(tui_is alternate_on)" = 0 ] || fail "the alternate screen is left on"

tui_line "clear; '$EBT_BIN' --homeostasis --cache-dir '$EBT_CACHE'; echo ended=\$?"
tui_wait 20 'Profiles: [0-9]+ training'
server=$(pgrep -f -- "--homeostasis --cache-dir $EBT_CACHE" | head -n 1)
kill -KILL "$server"
tui_wait 10 'the daemon has ended' "a sentence on why"
wait_for 5 "the terminal is given back" eval '[ "$(tui_is alternate_on)" = 0 ]'
tui_line 'clear; echo still $((40 + 2)) here'
tui_wait 5 'still 42 here' "a shell that can be used"

daemon_start --set normal-wait=1000000
tui_line "clear; '$EBT_BIN' attach --socket '$SOCKET'; echo ended=\$?"
walk
daemon_stop
tui_wait 10 'ended=1'
tui_has 'the daemon has ended' || fail "no sentence on why"
