#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Responses: nothing unless asked for; with delay an anomalous process is stopped, goes on by itself after the limit, and
# nobody stays stopped when the daemon ends.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../lib/homeo.sh"

need_kernel
daemon_start --set normal-wait=1000000 --set delay-unit=500 --set delay-limit=1500

mkfifo "$TMP/fifo"
# A run with anomalies that then waits in read(0); its pid in $PID.
odd_run() {
	: >"$TMP/pid"
	spawn "$TMP/pid" "$TMP/odd.err" bash -c "exec '$PROGRAM' pidof <'$TMP/fifo'"
	PID=$SPAWN_PID
	exec 9>"$TMP/fifo"
	wait_for 5 "it has begun" anomalies_of_odd
}
anomalies_of_odd() { [ "$(field "$PROGRAM" anomalies)" -gt "$SEEN" ]; }
stopped() { [ "$(process_state "$PID")" = T ]; }
running() { ! stopped; }
end_odd() {
	echo >&9
	exec 9>&-
	end_of "$PID" 10
	[ "$STATUS" = 0 ] || fail "the odd run ends with $STATUS"
}

program odd
runs 20 "$PROGRAM" plain
ask normalize "$PROGRAM" >/dev/null || fail normalize

SEEN=0
odd_run
sleep 0.2
stopped && fail "stopped without having been asked for"
end_odd
SEEN=$(field "$PROGRAM" anomalies)

ask set response 2 >/dev/null || fail "set response"
odd_run
wait_for 2 "it is stopped" stopped
begin=$(now_us)
wait_for 5 "it goes on" running
took=$(($(now_us) - begin))
[ "$took" -lt 3000000 ] || fail "stopped for $took us, the limit is 1500 ms"
end_odd
SEEN=$(field "$PROGRAM" anomalies)

ask set delay-limit 3600000 >/dev/null
odd_run
wait_for 2 "it is stopped" stopped
daemon_stop
wait_for 2 "it goes on when the daemon has ended" running
end_odd
