#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# bench_exec.sh [ROUNDS] - what tracing costs: fork + exec + wait of an empty static program, and getppid().
. "$(dirname "$0")/lib.sh"

need_root
rounds=${1:-15}
mapfile -t names < <(contenders)
# Warm everything once: the cache, the page cache, the tools.
for name in "${names[@]}"; do
	bench_start "$name"
	bench_stop
done
: >"$TMP/records"
: >"$TMP/getppid"
for ((round = 0; round < rounds; round++)); do
	# Another one goes first each round: what warms up or drifts hits all of them.
	for ((i = 0; i < ${#names[@]}; i++)); do
		name=${names[(i + round) % ${#names[@]}]}
		bench_start "$name"
		read -r median _ < <("$EBT_TOOLS/spawnbench" spawn "$NOP" 100 7)
		read -r getppid _ < <("$EBT_TOOLS/spawnbench" getppid 100000 7)
		bench_stop
		record "$name" "$(awk -v ns="$median" 'BEGIN { print ns / 1000 }')"
		printf '%s %s\n' "$name" "$getppid" >>"$TMP/getppid"
	done
done
echo "fork + exec + wait of an empty static program"
table us none
mv "$TMP/getppid" "$TMP/records"
echo
echo "getppid()"
table ns none
