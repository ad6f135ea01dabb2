#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# calls.sh [ROUNDS] - group calls: what system calls that have nothing to do with exec take while each tracer runs.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/peers.sh"

need_root
need jq
rounds=${1:-9}
peers_find
for ((round = 0; round < rounds; round++)); do
	go_on "$round" || break
	for tool in $(rotated "$round" none "${PEERS[@]}"); do
		peer_start "$tool" || { note failed "$tool" "calls, round $round: $PEER_WHY" && continue; }
		share=2
		[ "$tool" != strace ] || share=200
		peer_run "$EBT_TOOLS/callbench" -s "$share" getppid read open/close >"$TMP/calls"
		while read -r name ns; do
			emit calls "$name" "$tool" "$round" "$ns" ns
		done <"$TMP/calls"
		peer_stop
	done
done
