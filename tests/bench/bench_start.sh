#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# bench_start.sh [ROUNDS] - from start to the first exec on the output: warm, cold (compile included), and others.
. "$(dirname "$0")/lib.sh"

need_root
rounds=${1:-11}
names=(execbig-top-warm execbig-top-cold)
for name in $(contenders); do
	[[ $name == none || $name == execbig-top ]] || names+=("$name")
done

first() {
	local command captured shown
	case $1 in
	execbig-top-warm) command=("$EBT_BIN" --cache-dir "$EBT_CACHE" -e) ;;
	execbig-top-cold) command=("$EBT_BIN" --no-cache -e) ;;
	execsnoop) command=("$EXECSNOOP") ;;
	bpftrace) command=(bpftrace "$EXECSNOOP_BT") ;;
	esac
	read -r captured shown < <("$EBT_TOOLS/firstevent" "$NOP" "${command[@]}") || fail "$1 shows nothing"
	printf '%s %s\n' "$1" "$captured" >>"$TMP/records"
	printf '%s %s\n' "$1" "$shown" >>"$TMP/shown"
}
for name in "${names[@]}"; do first "$name"; done
: >"$TMP/records"
: >"$TMP/shown"
for ((round = 0; round < rounds; round++)); do
	for ((i = 0; i < ${#names[@]}; i++)); do
		first "${names[(i + round) % ${#names[@]}]}"
	done
done
base=execsnoop
[ -n "$EXECSNOOP" ] || base=execbig-top-warm
echo "start to the first exec that is captured"
table ms "$base"
mv "$TMP/shown" "$TMP/records"
echo
echo "start to the first exec that is shown"
table ms "$base"
