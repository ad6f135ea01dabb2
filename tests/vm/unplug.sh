#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A CPU goes away while it traces, and comes back. With the ring nothing is lost; of perf buffers the kernel takes that CPU's
# for good: what it loses until the view has noticed is counted, then there are new ones.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
online=/sys/devices/system/cpu/cpu1/online
[ -w "$online" ] || skip "CPU 1 cannot be taken away"
plug() { echo "$1" >"$online" || fail "CPU 1 does not go $1"; }
back() { echo 1 >"$online"; }
CLEANUP_HOOKS+=(back)
# execs CPU WHEN: ten.
execs() { for i in {1..10}; do taskset -c "$1" "$EBT_TOOLS/nop" "$MARK-$2-$1-$i"; done; }
count() { seen "$TMP/out" ".type == \"exec\" and (.args[1] // \"\" | startswith(\"$MARK-$1-\"))" | wc -l; }
answers() {
	taskset -c 1 "$EBT_TOOLS/nop" "$MARK-again"
	wait_until 1 has "$MARK-again" "$TMP/out"
}

for transport in ring perf; do
	ebt_start "$TMP/out" -J --transport $transport
	execs 0 before
	execs 1 before
	wait_for 20 "$transport: CPU 1 is seen before" has "$MARK-before-1-10" "$TMP/out"
	plug 0
	execs 0 without
	plug 1
	wait_for 60 "$transport: an exec on CPU 1 is seen after its return" answers
	execs 0 after
	execs 1 after
	ebt_settle "$TMP/out"
	ebt_stop
	check_accounting "$TMP/out"
	for part in before-0 before-1 without-0 after-0 after-1; do
		[ "$(count $part)" = 10 ] || fail "$transport: $part: $(count $part) of 10 execs, each once"
	done
	[ $transport = perf ] || [ "$LOST_TOTAL" = 0 ] || fail "the ring lost $LOST_TOTAL events"
	say "$transport: $LOST_TOTAL lost and counted"
done
has '"text":"CPU 1 has no buffer: all get new ones"' "$TMP/out" || fail "it is not said"
