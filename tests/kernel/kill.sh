#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# SIGKILL of each process in turn: nothing is left, neither BPF programs and maps nor a child.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

# check WHAT VICTIM OTHER: kills VICTIM; OTHER ends by itself and nothing is left.
check() {
	kill -KILL "$2"
	wait_for 10 "$1: the other process ends" gone "$3"
	nothing_left "$1"
	wait_for 5 "$1: no child left" no_child
}
# nothing_left WHAT: of what is in $TMP/held.
nothing_left() {
	wait_until 10 bpf_gone "$TMP/held" || { show "$TMP/bpf.left"; fail "$1: BPF objects are left"; }
}
# hold PID…: notes what they hold, and that there is something.
hold() {
	bpf_held "$@" >"$TMP/held"
	grep -q '^progs' "$TMP/held" && grep -q '^maps' "$TMP/held" || fail "nothing held while it runs: the check would prove nothing"
	bpf_gone "$TMP/held" && fail "what it holds is not found: the check would prove nothing"
}
no_child() { ! pgrep -x -g 0 execbig-compile >/dev/null 2>&1 && [ -z "$(pgrep -P "$EBT_PID" 2>/dev/null)" ]; }

for mode in -J -b -e; do
	out=$TMP/out$mode
	for victim in loader view; do
		if [ "$mode" = -b ]; then
			ebt_launch "$out" -b -d 0.2
			wait_for 20 "a frame with $mode" test -s "$out"
		else
			ebt_start "$out" "$mode"
		fi
		wait_for 5 "a view with $mode" ebt_view_of "$EBT_PID" >/dev/null
		view=$(ebt_view_of "$EBT_PID")
		hold "$EBT_PID" "$view"
		if [ "$victim" = loader ]; then
			check "$mode, loader killed" "$EBT_PID" "$view"
		else
			check "$mode, view killed" "$view" "$EBT_PID"
			end_of "$EBT_PID" 5
			[ "$STATUS" != 0 ] || fail "$mode: exit status 0 after the view was killed"
		fi
	done
done

# The compiler, killed while it works: a sentence or a second try, never a hang, and nothing left. It is stopped as soon as
# it appears, so that it is still there to be killed.
"$EBT_BIN" --no-cache -J -- "$EBT_TOOLS/nop" >"$TMP/out" 2>"$TMP/err" &
EBT_PID=$!
SPAWNED+=("$EBT_PID")
compiler() {
	local child
	for child in $(children_of "$EBT_PID"); do
		[ "$(cat "/proc/$child/comm" 2>/dev/null)" = execbig-compile ] && kill -STOP "$child" 2>/dev/null && VICTIM=$child && return
	done
	return 1
}
VICTIM=
deadline=$((${EPOCHREALTIME/./} + 10000000 * ${EBT_PATIENCE:-1}))
until compiler || gone "$EBT_PID" || [ "${EPOCHREALTIME/./}" -gt "$deadline" ]; do :; done
[ "$VICTIM" ] || fail "execbig-compile was not seen with --no-cache"
kill -KILL "$VICTIM"
end_of "$EBT_PID" 20
[ "$STATUS" = 1 ] || { show "$TMP/err"; fail "compiler killed: exit status $STATUS, want 1"; }
[ "$(head -n 1 "$TMP/err" | grep -c '^execbig-top: .*compil')" = 1 ] || { show "$TMP/err"; fail "compiler killed: no sentence that says so"; }
[ -z "$(children_of "$EBT_PID")" ] || fail "compiler killed: a child is left"

# An orderly end leaves nothing either.
ebt_start "$TMP/out" -J
hold "$EBT_PID" "$(ebt_view_of "$EBT_PID")"
ebt_stop
[ "$STATUS" = 0 ] || fail "exit status $STATUS after Ctrl-C"
nothing_left "after Ctrl-C"
