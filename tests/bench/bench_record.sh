#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# bench_record.sh [cost|open|read|lines]… - what recording adds to the cost of an exec, how long a recording of 1,000,000 events
# takes to open in the view, how fast it is read into other forms, and whether -J meets its goals. All take three minutes; the first
# alone, two. ROUNDS=N: of the first (21).
#
# The cost by the wall clock: fork + exec + wait of an empty program, with and without -w in turn, so that what the machine
# does meanwhile hits both; the median of the round-by-round ratios, and that of the lowest. And by what the kernel accounts
# to loader, view and writer (ns of CPU time an exec), which a busy machine hardly changes: the goal is 1 % of an exec.
. "$(dirname "$0")/lib.sh"

need_root
rounds=${ROUNDS:-21}
execs=2000 # a round
events=1000000
names=(plain record)

# In the order of the rounds the same file is begun anew: no growing directory.
start() {
	OUT=$TMP/$1.out
	local more=()
	[ "$1" = plain ] || more=(-w "$TMP/b.rec")
	spawn "$OUT" "$OUT.err" "$EBT_BIN" --cache-dir "$EBT_CACHE" -b -d 1 "${more[@]}"
	BENCH_PID=$SPAWN_PID
	wait_for 30 "$1 shows an exec" bench_probe
}

# cpu_ns: CPU time of the tracer's processes so far. No program is started for it: that would be an exec to trace.
cpu_ns() {
	local pid sum=0 ns _ all=("$BENCH_PID")
	for ((i = 0; i < ${#all[@]}; i++)); do
		pid=${all[i]}
		read -r ns _ <"/proc/$pid/schedstat" 2>/dev/null && sum=$((sum + ns))
		# shellcheck disable=SC2207 # process ids
		all+=($(<"/proc/$pid/task/$pid/children")) 2>/dev/null
	done
	CPU_NS=$sum
}

cost() {
	local name round before median
	: >"$TMP/records"
	: >"$TMP/cpu"
	for name in "${names[@]}"; do
		start "$name"
		bench_stop
	done
	for ((round = 0; round < rounds; round++)); do
		for turn in 0 1; do
			name=${names[(turn + round) % 2]}
			start "$name"
			cpu_ns
			before=$CPU_NS
			read -r median _ < <("$EBT_TOOLS/spawnbench" spawn "$NOP" $((execs / 8)) 8)
			sleep 1.2 # until the writer has flushed its block
			cpu_ns
			bench_stop
			record "$name" "$(awk -v ns="$median" 'BEGIN { print ns / 1000 }')"
			echo "$name $(((CPU_NS - before) / execs)) $median" >>"$TMP/cpu"
		done
	done
	echo "fork + exec + wait of an empty static program"
	table us plain
	awk '!($1 in low) || $2 < low[$1] { low[$1] = $2 }
		END { printf "lowest of all rounds: recording costs %+.2f %%\n", (low["record"] / low["plain"] - 1) * 100 }' "$TMP/records"
	awk '!($1 in cpu) || $2 < cpu[$1] { cpu[$1] = $2 } !wall || $3 < wall { wall = $3 }
		END { printf "CPU time of the tracer an exec (with its exit; lowest round): %d ns, recording %d ns: %+.2f %% of an exec\n",
			cpu["plain"], cpu["record"], (cpu["record"] - cpu["plain"]) / wall * 100 }' "$TMP/cpu"
}

# The recording that the others read.
million() {
	[ -f "$TMP/m.rec" ] || "$EBT_TOOLS/recgen" "$TMP/m.rec" "$events" || fail "recgen"
}

open_view() {
	million
	echo "$events events ($(stat -c %s "$TMP/m.rec") bytes) in the view"
	need python3
	"$(dirname "$0")/open_view.py" "$EBT_BIN" "$TMP/m.rec" 7
}

# measure WHAT ARG…: the best of two, on one CPU.
measure() {
	local what=$1 begin took best=0 i
	shift
	for i in 1 2; do
		rm -f "$TMP/m.db"*
		begin=$(now_us)
		taskset -c 0 "$@" >/dev/null 2>&1 || fail "$what"
		took=$(($(now_us) - begin))
		[ "$best" -gt 0 ] && [ "$best" -lt "$took" ] || best=$took
	done
	awk -v what="$what" -v us="$best" -v n="$events" 'BEGIN { printf "%-34s %7.3f s %10.0f events/s\n", what, us / 1e6, n / us * 1e6 }'
}

read_all() {
	million
	echo "$events events read on one CPU, the better of 2"
	measure "into the model (as the view, -b)" "$EBT_BIN" -r "$TMP/m.rec" -b -d 3600
	measure "to JSON" "$EBT_BIN" -r "$TMP/m.rec" -J
	measure "to CSV" "$EBT_BIN" -r "$TMP/m.rec" --csv
	measure "to ECS" "$EBT_BIN" -r "$TMP/m.rec" -J --format ecs
	measure "to compile_commands.json" "$EBT_BIN" export compile-commands -r "$TMP/m.rec"
	measure "to a Perfetto trace" "$EBT_BIN" export perfetto -r "$TMP/m.rec"
	measure "to SQLite" "$EBT_BIN" -r "$TMP/m.rec" -b -d 3600 --sqlite "$TMP/m.db"
}

# verdict WHAT VALUE RELATION GOAL UNIT
verdict() {
	awk -v what="$1" -v value="$2" -v least="$([ "$3" = least ] && echo 1)" -v goal="$4" -v unit="$5" 'BEGIN {
		met = least ? value >= goal : value <= goal
		printf "%-34s %10s %s (%s %s): %s\n", what, value, unit, least ? "at least" : "at most", goal, met ? "met" : "MISSED"
		exit !met }' || missed=1
}

# The goals of a replay to lines of JSON: the best of five by the wall clock, and the most memory.
lines() {
	local i begin took best=0 first=0 kb
	million
	for i in 1 2 3 4 5; do
		begin=$(now_us)
		"$EBT_BIN" -r "$TMP/m.rec" -J >/dev/null || fail "-J"
		took=$(($(now_us) - begin))
		[ "$best" -gt 0 ] && [ "$best" -lt "$took" ] || best=$took
		begin=$(now_us)
		"$EBT_BIN" -r "$TMP/m.rec" -J 2>/dev/null | { read -r _; echo $(($(now_us) - begin)); } >"$TMP/first"
		took=$(<"$TMP/first")
		[ "$first" -gt 0 ] && [ "$first" -lt "$took" ] || first=$took
	done
	# What the process has used is known when it is over, to whoever waited for it.
	kb=$(python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$EBT_BIN" -r "$TMP/m.rec" -J) || fail "-J"
	missed=''
	verdict "replay to -J" "$((events * 1000000 / best))" least 500000 "events/s"
	verdict "first line of -J" "$((first / 1000))" most 200 ms
	verdict "memory of -J" "$((kb / 1024))" most 64 MB
	[ -z "$missed" ] || fail "a goal was missed"
}

[ $# -gt 0 ] || set -- cost open read lines
for what in "$@"; do
	case $what in
	cost) cost ;;
	open) open_view ;;
	read) read_all ;;
	lines) lines ;;
	*) fail "not cost, open, read or lines: $what" ;;
	esac
done
