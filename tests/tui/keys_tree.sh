#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The keys of Tree: depth, collapse and expand, to the parent, details; ended processes stay for a while.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

# A family with names of its own: sh, with one that waits and a second sh, which has one that waits of its own.
deep=deep$$ near=near$$ inner=inner$$.sh outer=outer$$.sh
cp "$EBT_TOOLS/waiter" "$TMP/$deep" && cp "$EBT_TOOLS/waiter" "$TMP/$near" || fail cp
cat >"$TMP/$inner" <<SH
$TMP/$deep &
echo \$! >>$TMP/pids
wait
SH
cat >"$TMP/$outer" <<SH
$TMP/$near &
echo \$! >>$TMP/pids
sh $TMP/$inner &
echo \$! >>$TMP/pids
wait
SH
: >"$TMP/pids"
tui_open 120 30
# Only the family: on a busy machine those that ended give way to others before the test has looked.
tui_start -s tree -m "'(deep|near|inner|outer)$$'"
sh "$TMP/$outer" &
SPAWNED+=($!)
pids_known() { [ "$(wc -l <"$TMP/pids")" = 3 ]; }
wait_for 5 "the family" pids_known
# shellcheck disable=SC2207 # numbers
SPAWNED+=($(cat "$TMP/pids"))

tui_keys F4
tui_type "(deep|near|inner|outer)$$"
tui_keys Enter
tui_wait 5 "$deep" "the youngest"
tui_wait 5 " FILTER "
tui_order "$outer" "$near" "parents above their children"
tui_order "$inner" "$deep" "parents above their children"
# Depth lines: the youngest stands further to the right than its parent, that one further than its own.
tui_at "[^ ]*/$deep" && x_deep=$TUI_X
tui_at "sh [^ ]*/$inner" && x_inner=$TUI_X
tui_at "sh [^ ]*/$outer" && x_outer=$TUI_X
[ "$x_outer" -lt "$x_inner" ] && [ "$x_inner" -lt "$x_deep" ] || fail "no depth: $x_outer $x_inner $x_deep"

at_inner() {
	tui_keys Home /
	tui_type "sh .*$inner"
	tui_wait 5 "^Search.*sh [.][*]$inner" "what is typed"
	tui_keys Enter
	tui_cursor_wait "$inner" "found"
}
folded() {
	tui_wait 5 "\[\+1\] sh .*$inner" "$1: folded, with the number"
	tui_has "$deep" && fail "$1: the child is still there"
	tui_has "$near" || fail "$1: something else is folded too"
}
unfolded() {
	tui_wait 5 "$deep" "$1: the child again"
	tui_has "\[\+1\] sh .*$inner" && fail "$1: still marked as folded"
}
at_inner
press Tree -
folded -
press Tree +
unfolded +
tui_type -
folded -
press Tree =
unfolded '='
press Tree Space
folded Space
tui_keys Space
unfolded Space
tui_cursor_wait "$inner" "the cursor has stayed"

# All below the roots at once, and back.
press Tree '*'
tui_wait_not 5 "$deep" "all folded"
tui_wait 5 '\[\+[0-9]+\] ' "a folded row"
tui_type '*'
tui_wait 5 "$deep" "all unfolded"

# To the parent, and details of it by Enter.
tui_keys /
tui_type "/$deep"
tui_keys Enter
tui_cursor_wait "$deep" "found"
press Rows P
tui_cursor_wait "$inner" "its parent"
tui_type P
tui_cursor_wait "$outer" "and the parent's"
tui_keys Enter
tui_wait 5 "Process [0-9]+ sh" "the details"
tui_wait 5 "$TMP/$outer" "every argument"
tui_keys Escape
tui_cursor_wait "$outer" "back"

# Ended processes stay for a while, marked.
for pid in $(cat "$TMP/pids"); do
	[ "$(readlink "/proc/$pid/exe")" = "$TMP/$deep" ] && kill -KILL "$pid"
done
tui_wait 5 "KILL .*† [^ ]*$deep" "ended, by what, and marked"

# What has ended can be hidden; so can kernel threads, and all but what a process has started.
press Tree H
tui_wait_not 5 "† [^ ]*$deep" "hidden"
tui_wait 5 " PART " "the mark of a tree that is not whole"
tui_has "$near" || fail "H: a process that runs is hidden"
tui_keys H
tui_wait 5 "† [^ ]*$deep" "shown again"
press Tree K
tui_wait 5 " PART " "without kernel threads"
tui_keys K
tui_wait_not 5 " PART " "with them"
at_inner
press Tree f
tui_wait 5 " SUBTREE " "the mark of a subtree"
tui_wait_not 5 "$near" "a sibling is hidden"
tui_has "† [^ ]*$deep" || fail "f: what it started is hidden"
tui_keys f
tui_wait 5 "$near" "all again"
press Tree F6
tui_wait 5 'siblings with the most CPU time'
press Tree '<'
tui_wait 5 'siblings stand in the order of their names'
press Tree '>'
tui_wait 5 'siblings stand in the order of their start'

# Follow: the row keeps the cursor. F5 and t lead back to where one came from.
tui_keys F
tui_wait 5 'following the selected row'
tui_keys F
tui_wait 5 'not following'
tui_keys 2
tui_wait 5 'PID +PPID'
press Screens F5
tui_wait 5 "$outer" "the tree"
tui_keys F5
tui_wait 5 'PID +PPID' "back to Events"
press Screens t
tui_wait_not 5 'PID +PPID' "the tree by t"
tui_keys t
tui_wait 5 'PID +PPID' "back by t"
tui_keys q
tui_wait 10 'ended=0'

# A /proc that hides others' processes hides none from the tree: what ran before stands above what it starts.
cp "$EBT_TOOLS/waiter" "$TMP/seeded$$" || fail cp
"$TMP/seeded$$" &
SPAWNED+=($!)
seeded=$!
# Room for whatever else runs on the machine.
tui_resize 120 150
tui_line "clear; $TUI_ENV unshare --mount sh -c 'mount --make-rprivate / && mount -t proc -o hidepid=2 proc /proc && exec \"\$@\"' - \
'$EBT_BIN' --cache-dir '$EBT_CACHE' -s tree -m $MARK"
tui_wait 20 'F1 ?Help' "the F-key bar"
tui_exec "$MARK"
tui_wait 10 "nop $MARK" "what the test starts"
tui_wait 5 "^ *$$ .*keys_tree" "with hidepid: the test itself, which ran before"
# Its exec is no event that -m asks for; its end is shown all the same.
tui_keys F4
tui_type "seeded$$"
tui_keys Enter
tui_wait 5 "^ *$seeded .* run .*seeded$$" "a process that ran before"
kill "$seeded"
tui_wait 20 "^ *$seeded .* TERM .*† .*seeded$$" "it has ended, by which signal"
tui_keys q
tui_wait 10 'prompt> *$'
