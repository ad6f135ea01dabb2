#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# complete.sh [ROUNDS] - group complete: of execs of many shapes, how many does each tracer report, with how many bytes of
# their arguments, and does it say so when it is not all of them. complete.py judges.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/peers.sh"

need_root
need jq python3
rounds=${1:-2}
copies=2
peers_find

# judge NAME OPTION…: NAME is what it is called in the report; the tool is its first word.
judge() {
	local name=$1 tool=${1%% *} program lasts=$TMP/acct.txt
	shift
	[ "$tool" != execbig-top ] || tool=execbig-top-J
	STRACE_MORE=()
	if [ "$tool" = strace ]; then
		STRACE_MORE=("$@")
		set --
	fi
	peer_start "$tool" "$@" || { note failed "$name" "complete, round $round: $PEER_WHY" && return; }
	program=$(unique_program "$round")
	peer_run "$EBT_TOOLS/benchload" shapes "$program" "$copies" >"$TMP/expected"
	peer_settle
	peer_stop
	if [ "$tool" = acct ]; then
		lastcomm -f "$PEER_OUT" >"$lasts"
		PEER_OUT=$lasts
	fi
	python3 "$(dirname "$0")/complete.py" "$tool" "$name" "$round" "$program" "$TMP/expected" "$PEER_OUT" >>"${EBT_BENCH_OUT:-/dev/stdout}" ||
		note failed "$name" "complete, round $round: its output could not be read"
}

for ((round = 0; round < rounds; round++)); do
	go_on "$round" || break
	for tool in $(rotated "$round" "${PEERS[@]}"); do
		judge "$tool"
		case $tool in
		# The most that its options give.
		execsnoop) judge "execsnoop --max-args 60" --max-args 60 ;;
		strace) judge "strace -v -s 131072" -v -s 131072 ;;
		esac
	done
done
