#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# -x on a kernel that allows fexit: failed execs come that way, no tracepoint of system calls is attached, and a retune keeps
# it so. That what comes is right is for the test `failed`.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need bpftool

# What the loader has attached: link types, and perf events (a tracepoint of system calls needs one).
attached() {
	local fd
	for fd in /proc/"$EBT_PID"/fd/*; do
		case $(readlink "$fd") in
		anon_inode:bpf_link | anon_inode:bpf-link) sed -n 's/^link_type:[[:space:]]*//p' "/proc/$EBT_PID/fdinfo/${fd##*/}" ;;
		*perf_event*) echo perf ;;
		esac
	done | sort | uniq -c | awk '{ printf "%s %s, ", $2, $1 }'
}
failing() {
	"$EBT_TOOLS/preempt" run "$EBT_TOOLS/nop" "$MARK-$1" 5 >"$TMP/did"
	ebt_settle "$TMP/out"
	for kind in plain at; do
		want=$(jq .$kind "$TMP/did")
		got=$(seen "$TMP/out" ".type == \"exec\" and .ret == -2 and .filename == \"/nonexistent/$kind\" and (.args[0] // \"\" | startswith(\"$MARK-$1:\"))" | wc -l)
		[ "$want" -gt 0 ] || fail "the load did nothing"
		# Of two on one CPU the kernel skips the one that interrupts the other, if that is at its end.
		[ "$got" -le "$want" ] && [ "$got" -ge $((want * 9 / 10)) ] || fail "$1: $want failed by $kind, $got seen"
	done
}

ebt_start "$TMP/out" -J
now=$(attached)
[[ $now != *perf* && $now != *tracing* ]] || fail "without -x: attached are $now"
ebt_stop
ebt_start "$TMP/out" -J -x
now=$(attached)
[[ $now == *"tracing 3"* && $now != *perf* ]] || fail "with -x: attached are $now"
failing first
"$EBT_BIN" tune --pid "$EBT_PID" --scratch 16K >"$TMP/tuned" 2>"$TMP/tune.err" || { show "$TMP/tune.err"; fail "tune refused"; }
[[ $(attached) == "$now" ]] || fail "attached before the retune $now, behind it $(attached)"
failing second
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS after Ctrl-C"; }
check_accounting "$TMP/out"
say "attached: $now"
