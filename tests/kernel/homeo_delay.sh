#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Responses: nothing unless asked for; with delay an anomalous process is stopped (by SIGSTOP, or in a frozen cgroup), goes on
# by itself after the limit, and nobody stays stopped when the daemon ends; killed is only who belongs to a profile that asks.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../lib/homeo.sh"

need_kernel
# Longer on a slower machine, or it goes on before anybody has looked.
STOP=$((1500 * ${EBT_PATIENCE:-1}))
UNIT=$((${EBT_PATIENCE:-1} > 1 ? 1000 : 500)) # 1000 is the most
daemon_start --set normal-wait=1000000 --set delay-unit=$UNIT --set delay-limit=$STOP --set anomaly-limit=10000

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
[ "$took" -lt $((STOP * 2000)) ] || fail "stopped for $took us, the limit is $STOP ms"
end_odd
SEEN=$(field "$PROGRAM" anomalies)

# In a cgroup of its own where there is a cgroup2 that can be written, else by the signal.
frozen_dirs() { find /sys/fs/cgroup -maxdepth 6 -type d -name "execbig-top-frozen-$DAEMON-*" 2>/dev/null; }
v2=/sys/fs/cgroup$([ -e /sys/fs/cgroup/cgroup.controllers ] || echo /unified)
own=$v2$(sed -n 's/^0:://p' /proc/self/cgroup)
ask set response 3 >/dev/null || fail "set response 3"
odd_run
if mkdir "$own/ebt-test-$$" 2>/dev/null && rmdir "$own/ebt-test-$$"; then
	frozen() { [ -n "$(frozen_dirs)" ] && grep -q 'frozen 1' "$(frozen_dirs)/cgroup.events" 2>/dev/null; }
	wait_for 2 "a frozen cgroup holds it" frozen
	stopped && fail "it is stopped by a signal too"
	kill -CONT "$PID"
	frozen || fail "a SIGCONT lets it go on"
else
	wait_for 2 "it is stopped without a cgroup" stopped
fi
wait_for 5 "it goes on and its cgroup is gone" eval '[ -z "$(frozen_dirs)" ] && ! stopped'
end_odd
SEEN=$(field "$PROGRAM" anomalies)
ask set response 2 >/dev/null

# Who stands still by somebody else's doing (Ctrl-Z) by the time that we would stop him is not let go on by us.
ask set delay-limit 200 >/dev/null
kill -STOP "$DAEMON"
spawn "$TMP/pid3" "$TMP/odd.err" bash -c "exec '$PROGRAM' pidof <'$TMP/fifo'"
PID=$SPAWN_PID
exec 9>"$TMP/fifo"
wait_for 5 "it has begun" test -s "$TMP/pid3"
kill -STOP "$PID"
wait_for 2 "it is stopped by hand" stopped
kill -CONT "$DAEMON"
wait_for 5 "its anomalies are seen" anomalies_of_odd
sleep 0.6
stopped || fail "what was stopped by hand goes on"
kill -CONT "$PID"
end_odd
SEEN=$(field "$PROGRAM" anomalies)

ask set delay-limit 3600000 >/dev/null
odd_run
wait_for 2 "it is stopped" stopped
daemon_stop
wait_for 2 "it goes on when the daemon has ended" running
end_odd

# Killing: not by any response, only where the profile asks, only above the limit; the wish is kept.
daemon_start --set normal-wait=1000000 --set response=1 --set kill-limit=3
program rogue
runs 20 "$PROGRAM" plain
ask normalize "$PROGRAM" >/dev/null || fail normalize
"$PROGRAM" shellcode >/dev/null 2>&1
[ "$(field "$PROGRAM" max_lfc)" -gt 3 ] || fail "LFC $(field "$PROGRAM" max_lfc): the test is none"
ask respond "$PROGRAM" maim >/dev/null 2>&1 && fail "a response that does not exist"
ask respond "$PROGRAM" kill >/dev/null || fail respond
[ "$(field "$PROGRAM" kill)" = true ] || fail "the wish is not shown"
# It has anomalies enough, then waits for a line that never comes.
mkfifo "$TMP/fifo2"
spawn "$TMP/pid2" "$TMP/rogue.err" bash -c "exec '$PROGRAM' rogue <'$TMP/fifo2'"
PID=$SPAWN_PID
exec 8>"$TMP/fifo2"
end_of "$PID" 10
exec 8>&-
[ "$STATUS" = 137 ] || fail "the rogue ends with $STATUS, not by SIGKILL"
ask respond "$PROGRAM" default >/dev/null
[ "$(field "$PROGRAM" kill)" = false ] || fail "the wish cannot be taken back"
ask respond "$PROGRAM" kill >/dev/null
daemon_stop
daemon_start --set normal-wait=1000000
[ "$(field "$PROGRAM" kill)" = true ] || fail "the wish is not kept on disk"
daemon_stop
