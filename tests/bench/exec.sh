#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# exec.sh [ROUNDS] - group exec: what one fork + exec + wait takes while each tracer runs, and a real build.
#
# A virtual CPU is at times a third slower for seconds. So every measurement of a tracer stands between two of the untraced machine,
# made the moment before it starts and the moment after it has ended, and the ratio is to these ("ns base"); and the load stays on one
# CPU: where the scheduler puts a child (on a CPU that a reader keeps awake, or on one that sleeps) is worth more than any tracer.
# "static, any CPU" is the same without that.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/peers.sh"

need_root
need jq cmake ninja
rounds=${1:-9}
again_times=25
builds=3 # rounds with a build in them: it takes seconds
[ -z "$BENCH_QUICK" ] || builds=1 again_times=1
load=$EBT_TOOLS/benchload
peers_find
tools=(none "${PEERS[@]}")
[[ " ${PEERS[*]} " != *" execbig-top "* ]] || tools+=(execbig-top-J)

# measure: $TMP/now has a line for each case: CASE<tab>MEDIAN LOWEST
cpu=$(online_cpus | head -n 1)
measure() {
	: >"$TMP/now"
	cost static "$NOP" 0 0 100 taskset -c "$cpu"
	[ "$1" = all ] || return 0
	cost dynamic "$EBT_TOOLS/dynamic" 0 0 50 taskset -c "$cpu"
	cost "20 arguments" "$NOP" 20 400 100 taskset -c "$cpu"
	cost "1 MB of arguments" "$NOP" 20 1048576 20 taskset -c "$cpu"
	cost "static, any CPU" "$NOP" 0 0 100
}
# cost CASE PROGRAM ARGS BYTES N [COMMAND…]
cost() {
	local case=$1 n=$5
	# A tracer that stops the process at each call is measured with fewer.
	[ "$PEER" != strace ] || n=$((n / 5))
	printf '%s\t%s\n' "$case" "$(peer_run "${@:6}" "$load" cost "$2" "$3" "$4" "$n" 7)" >>"$TMP/now"
}

# between WHICH TOOL: $TMP/now of the tracer (or of nothing, for none) between two of the untraced machine.
between() {
	local which=$1 tool=$2 case median lowest _ before after base
	PEER=none
	measure "$which"
	mv "$TMP/now" "$TMP/before"
	peer_start "$tool" || { note failed "$tool" "exec, round $round: $PEER_WHY" && return 1; }
	measure "$which"
	mv "$TMP/now" "$TMP/traced"
	[ "$which" != all ] || maybe_build
	peer_stop
	PEER=none
	measure "$which"
	while IFS=$'\t' read -r case median; do
		read -r median lowest <<<"$median"
		[ -n "$lowest" ] || { note failed "$tool" "exec, $case, round $round" && continue; }
		read -r before _ <<<"$(sed -n "s/^$case\t//p" "$TMP/before")"
		read -r after _ <<<"$(sed -n "s/^$case\t//p" "$TMP/now")"
		base=$(awk -v a="$before" -v b="$after" 'BEGIN { printf "%.1f", (a + b) / 2 }')
		emit exec "$case" "$tool" "$round" "$median" ns
		emit exec "$case" "$tool" "$round" "$lowest" "ns lowest"
		emit exec "$case" "$tool" "$round" "$base" "ns base"
	done <"$TMP/traced"
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

# Rounds of their own, behind the others.
extra=1000
more() {
	local round=$((extra++))
	between static "$1"
}
maybe_build() {
	[ "$round" -lt "$builds" ] && { [ "$tool" != strace ] || [ "$round" = 0 ]; } || return 0
	build
	peer_settle
}

for ((round = 0; round < rounds; round++)); do
	go_on "$round" || break
	for tool in $(rotated "$round" "${tools[@]}"); do
		between all "$tool"
	done
	# Those that start at once, more often: what they add is little, and takes many looks to be seen. none against itself shows
	# what the method is worth.
	for ((again = 0; again < again_times; again++)); do
		for tool in none execbig-top execsnoop; do
			[ "$tool" != execsnoop ] || [ "$again" -lt 5 ] || continue # what it adds is seen in fewer
			[[ " ${tools[*]} " != *" $tool "* ]] || more "$tool"
		done
	done
done
