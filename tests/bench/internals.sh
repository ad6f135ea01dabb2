#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# internals.sh [ROUNDS] - group internals: where an event's nanoseconds go, and how that grows. execbig-top alone.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/peers.sh"

need_root
need jq
rounds=${1:-5}
most=10000000
execs=5000
if [ -n "$BENCH_QUICK" ]; then
	most=100000 execs=500
fi

# The programs in the kernel, by the kernel's own clock (BPF statistics, which the tracer turns on): a run is an exec or an exit.
probe() {
	local value
	value=$(timeout 60 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J "${@:2}" -- "$EBT_TOOLS/benchload" rate "$NOP" "$execs" 200 2>/dev/null |
		grep -a '"text":"summary"' | jq -r '([.cpus[].run_ns] | add) / ([.cpus[].runs] | add)')
	[ -n "$value" ] && emit internals probe "$1" "$round" "$value" "ns/event"
}

no_paths=$TMP/no-paths
mkdir "$no_paths"
cp "$EBT_SOURCE"/bpf_text/*.h "$EBT_SOURCE"/bpf_text/*.bpf.c "$no_paths"
sed -i '1i #undef EBT_WITH_PATHS' "$no_paths/ebt_abi.h"

frame() {
	awk '$1 == "events" || $1 == "top" || $1 == "tree" || $1 == "buffers" { print $1, $2, $4 }' <<<"$1" |
		while read -r screen size ms; do
			emit internals frame "$screen $size" "$round" "$ms" "ms/frame"
		done
}

bench=$(dirname "$EBT_TOOLS")/bench
for ((round = 0; round < rounds; round++)); do
	go_on "$round" || break
	probe "everything (usual)"
	probe "without paths" --bpf-text "$no_paths"
	probe "without arguments" --args 0
	probe "with the environment" --env
	frame "$("$bench/bench_frame")"
	"$bench/bench_stages" 1 "$([ "$round" = 0 ] && echo "$most" || echo $((most / 10)))" |
		sed "s/\"round\":0/\"round\":$round/" >>"${EBT_BENCH_OUT:-/dev/stdout}"
done
