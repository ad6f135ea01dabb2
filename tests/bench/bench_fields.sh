#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# bench_fields.sh [ROUNDS] - what each group of fields costs: ns a program run (the lowest of all rounds), by the programs' own
# clock. A text without a group is the ordinary one with its parameter changed, through --bpf-text where no option does it.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
rounds=${1:-7}
no_paths=$TMP/no-paths
mkdir "$no_paths"
cp "$EBT_SOURCE"/bpf_text/*.h "$EBT_SOURCE"/bpf_text/*.bpf.c "$no_paths"
sed -i '1i #undef EBT_WITH_PATHS' "$no_paths/ebt_abi.h"

# point NAME OPTION…
point() {
	local name=$1 round
	shift
	: >"$TMP/points"
	for ((round = 0; round < rounds; round++)); do
		timeout 60 "$EBT_BIN" --cache-dir "$EBT_CACHE" "$@" -J -- "$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK" 2000 1 2>/dev/null |
			grep '"text":"summary"' >>"$TMP/points"
	done
	jq -s -r --arg name "$name" 'map([.cpus[]] | ([.[].run_ns] | add) / ([.[].runs] | add)) | min | floor |
		"\($name)\t\(.)"' "$TMP/points"
}

echo "fields	ns a run (half of them execs, half exits), lowest"
point "all but paths" --bpf-text "$no_paths"
point "all (default)"
point "all, no arguments" --args 0
point "all and environment" --env
point "all and failed execs" -x
