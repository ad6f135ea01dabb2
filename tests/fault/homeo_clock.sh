#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Somebody sets the wall clock a day on and back while profiles wait to become normal: the wait is as long as it was, by what is
# said and by what is done, and over a restart too; times of day are those of the new clock.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../lib/homeo.sh"

need_kernel
[ -r "$EBT_FAULTS/wallclock.so" ] || fail "not built: $EBT_FAULTS/wallclock.so"
# set_clock SECONDS: from now on that far from the machine's.
set_clock() {
	local n=$(($1 * 1000000000)) i bytes=
	for i in 0 8 16 24 32 40 48 56; do bytes+=$(printf '\\x%02x' $(((n >> i) & 255))); done
	printf '%b' "$bytes" | dd of="$TMP/offset" bs=8 conv=notrunc status=none
}
head -c 16 /dev/zero >"$TMP/offset"
DAEMON_BY=(env LD_PRELOAD="$EBT_FAULTS/wallclock.so" WALLCLOCK="$TMP/offset")
# waits WHEN: the profile still has its wait before it, by its state and by the seconds that are shown.
waits() {
	local left
	[ "$(field "$PROGRAM" state)" = frozen ] || fail "$1: $(field "$PROGRAM" state), not frozen"
	left=$(field "$PROGRAM" normal_in_s)
	[ "$left" -gt 800000 ] && [ "$left" -le 1000000 ] || fail "$1: normal in $left s, of 1000000"
}
# changed SECONDS: that far from the machine's clock is the time of the last change.
changed() {
	local off=$(($(date -d "$(field "$PROGRAM" changed)" +%s) - $(date +%s) - $1))
	[ "$off" -ge -600 ] && [ "$off" -le 600 ] || fail "changed is $off s off with the clock at $1"
}

daemon_start --set normal-wait=1000000 --set min-train=500
program patient
runs 60 "$PROGRAM" plain
waits "at the beginning"
changed 0
for seconds in 86400000 -86400000; do
	set_clock "$seconds"
	waits "the clock at $seconds"
	changed "$seconds"
	# A setting is written to the kernel with the clock.
	ask set normal-factor 128 >/dev/null || fail "set"
	runs 20 "$PROGRAM" plain
	waits "the clock at $seconds, and more calls"
done

# Its file has the time by the new clock, though nothing but the clock has changed.
set_clock 86400000
ask save | jq -e '.saved > 0' >/dev/null || fail "nothing saved after the clock was set"
daemon_stop KILL
daemon_start --set normal-wait=1000000
waits "after a restart"
changed 86400000
runs 20 "$PROGRAM" plain
waits "after a restart, and more calls"

# The other way round: what was short is not made long.
ask set normal-wait 1 >/dev/null
program hasty
runs 60 "$PROGRAM" plain
set_clock -86400000
sleep 1.2
runs 20 "$PROGRAM" plain
[ "$(field "$PROGRAM" state)" = normal ] || fail "after its wait of a second: $(field "$PROGRAM" state), not normal"
daemon_stop
[ "$STATUS" = 0 ] || fail "exit status $STATUS"
