#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# bench_tuning.sh [ROUNDS [EXECS]] - what scratch, ring and transport cost: ns a program run (the lowest of all rounds), records an
# event, losses at full exec rate, memory of the buffers. The table of docs/tuning.md.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
rounds=${1:-3}
execs=${2:-2000}
arg=$(head -c 3000 /dev/zero | tr '\0' x)

# point SCRATCH RING TRANSPORT
point() {
	local round
	: >"$TMP/points"
	for ((round = 0; round < rounds; round++)); do
		timeout 60 "$EBT_BIN" --cache-dir "$EBT_CACHE" --scratch "$1" --ring "$2" --transport "$3" -J -- \
			"$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK-$arg" "$execs" 4 2>/dev/null |
			grep '^{"v":1,"type":"note".*"text":"summary"' >>"$TMP/points"
	done
	jq -s -r --arg s "$1" --arg r "$2" --arg t "$3" '
		map(. as $n | [.cpus[]] | {ns: (([.[].run_ns] | add) / ([.[].runs] | add)), rec: (([.[].records] | add) / ([.[].delivered] | add)),
			lost: ([.[] | .lost_ring + .lost_busy] | add), seen: ([.[] | .seen - .filtered] | add), cpus: length})
		| "| \($s) | \($r) | \($t) | \(map(.ns) | min | floor) | \(map(.rec) | add / length * 100 | floor / 100) | \(map(100 * .lost / .seen) | min * 100 | floor / 100) % |"' "$TMP/points"
}

echo "| scratch | ring | transport | ns a run, lowest | records an event | lost, lowest |"
echo "|---|---|---|---|---|---|"
for scratch in 512 1K 2K 4K 8K 16K 32K; do point "$scratch" 8M ring; done
for ring in 64K 256K 1M 4M 16M 64M; do point 8K "$ring" ring; done
for ring in 64K 1M 8M 64M; do point 8K "$ring" perf; done
