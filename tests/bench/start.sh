#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# start.sh [ROUNDS] - group start: from the start of each tracer to the first exec that it captures, and that it shows.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/peers.sh"

need_root
need jq
rounds=${1:-9}
peers_find
tools=()
for name in "${PEERS[@]}"; do
	case $name in
	execbig-top) tools+=(execbig-warm execbig-installed execbig-nocache) ;;
	# Those that show arguments on a terminal: the time of each exec is in its arguments.
	execsnoop | bpftrace | bcc-execsnoop | forkstat | extrace) tools+=("$name") ;;
	esac
done

first() {
	local command tool=$1 what=warm captured shown
	case $1 in
	execbig-warm) command=("$EBT_BIN" --cache-dir "$EBT_CACHE" -e) tool=execbig-top ;;
	# As on the day it was installed: the programs that came with the build.
	execbig-installed) command=("$EBT_BIN" -e) tool=execbig-top what="first start" ;;
	execbig-nocache) command=("$EBT_BIN" --no-cache -e) tool=execbig-top what="no cache" ;;
	execsnoop) command=("$EXECSNOOP") ;;
	bpftrace) command=(bpftrace "$EXECSNOOP_BT") ;;
	bcc-execsnoop) command=(execsnoop-bpfcc) ;;
	forkstat) command=(forkstat -l -e exec) ;;
	extrace) command=(extrace) ;;
	esac
	read -r captured shown < <(timeout -k 2 $((40 * ${EBT_PATIENCE:-1})) "$EBT_TOOLS/firstevent" "$NOP" "${command[@]}" 2>"$TMP/first.err")
	[ "$round" -ge 0 ] || return 0
	[ -n "$shown" ] || { note failed "$tool" "start, $what, round $round: $(head -n 1 "$TMP/first.err")" && return; }
	emit start "$what: captured" "$tool" "$round" "$captured" ms
	emit start "$what: shown" "$tool" "$round" "$shown" ms
}

# One round that does not count fills the cache and the page cache.
for ((round = -1; round < rounds; round++)); do
	[ "$round" -lt 0 ] || go_on "$round" || break
	for tool in $(rotated $((round + 1)) "${tools[@]}"); do
		first "$tool"
	done
done
