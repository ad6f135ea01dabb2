#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# bench_record.sh [ROUNDS] - what recording adds to the cost of fork + exec + wait, and how fast recordings are read.
. "$(dirname "$0")/lib.sh"

need_root
rounds=${1:-15}
: >"$TMP/records"
names=(plain record)
start() {
	OUT=$TMP/$1.out
	local more=()
	[ "$1" = plain ] || more=(-w "$TMP/b.rec")
	spawn "$OUT" "$OUT.err" "$EBT_BIN" --cache-dir "$EBT_CACHE" -b -d 1 "${more[@]}"
	BENCH_PID=$SPAWN_PID
	wait_for 30 "$1 shows an exec" bench_probe
}
for name in "${names[@]}"; do
	start "$name"
	bench_stop
done
for ((round = 0; round < rounds; round++)); do
	# Another one goes first each round: what warms up or drifts hits both.
	for i in 0 1; do
		name=${names[(i + round) % 2]}
		start "$name"
		read -r median _ < <("$EBT_TOOLS/spawnbench" spawn "$NOP" 200 7)
		bench_stop
		record "$name" "$(awk -v ns="$median" 'BEGIN { print ns / 1000 }')"
	done
done
echo "fork + exec + wait of an empty static program"
table us plain

events=1000000
"$EBT_TOOLS/recgen" "$TMP/m.rec" "$events" || fail "recgen"
measure() {
	local what=$1 begin took
	shift
	begin=$(now_us)
	taskset -c 0 "$@" >/dev/null 2>&1 || fail "$what"
	took=$(($(now_us) - begin))
	awk -v what="$what" -v us="$took" -v n="$events" 'BEGIN { printf "%-34s %7.3f s %10.0f events/s\n", what, us / 1e6, n / us * 1e6 }'
}
echo
echo "$events events on one CPU, $(stat -c %s "$TMP/m.rec") bytes"
measure "into the model (as the view, -b)" "$EBT_BIN" -r "$TMP/m.rec" -b -d 3600
measure "to JSON" "$EBT_BIN" -r "$TMP/m.rec" -J
measure "to CSV" "$EBT_BIN" -r "$TMP/m.rec" --csv
measure "to ECS" "$EBT_BIN" -r "$TMP/m.rec" -J --format ecs
measure "to compile_commands.json" "$EBT_BIN" export compile-commands -r "$TMP/m.rec"
measure "to a Perfetto trace" "$EBT_BIN" export perfetto -r "$TMP/m.rec"
measure "to SQLite" "$EBT_BIN" -r "$TMP/m.rec" -b -d 3600 --sqlite "$TMP/m.db"
