#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# memory.sh [ROUNDS] - group memory: of each tracer with nothing to do, and after 100,000 execs: proportional set size of its
# processes, kernel memory of its BPF maps, perf buffers. execbig-top once more with a history of 4 MB in place of 32.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/peers.sh"

need_root
need jq
rounds=${1:-2}
execs=100000
[ -z "$BENCH_QUICK" ] || execs=5000
peers_find

# A process and all below it.
tree() {
	local pid
	printf '%s\n' "$1"
	for pid in $(children_of "$1"); do tree "$pid"; done
}

tools=("${PEERS[@]}")
[[ " ${PEERS[*]} " != *" execbig-top "* ]] || tools+=(execbig-top-4M)

# measure WHEN. A map that several processes hold is one map.
measure() {
	local pids pid
	mapfile -t pids < <(tree "$PEER_PID")
	for pid in "${pids[@]}"; do cat "/proc/$pid/smaps_rollup"; done 2>/dev/null |
		awk '/^Pss:/ { kib += $2 } END { print kib + 0 }' >"$TMP/pss"
	for pid in "${pids[@]}"; do
		for fd in "/proc/$pid/fdinfo/"*; do
			awk '$1 == "memlock:" { bytes = $2 } $1 == "map_id:" { id = $2 } END { if (id != "") print id, bytes }' "$fd" 2>/dev/null
		done
	done | sort -u | awk '{ bytes += $2 } END { printf "%.0f\n", bytes / 1024 }' >"$TMP/maps"
	for pid in "${pids[@]}"; do cat "/proc/$pid/smaps"; done 2>/dev/null |
		awk '/^[0-9a-f]+-[0-9a-f]+ / { perf = /perf_event/ } perf && /^Size:/ { kib += $2 } END { print kib + 0 }' >"$TMP/perf"
	emit memory "$1: processes" "$tool" "$round" "$(cat "$TMP/pss")" KiB
	emit memory "$1: BPF maps" "$tool" "$round" "$(cat "$TMP/maps")" KiB
	emit memory "$1: perf buffers" "$tool" "$round" "$(cat "$TMP/perf")" KiB
}

for ((round = 0; round < rounds; round++)); do
	go_on "$round" || break
	for tool in $(rotated "$round" "${tools[@]}"); do
		options=()
		case $tool in
		acct | auditd) continue ;; # the kernel does it; there is no process, or one that only writes
		strace) continue ;;	   # 100,000 execs take it minutes
		esac
		if [ "$tool" = execbig-top ]; then
			# So that what is measured is a start from the cache.
			[ "$round" != 0 ] || ! peer_start "$tool" || peer_stop
		fi
		[ "$tool" != execbig-top-4M ] || options=(--history 4M)
		peer_start "${tool%-4M}" "${options[@]}" || { note failed "$tool" "memory, round $round: $PEER_WHY" && continue; }
		sleep 1.5 # what it gives back after its start it has given back
		measure idle
		BENCH_LOAD_SECONDS=60 peer_run "$EBT_TOOLS/benchload" rate "$NOP" "$execs" 100 >/dev/null ||
			note failed "$tool" "memory, round $round: $execs execs took more than 60 s"
		sleep 1.5 # two screens later
		alive "$PEER_PID" && measure "after the load"
		peer_stop
	done
done
