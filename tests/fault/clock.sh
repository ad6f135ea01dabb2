#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Somebody sets the wall clock an hour on, then a day back, while it runs: order, intervals and counts are those of the
# monotonic clock, times of day go on from where they began, no wait gets longer or shorter, a recording says the same.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
[ -r "$EBT_FAULTS/wallclock.so" ] || fail "not built: $EBT_FAULTS/wallclock.so"
# put PLACE SECONDS
put() {
	local n=$(($2 * 1000000000)) i bytes=
	for i in 0 8 16 24 32 40 48 56; do bytes+=$(printf '\\x%02x' $(((n >> i) & 255))); done
	printf '%b' "$bytes" | dd of="$TMP/offset" bs=8 seek="$1" conv=notrunc status=none
}
# set_clock SECONDS: from now on that far from the machine's.
set_clock() { put 0 "$1"; }
head -c 16 /dev/zero >"$TMP/offset"
chmod 0644 "$TMP/offset"
preload=(env LD_PRELOAD="$EBT_FAULTS/wallclock.so" WALLCLOCK="$TMP/offset")
step() {
	set_clock "$1"
	"$EBT_TOOLS/nop" "$MARK$1"
	wait_for 10 "the clock at $1: an exec is shown" has "$MARK$1" "$TMP/out"
}

# The library does set the program's clock.
set_clock 86400000
stamp=$("${preload[@]}" "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -n 1 2>"$TMP/err" -- "$EBT_TOOLS/nop" "$MARK" | jq -r .ts)
[ ! -s "$TMP/err" ] || { show "$TMP/err"; fail "-n 1 has something to say"; }
[ "$(date -d "${stamp%%.*}Z" +%s)" -gt $(($(date +%s) + 80000000)) ] || fail "the clock was not set: it is $stamp"

set_clock 0
spawn "$TMP/out" "$TMP/err" "${preload[@]}" "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -w "$TMP/clock.rec" --metrics "$TMP/metrics"
EBT_PID=$SPAWN_PID
wait_for 20 "it traces ($(head -c 300 "$TMP/err"))" ebt_probe "$TMP/out"
for seconds in 0 3600 -86400 -1; do step $seconds; done
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/err"; fail "exit status $STATUS"; }
check_accounting "$TMP/out"
[ "$LOST_TOTAL" = 0 ] || fail "$LOST_TOTAL events lost"
# One offset between the two clocks all the time: intervals are true. In whole milliseconds: jq's numbers are doubles.
seen "$TMP/out" '.mono_ns != null and .ts != null' | jq -r '(.ts[0:19] + "Z" | fromdateiso8601 * 1000) + (.ts[20:23] | tonumber) - (.mono_ns / 1000000 | floor)' |
	sort -n | sed -n '1p;$p' | paste -sd ' ' >"$TMP/offsets"
read -r low high <"$TMP/offsets" && [ $((high - low)) -le 1 ] || fail "the times of day jump: $(cat "$TMP/offsets") ms"
"$EBT_BIN" -r "$TMP/clock.rec" -J >"$TMP/replay" || fail "no replay"
cmp -s "$TMP/out" "$TMP/replay" || fail "the recording says something else"

# Suspended for an hour: the monotonic clock has not moved, times of day have; it is said, and the recording says the same.
set_clock 0
spawn "$TMP/out" "$TMP/err" "${preload[@]}" "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -w "$TMP/sleep.rec" --sqlite "$TMP/sleep.db"
EBT_PID=$SPAWN_PID
wait_for 20 "it traces ($(head -c 300 "$TMP/err"))" ebt_probe "$TMP/out"
step 1
# What waits in the ring is of before, and has the time of before.
view=$(ebt_view_of "$EBT_PID") || fail "no view"
kill -STOP "$view"
"$EBT_TOOLS/nop" "${MARK}0"
woken=$(date -d '+30 minutes' +%FT%T)
put 1 3600
kill -CONT "$view"
wait_for 10 "it is said" has '"text":"the machine was suspended for 1h00m"' "$TMP/out"
step 2
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/err"; fail "exit status $STATUS"; }
check_accounting "$TMP/out"
# offset ARGUMENT: from the monotonic clock to the time of day, in milliseconds.
offset() {
	seen "$TMP/out" ".type == \"exec\" and .args[1] == \"$1\"" |
		jq -r '(.ts[0:19] + "Z" | fromdateiso8601 * 1000) + (.ts[20:23] | tonumber) - (.mono_ns / 1000000 | floor)'
}
slept=$(($(offset "${MARK}2") - $(offset "${MARK}1")))
waited=$(($(offset "${MARK}0") - $(offset "${MARK}1")))
[ "$waited" -ge -2 ] && [ "$waited" -le 2 ] || fail "an exec of before the sleep, read after it, has a time that is $waited ms off"
[ "$slept" -ge 3599998 ] && [ "$slept" -le 3600002 ] || fail "times of day moved by $slept ms in an hour's sleep"
"$EBT_BIN" -r "$TMP/sleep.rec" -J >"$TMP/replay" || fail "no replay"
cmp -s "$TMP/out" "$TMP/replay" || { diff "$TMP/out" "$TMP/replay" | cut -c 1-300 >"$TMP/diff"; show "$TMP/diff"; fail "the recording of a sleep says something else"; }
"$EBT_BIN" -r "$TMP/sleep.rec" -J --from "$woken" | jq -r 'select(.type == "exec") | .args[1]' >"$TMP/after"
has "${MARK}2" "$TMP/after" && ! has "${MARK}1" "$TMP/after" || { show "$TMP/after"; fail "--from a time in the sleep"; }
"$EBT_BIN" -r "$TMP/sleep.rec" -J --to "$woken" | jq -r 'select(.type == "exec") | .args[1]' >"$TMP/before"
has "${MARK}1" "$TMP/before" && ! has "${MARK}2" "$TMP/before" || { show "$TMP/before"; fail "--to a time in the sleep"; }
apart=$(sqlite3 "$TMP/sleep.db" "select (julianday(max(ts)) - julianday(min(ts))) * 86400 > 3599 from exec where args like '%$MARK%'")
[ "$apart" = 1 ] || fail "the database has not slept: $apart"
put 1 0

# Waits: five screens of a fifth of a second take a second, whatever the clock does.
set_clock 0
begin=$(now_us)
spawn "$TMP/screens" "$TMP/err" "${preload[@]}" "$EBT_BIN" --cache-dir "$EBT_CACHE" -b -d 0.2 -n 5
pid=$SPAWN_PID
one() { has execbig-top "$TMP/screens"; }
wait_for 20 "a screen" one
set_clock -86400
end_of "$pid" 20
took=$((($(now_us) - begin) / 1000))
[ "$STATUS" = 0 ] && [ "$(grep -c '^execbig-top ' "$TMP/screens")" = 5 ] || fail "screens: status $STATUS, $(grep -c '^execbig-top ' "$TMP/screens") of 5"
[ "$took" -ge 900 ] || fail "five screens of 200 ms came in $took ms"
