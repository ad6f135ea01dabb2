#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Filters, transport and failed execs changed under load, all of them such that the load is wanted before and after: each
# exec and each failed exec of it is seen exactly once, and so is each exit; the accounting holds for every generation.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
[ -r /sys/fs/cgroup/cgroup.procs ] || [ -r /sys/fs/cgroup/unified/cgroup.procs ] || skip "needs cgroup v2"

uid=$((10000 + $$ % 50000))
tune() {
	"$EBT_BIN" tune --pid "$EBT_PID" "$@" >"$TMP/tuned" 2>"$TMP/tune.err" ||
		{ show "$TMP/tune.err"; fail "tune $*: refused"; }
}
combinations=(
	"-u $uid"
	"--no-filter"
	"--cgroup /"
	"--no-filter -u $uid --transport perf --ring 16M"
	"--no-filter --cgroup / -u $uid"
	"--scratch 4K"
	"--no-filter --scratch 8K --poll 10"
	"-u $uid --transport ring --ring 32M"
	"--no-filter --poll 50 --scratch 2K"
	"-u $uid --scratch 8K"
)
ebt_start "$TMP/out" -J -x --ring 32M
for options in "${combinations[@]}"; do
	# shellcheck disable=SC2086 # several options
	tune $options
done
spawn "$TMP/expected" "$TMP/storm.err" "$EBT_TOOLS/storm" "$EBT_TOOLS/nop" "$MARK" "$uid" 3 2000
load=$SPAWN_PID
for _ in 1 2 3; do
	for options in "${combinations[@]}"; do
		# shellcheck disable=SC2086
		tune $options
	done
done
alive "$load" || { show "$TMP/storm.err"; fail "the load ended early"; }
kill -TERM "$load"
end_of "$load" 30
[ "$STATUS" = 0 ] || fail "storm failed"
tune --no-filter
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS after Ctrl-C"; }

check_accounting "$TMP/out"
[ "$LOST_TOTAL" = 0 ] || fail "$LOST_TOTAL events lost"
read -r execs failed exits <"$TMP/expected"
# By process id and time: the ids of so short a load do not come round twice.
seen "$TMP/out" ".type == \"exec\" and .uid == $uid and .ret == 0" | jq -c '[.pid, .mono_ns]' | sort | uniq >"$TMP/execs"
seen "$TMP/out" ".type == \"exec\" and .uid == $uid and .ret != 0" | jq -c '[.pid, .ret, .mono_ns]' | sort >"$TMP/failed"
# One that two generations show has one process id and nearly one time; ids alone come round on a busy machine.
jq -c '[.[0], .[1], (.[2] / 100000000 | floor)]' "$TMP/failed" | sort >"$TMP/failed_at"
seen "$TMP/out" ".type == \"exit\" and .uid == $uid" | jq -c '.pid' | sort >"$TMP/exits"
[ "$(wc -l <"$TMP/execs")" = "$execs" ] || fail "$(wc -l <"$TMP/execs") execs seen, $execs were run"
[ "$(wc -l <"$TMP/failed")" = "$failed" ] || fail "$(wc -l <"$TMP/failed") failed execs seen, $failed were tried"
[ -z "$(uniq -d "$TMP/failed_at")" ] || fail "failed execs seen twice: $(uniq -d "$TMP/failed_at" | head -n 3)"
[ "$(wc -l <"$TMP/exits")" -ge "$execs" ] || fail "$(wc -l <"$TMP/exits") exits seen, $exits were run"
[ "$execs" -gt 1000 ] && [ "$failed" -gt 50 ] || fail "too little load: $execs execs, $failed failed"
seen "$TMP/out" '.type == "note" and (.text | test("^generation .* ended"))' | jq -r .text >"$TMP/generations"
[ "$(wc -l <"$TMP/generations")" -ge 25 ] || fail "only $(wc -l <"$TMP/generations") generations"
grep -v 'the accounting holds on every CPU$' "$TMP/generations" >"$TMP/broken" && { show "$TMP/broken"; fail "the accounting does not hold for every generation"; }
awk '$7 > 0' "$TMP/generations" | grep -q . || fail "no generation filtered anything: the check proves nothing"
say "$execs execs, $failed failed, over $(wc -l <"$TMP/generations") generations and $((4 * ${#combinations[@]})) changes"
