#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Nothing of the syscalls group is attached by default: only raw tracepoints of sched.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need bpftool

attached() {
	bpftool -j link list | jq -r '.[] | "\(.type) \(.tp_name // "")"' | sort
	bpftool -j perf list 2>/dev/null | jq -r '.[] | "perf \(.fd_type) \(.tracepoint // .func // "")"' | sort
}
attached >"$TMP/before"
ebt_start "$TMP/out" -J
attached >"$TMP/while"
ebt_stop
comm -13 "$TMP/before" "$TMP/while" >"$TMP/ours"
[ -s "$TMP/ours" ] || fail "nothing attached while it runs: the check would prove nothing"
grep -vE '^raw_tracepoint sched_process_(exec|exit|fork)$|^raw_tracepoint task_rename$|^perf raw_tracepoint ' "$TMP/ours" >"$TMP/other"
[ -s "$TMP/other" ] && { show "$TMP/other"; fail "more is attached than the sched tracepoints"; }
exit 0
