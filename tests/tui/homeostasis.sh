#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# --homeostasis: the view with the screen Profiles; a program appears, keys reach its profile, pairs by name, an anomaly among
# the execs with its cause; the view has no rights; the monitor's end is said and the rest goes on. attach shows the screen alone.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../lib/homeo.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel
program "habits-$$"

# A machine where much begins to run pushes an event out of the feed in no time: once more, then.
anomaly_shown() {
	"$PROGRAM" shellcode >/dev/null 2>&1
	wait_until 1 tui_has "$PROGRAM: anomaly: .* pairs never seen"
}

# The process that was started; its children have the same command line, and any number.
server_of() {
	local pid
	for pid in $(pgrep -f -- "--homeostasis --cache-dir $EBT_CACHE"); do
		[ "$(cat "/proc/$pid/comm")" = execbig-top ] && echo "$pid"
	done 2>/dev/null
}

# Only ours is normal in a fresh monitor, so only ours has anomalies: it stands first.
walk() {
	local normalize=$1 answer=$2
	tui_wait 20 'Profiles: [0-9]+ training' "the screen Profiles"
	runs 20 "$PROGRAM" plain
	tui_wait 5 "(training|frozen).*$PROGRAM" "the program's row"
	$normalize
	tui_wait 5 "normal .*$PROGRAM" "its state"
	wait_for 15 "the anomaly below the profiles" anomaly_shown
	tui_wait 5 "^normal .* [1-9][0-9]* +[0-9]+ +[1-9][0-9]* +[0-9]+ $PROGRAM" "anomalies in its row"
	tui_keys Home
	press Profiles i
	tui_wait 5 'set_tid_address +after arch_prctl +N' "its pairs by name"
	tui_keys Escape
	tui_wait 5 'STATE +CALLS'
	press Profiles Enter
	tui_wait 5 'set_tid_address +after arch_prctl +N' "its pairs by name, by Enter"
	tui_keys Escape
	tui_wait 5 'STATE +CALLS'
	press Profiles w
	tui_wait 5 "$answer" "the answer to w"
	press Profiles s
	tui_wait 5 "sensitize $PROGRAM" "the answer to s"
	press Profiles t
	tui_wait 5 "tolerize $PROGRAM" "the answer to t"
	tui_wait 5 "training .*$PROGRAM"
}
# Rows move while others begin to run: what is below the cursor is said by its pairs.
on_ours() {
	tui_click_on " $PROGRAM"
	tui_keys i
	wait_until 2 tui_has "^Pairs of $PROGRAM at distance"
	local found=$?
	tui_keys Escape
	tui_wait 5 'STATE +CALLS'
	return $found
}
# In the view's own monitor there is nobody to ask but its screen: by name, a click on the row of ours.
by_keys() {
	local i
	press Profiles o
	tui_keys o Home
	for ((i = 0; i < 10; i++)); do
		tui_has "^[tf][a-z]+ .* $PROGRAM" && break
		tui_keys NPage
		wait_until 0.3 false
	done
	wait_for 15 "the cursor is on ours" on_ours
	# By its name, too; what is typed is no order.
	tui_keys Home /
	tui_type "${PROGRAM##*/}"
	tui_wait 5 "^Search.*${PROGRAM##*/}" "what is typed"
	tui_has 'not found' && fail "a search finds no row of ours"
	tui_keys Enter i
	tui_wait 5 "^Pairs of $PROGRAM at distance" "the row that was found"
	tui_keys Escape
	tui_wait 5 'STATE +CALLS'
	press Profiles n
	tui_wait 5 "normalize $PROGRAM" "the answer to n"
	tui_keys o
}
by_asking() { ask normalize "$PROGRAM" >/dev/null || fail normalize; }

tui_open 140 40
tui_line "'$EBT_BIN' --homeostasis --cache-dir '$EBT_CACHE' --set min-train=50 --set normal-wait=1000000 --set anomaly-limit=1000 -m '^$PROGRAM'; echo ended=\$?"
tui_wait 20 'Events +Top +Tree +Buffers +Lab +Profiles' "a tab for Profiles"
runs 1 "$PROGRAM" plain
tui_wait 10 " $PROGRAM plain" "the exec in the feed"
tui_wait 5 " new .*$PROGRAM: new profile #[0-9]+" "the new profile in the feed"
tui_keys Tab Tab Tab Tab Tab Tab
tui_wait 10 'STATE +CALLS' "Profiles behind Lab"
tui_keys Tab
tui_wait 5 'TIME .*COMMAND' "Events again"
server=$(server_of)
view=$(for p in $(children_of "$server"); do [ "$(cat "/proc/$p/comm")" = execbig-view ] && echo "$p"; done)
homeo=$(for p in $(children_of "$server"); do [ "$(cat "/proc/$p/comm")" = execbig-homeo ] && echo "$p"; done)
[ -n "$view" ] && [ -n "$homeo" ] || fail "no view or no monitor process"
[ "$(awk '/^Uid/ { print $2 }' "/proc/$view/status")" != 0 ] || fail "the view is root"
[ "$(awk '/^CapEff/ { print $2 }' "/proc/$view/status")" = 0000000000000000 ] || fail "the view has capabilities"
[ "$(awk '/^Seccomp:/ { print $2 }' "/proc/$view/status")" = 2 ] || fail "the view has no seccomp filter"
press Screens 7
walk by_keys "nothing is saved, there is no directory"
tui_keys 2
tui_wait 5 " ANOM .*$PROGRAM: anomaly: [a-z0-9_]+," "the anomaly in the feed"
tui_keys End Enter
tui_wait 5 'State +[a-z_]+' "details of an event"
tui_wait 5 '^ *Cause' "its cause"
tui_keys Escape
kill -KILL "$homeo"
tui_wait 20 'watches homeostasis has ended' "a sentence on the end of the monitor"
runs 1 "$PROGRAM" list /
tui_wait 10 " $PROGRAM list /" "execs all the same"
tui_keys q
tui_wait 10 'ended=0'
[ "$(tui_is alternate_on)" = 0 ] || fail "the alternate screen is left on"

tui_line "clear; '$EBT_BIN' --homeostasis --cache-dir '$EBT_CACHE'; echo ended=\$?"
tui_wait 20 'Buffers +Lab +Profiles'
server=$(server_of)
homeo=$(for p in $(children_of "$server"); do [ "$(cat "/proc/$p/comm")" = execbig-homeo ] && echo "$p"; done)
kill -KILL "$server"
tui_wait 10 'the loader has ended' "a sentence on why"
wait_for 5 "the terminal is given back" eval '[ "$(tui_is alternate_on)" = 0 ]'
wait_for 10 "the monitor ends with its loader" eval '! alive "$homeo"'
tui_line 'clear; echo still $((40 + 2)) here'
tui_wait 5 'still 42 here' "a shell that can be used"

daemon_start --set normal-wait=1000000 --set anomaly-limit=1000
tui_line "clear; '$EBT_BIN' attach --socket '$SOCKET'; echo ended=\$?"
walk by_asking '(^|[^a-z] *)saved'
daemon_stop
tui_wait 10 'ended=1'
tui_has 'the daemon has ended' || fail "no sentence on why"

# From the terminal of a user of the group, who may act; a stranger is told why not.
daemon_start --set normal-wait=1000000 --group nogroup
as() { printf "setpriv --reuid=%s --regid=%s --clear-groups" "$1" "$2"; }
tui_line "clear; $(as 65533 65533) '$EBT_BIN' attach --socket '$SOCKET'; echo ended=\$?"
tui_wait 10 'ended=77'
tui_has 'you may not ask the daemon' || fail "no sentence for a stranger"
tui_line "clear; $(as 65533 65534) '$EBT_BIN' attach --socket '$SOCKET'; echo ended=\$?"
tui_wait 20 'Profiles: [0-9]+ training' "the screen for a member of the group"
runs 3 "$PROGRAM" plain
ask normalize "$PROGRAM" >/dev/null || fail normalize
"$PROGRAM" shellcode >/dev/null 2>&1
tui_wait 5 "^normal .* [1-9][0-9]* +[0-9]+ +[1-9][0-9]* +[0-9]+ $PROGRAM" "anomalies in its row"
tui_keys Home t
tui_wait 5 "tolerize, asked for by uid 65533|tolerize $PROGRAM" "the answer to t"
tui_wait 5 "^training .* $PROGRAM" "an order is carried out"
tui_keys q
tui_wait 10 'ended=0'
daemon_stop
