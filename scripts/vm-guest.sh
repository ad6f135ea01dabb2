#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# vm-guest.sh - inside the machine of vm-test.sh: runs the tests one by one. /mnt/out/results gets a line each: name, pass,
# fail or skip, seconds, why; /mnt/out/NAME.log what it said.
set -uo pipefail

OUT=/mnt/out
# shellcheck source=/dev/null
. $OUT/config
export CI EBT_BIN=/mnt/build/execbig-top EBT_TOOLS=/mnt/build/tests/lib EBT_SOURCE=/mnt/source EBT_PATIENCE
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM=xterm TZ=UTC
# Left to the machine itself, for they test nothing of a kernel: builds of hundreds of files that are watched, hours under
# emulation (one fetches its sources, and there is no network here), and the cache, spoiled in some forty ways and compiled anew.
LEFT_OUT=(strace compile_commands compile_projects cache)
AGAIN=3
uname -rv >$OUT/release

# record NAME STATUS SECONDS: the verdict of what wrote $OUT/NAME.log.
record() {
	local log=$OUT/$1.log result why
	case $2 in
	0) result=pass why=$(grep -m 1 -x 'passed only the second time' "$log") ;;
	77) result=skip why=$(grep -m 1 -o 'SKIP.*' "$log" || tail -n 1 "$log") ;;
	# a lesson that this kernel, or a machine without its headers, cannot show
	69) result=skip why=$(grep . "$log" | tail -n 3) ;;
	124 | 137) result=fail why="not within $TEST_SECONDS s" ;;
	*) result=fail why=$(grep -m 1 -o 'FAIL.*' "$log" || grep . "$log" | tail -n 1) ;;
	esac
	[ "$result" != skip ] || [ "$CI" != true ] || result=fail
	printf '%s\t%s\t%s\t%s\n' "$1" "$result" "$3" "$(tr '\t\n' '  ' <<<"$why" | cut -c 1-300)" >>$OUT/results
}

# run NAME COMMAND…
run() {
	local name=$1 status=0 start=$SECONDS
	shift
	if [ -n "$EBT_VM_TESTS" ] && [[ " $EBT_VM_TESTS " != *" $name "* ]]; then
		return
	fi
	timeout -k 10 "$TEST_SECONDS" "$@" >"$OUT/$name.log" 2>&1 </dev/null || status=$?
	# Under emulation, beside whatever the host does, a test can be late: as in test.sh, a few may try once more.
	if [ $status != 0 ] && [ $status != 77 ] && [ $status != 69 ] && [ $AGAIN -gt 0 ]; then
		AGAIN=$((AGAIN - 1))
		mv "$OUT/$name.log" "$OUT/$name.first.log"
		status=0
		timeout -k 10 "$TEST_SECONDS" "$@" >"$OUT/$name.log" 2>&1 </dev/null || status=$?
		[ $status != 0 ] || echo "passed only the second time" >>"$OUT/$name.log"
	fi
	record "$name" "$status" $((SECONDS - start))
}

# Compiles here.
compile() {
	"$EBT_BIN" --cache-dir /run/compiled -J -- "$EBT_TOOLS/nop" cold-start >/run/cold || return 1
	grep -F cold-start /run/cold || { echo "FAIL: the exec is not shown"; return 1; }
	ls -l /run/compiled
}

# It ends with 69 where the program does not work, and that is a failure here.
check() { "$EBT_BIN" --cache-dir /run/check check || return 1; }

if [ -n "$EBT_VM_COMMAND" ]; then
	bash -c "$EBT_VM_COMMAND" >$OUT/command.log 2>&1 </dev/null
	touch $OUT/done
	exit
fi

# The image that the host compiled serves all tests here (each would else compile, for minutes): that it fits is what image
# proves. A host that could not compile leaves it to this kernel.
export EBT_IMAGE=/run/image EBT_CACHE_SEED=/run/image
mkdir -m 0700 $EBT_IMAGE
cp $OUT/image/* $EBT_IMAGE/ 2>/dev/null
chmod -f 0600 $EBT_IMAGE/*
export -f compile check
export OUT
run compile bash -c compile
[ -n "$(ls $EBT_IMAGE)" ] || EBT_CACHE_SEED=/run/compiled
run check bash -c check
"$EBT_BIN" demo >/run/lessons
while read -r _ lesson _; do
	run "demo-$lesson" "$EBT_BIN" demo "$lesson"
done </run/lessons
for test in "$EBT_SOURCE"/tests/vm/*.sh "$EBT_SOURCE"/tests/kernel/*.sh; do
	name=$(basename "$test" .sh)
	if [[ " ${LEFT_OUT[*]} " != *" $name "* ]]; then
		run "$name" bash "$test"
	fi
done
dmesg | grep -E 'WARNING|BUG|Oops|RCU|stall|lockup' >$OUT/dmesg.log
touch $OUT/done
sync
