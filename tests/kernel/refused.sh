#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# -x: execs that fail where the system call's two ends do not tell all (tests/lib/refused.c). seccomp refuses a call before it
# begins; an exec fails when the old memory is gone, from a thread too; threads lose a race, and no program sees their result.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
trace() { "$EBT_BIN" -J -x -- "$EBT_TOOLS/refused" "$1" >"$TMP/$1" 2>"$TMP/$1.err"; }
# failures CASE FILTER: how many failed execs of the case the filter holds for.
failures() { jq -c "select(.type == \"exec\" and .ret != 0) | select($2)" "$TMP/$1" | wc -l; }
# one CASE FILTER: there is one failed exec, and the filter holds for it.
one() {
	[ "$(failures "$1" true)" = 1 ] || { show "$TMP/$1"; fail "$1: not one failed exec"; }
	[ "$(failures "$1" "$2")" = 1 ] || { show "$TMP/$1"; fail "$1: it is not $2"; }
}

args='.filename == "/bin/true" and .args == ["refused", "refused-'
for case in errno errno-at; do
	trace $case || { show "$TMP/$case.err"; fail "$case: the program was not refused"; }
	one $case ".ret == -1 and $args$case\"] and .flags == [\"no_entry\"]"
	jq -e 'select(.text == "summary") | .law and .seen - .filtered == 3' "$TMP/$case" >/dev/null || fail "$case: it is not counted"
done
trace trap || fail "trap: the program got no SIGSYS"
one trap ".ret == -38 and ${args}trap\"] and .flags == [\"no_entry\"]"

for case in late late-thread; do
	trace $case
	one $case '.ret < 0 and .args == [] and (.flags | contains(["args_fault", "image_gone"]))'
	one $case '.filename == "/proc/self/exe" or (.flags | contains(["filename_truncated"]))'
done
# fexit sees only the end of the call, when the thread has taken over the id of the leader that it ended.
ebt_start "$TMP/out" -J -x
hook=fexit
[[ $(readlink "/proc/$EBT_PID/fd/"*) != *perf_event* ]] || hook=tracepoints
ebt_stop
one late-thread ".tid $([ $hook = fexit ] && echo == || echo !=) .pid"

trace race || fail "race: exit status $?"
[ "$(jq -c 'select(.type == "exec" and .ret == 0 and .args[1] == "refused-race")' "$TMP/race" | wc -l)" = 40 ] ||
	fail "race: not 40 winners"
# A loser may also end with an error of what its end interrupted; it is killed all the same.
[ "$(failures race true)" = 0 ] || { show "$TMP/race"; fail "race: results that no program sees"; }
say "refused by seccomp: 3 ways; failed late: 2 ways; 40 races; seen by $hook"
