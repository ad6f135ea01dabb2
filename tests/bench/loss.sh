#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# loss.sh [ROUNDS] - group loss: execs at full rate on every CPU. How many does each tracer report, with its usual buffers and
# with buffers of the same size, and is its own count of what it lost right?
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/peers.sh"

need_root
need jq python3
rounds=${1:-3}
execs=20000
[ -z "$BENCH_QUICK" ] || execs=2000
cpus=$(online_cpus | wc -l)
peers_find

# Of the program's execs, those in the output.
reported() {
	local file=$PEER_OUT
	if [ "$PEER" = acct ]; then
		file=$TMP/acct.txt
		lastcomm -f "$PEER_OUT" >"$file"
	fi
	python3 "$(dirname "$0")/complete.py" --count "$PEER" "$UNIQUE$1" "$file"
}

# The reader may not read while the load runs: its whole tree of processes is stopped.
signal_reader() {
	[ "$PEER_PID" = 0 ] || kill -"$1" "$PEER_PID" $(children_of "$PEER_PID")
}

# run CASE TOOL [OPTION…]
run() {
	local buffers=$1 tool=$2 n=$execs id made seconds seen blank said missing program
	shift 2
	id=$((++runs))
	peer_start "$tool" "$@" || { note failed "$tool" "loss, round $round: $PEER_WHY" && return; }
	[ "$tool" != strace ] || n=$((n / 20)) # it stops each process and cannot be outrun
	program=$(unique_program "$id")
	[ "$buffers" != "reader stopped" ] || signal_reader STOP
	read -r made seconds < <(BENCH_LOAD_SECONDS=60 peer_run "$EBT_TOOLS/benchload" rate "$program" "$n" 200)
	[ "$buffers" != "reader stopped" ] || signal_reader CONT
	peer_settle
	peer_stop
	tool=${tool%-J}
	[ -n "$made" ] || { note failed "$tool" "loss, round $round: the load did not end within 60 s" && return; }
	read -r seen blank < <(reported "$id")
	[ -n "$seen" ] || { note failed "$tool" "loss, round $round: its output could not be read" && return; }
	said=$(peer_lost)
	missing=$((made - seen))
	# Shown, but without its name: not lost.
	[ "$blank" -le "$missing" ] || blank=$missing
	missing=$((missing - blank))
	# It numbers ends of processes too, and what it lost of them is in its count.
	if [ "$PEER" = execbig-top-J ]; then
		missing=$((2 * made - $(jq -c --arg c "$UNIQUE$id" 'select((.type == "exec" or .type == "exit") and .comm == $c) | 1' "$PEER_OUT" | wc -l)))
	fi
	emit loss "$buffers" "$tool" "$round" "$made" made
	emit loss "$buffers" "$tool" "$round" "$seen" reported
	emit loss "$buffers" "$tool" "$round" "$blank" blank
	emit loss "$buffers" "$tool" "$round" "$missing" missing
	emit loss "$buffers" "$tool" "$round" "${said:-null}" said
	emit loss "$buffers" "$tool" "$round" "$(awk -v n="$made" -v s="$seconds" 'BEGIN { print n / s }')" execs/s
	rm -f "$PEER_OUT" "$PEER_OUT".* "$TMP/$UNIQUE$id"
}

# A ring for all CPUs as large as buffers of so many KiB on each, rounded up to a power of two.
ring() {
	local kib=64
	while [ "$kib" -lt $(($1 * cpus)) ]; do kib=$((kib * 2)); done
	echo "${kib}K"
}

runs=0
for ((round = 0; round < rounds; round++)); do
	go_on "$round" || break
	for tool in $(rotated "$round" "${PEERS[@]}"); do
		case $tool in
		execbig-top)
			run usual execbig-top-J
			run "256 KiB a CPU" execbig-top-J --ring "$(ring 256)"
			run "4 MiB a CPU" execbig-top-J --ring "$(ring 4096)"
			run "reader stopped" execbig-top-J
			;;
		execsnoop)
			# 64 pages a CPU, and no option for it.
			run usual execsnoop
			run "reader stopped" execsnoop
			;;
		bpftrace)
			run usual bpftrace
			run "256 KiB a CPU" bpftrace BPFTRACE_PERF_RB_PAGES=64
			run "4 MiB a CPU" bpftrace BPFTRACE_PERF_RB_PAGES=1024
			run "reader stopped" bpftrace
			;;
		perf-*)
			run usual "$tool"
			run "256 KiB a CPU" "$tool" -m 64
			run "4 MiB a CPU" "$tool" -m 1024
			run "reader stopped" "$tool"
			;;
		forkstat | extrace)
			run usual "$tool"
			run "reader stopped" "$tool"
			;;
		*) run usual "$tool" ;;
		esac
	done
done
