#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# vm-guest.sh - inside the machine of vm-test.sh: runs the tests one by one. /mnt/out/results gets a line each: name, pass,
# fail or skip, seconds, why; /mnt/out/NAME.log what it said.
set -uo pipefail

OUT=/mnt/out
# shellcheck source=/dev/null
. $OUT/config
export EBT_BIN=/mnt/build/execbig-top EBT_TOOLS=/mnt/build/tests/lib EBT_SOURCE=/mnt/source EBT_PATIENCE
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM=xterm TZ=UTC
# Left to the machine itself: they watch builds of hundreds of files, hours under emulation, and test nothing of a kernel.
LEFT_OUT=(strace compile_commands)
# Lessons whose outcome depends on the kernel; the last three need what some kernels refuse.
LESSONS=(stack-limit big-exec null-check helpers btf jit lifecycle lsm headers)
uname -rv >$OUT/release

# record NAME STATUS SECONDS: the verdict of what wrote $OUT/NAME.log.
record() {
	local log=$OUT/$1.log result why
	case $2 in
	0) result=pass why='' ;;
	77) result=skip why=$(grep -m 1 -o 'SKIP.*' "$log" || tail -n 1 "$log") ;;
	# a lesson that this kernel, or a machine without its headers, cannot show
	69) result=skip why=$(grep . "$log" | tail -n 3) ;;
	124 | 137) result=fail why="not within $TEST_SECONDS s" ;;
	*) result=fail why=$(grep -m 1 -o 'FAIL.*' "$log" || grep . "$log" | tail -n 1) ;;
	esac
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
	record "$name" "$status" $((SECONDS - start))
}

# Compiles here, and gives the cache to the tests (they would compile again, each) and to the next kernel.
compile() {
	mkdir -m 0700 /run/seed
	"$EBT_BIN" --cache-dir /run/seed -J -- "$EBT_TOOLS/nop" cold-start >/run/cold || return 1
	ls -l /run/seed
	grep -F cold-start /run/cold || { echo "FAIL: the exec is not shown"; return 1; }
}

# An image that another kernel compiled is used as it is.
image() {
	[ -d $OUT/image ] || { echo "SKIP: this is the first kernel"; return 77; }
	mkdir -m 0700 /run/image
	cp $OUT/image/* /run/image/
	chmod 0600 /run/image/*
	ls -li --time-style=full-iso /run/image >/run/image.before
	"$EBT_BIN" --cache-dir /run/image -J -- "$EBT_TOOLS/nop" from-elsewhere >/run/warm || return 1
	ls -li --time-style=full-iso /run/image >/run/image.after
	diff /run/image.before /run/image.after || { echo "FAIL: it was compiled again"; return 1; }
	grep -F from-elsewhere /run/warm || { echo "FAIL: the exec is not shown"; return 1; }
}

# It ends with 69 where the program does not work, and that is a failure here.
check() { "$EBT_BIN" --cache-dir /run/check check || return 1; }

export -f compile image check
export OUT
run compile bash -c compile
run image bash -c image
run check bash -c check
if [ -n "$(ls /run/seed 2>/dev/null)" ]; then
	export EBT_CACHE_SEED=/run/seed
	mkdir -p $OUT/cache
	cp /run/seed/* $OUT/cache/
fi
for lesson in "${LESSONS[@]}"; do
	run "demo-$lesson" "$EBT_BIN" demo "$lesson"
done
for test in "$EBT_SOURCE"/tests/kernel/*.sh; do
	name=$(basename "$test" .sh)
	if [[ " ${LEFT_OUT[*]} " != *" $name "* ]]; then
		run "$name" bash "$test"
	fi
done
dmesg | grep -E 'WARNING|BUG|Oops|RCU|stall|lockup' >$OUT/dmesg.log
touch $OUT/done
sync
