#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# exec.sh [ROUNDS] - group exec: what one fork + exec + wait takes while each tracer runs, and a real build.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/peers.sh"

need_root
need jq cmake ninja
rounds=${1:-9}
builds=3 # rounds with a build in them: it takes seconds
[ -z "$BENCH_QUICK" ] || builds=1
load=$EBT_TOOLS/benchload
peers_find
tools=(none "${PEERS[@]}")
[[ " ${PEERS[*]} " != *" execbig-top "* ]] || tools+=(execbig-top-J)

# cost CASE PROGRAM ARGS BYTES N
cost() {
	local value lowest n=$5
	# A tracer that stops the process at each call is measured with fewer.
	[ "$PEER" != strace ] || n=$((n / 5))
	read -r value lowest < <(peer_run "$load" cost "$2" "$3" "$4" "$n" 7)
	[ -n "$lowest" ] || { note failed "$PEER" "exec, $1, round $round" && return; }
	emit exec "$1" "$PEER" "$round" "$value" ns
	emit exec "$1" "$PEER" "$round" "$lowest" "ns lowest"
}

# The configuration and a library of this program itself: shells, compilers, linkers.
build() {
	rm -rf "$TMP/b"
	local begin took
	begin=$(now_us)
	BENCH_LOAD_SECONDS=100 peer_run sh -c 'cmake -S "$1" -B "$2" -G Ninja -DEBT_TESTS=OFF && ninja -C "$2" ebt_base' - \
		"$EBT_SOURCE" "$TMP/b" >"$TMP/build.log" 2>&1 || { note "failed" "$PEER" "build: $(tail -n 1 "$TMP/build.log")" && return; }
	took=$(($(now_us) - begin))
	emit exec build "$PEER" "$round" "$((took * 1000))" ns
}

for ((round = 0; round < rounds; round++)); do
	go_on "$round" || break
	for tool in $(rotated "$round" "${tools[@]}"); do
		peer_start "$tool" || { note failed "$tool" "exec, round $round: $PEER_WHY" && continue; }
		cost static "$NOP" 0 0 100
		cost dynamic "$EBT_TOOLS/dynamic" 0 0 50
		cost "20 arguments" "$NOP" 20 400 100
		cost "1 MB of arguments" "$NOP" 20 1048576 20
		if [ "$round" -lt "$builds" ] && { [ "$tool" != strace ] || [ "$round" = 0 ]; }; then
			build
			peer_settle
		fi
		peer_stop
	done
done
