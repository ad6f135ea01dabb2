#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Who reads what the daemon writes may be who it has stopped: the system log's reader, or that of its standard output. It answers
# all the same, lets the reader go on in time, loses no line until there are too many, and ends.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../lib/homeo.sh"

need_kernel
unshare --mount true 2>/dev/null || skip "no mount namespace for a /dev/log of its own"
# A /dev of the daemon's own, with nothing of the machine's in it.
mkdir "$TMP/dev"
cat >"$TMP/own_dev" <<'END'
mount -t tmpfs -o mode=0755 none "$1" && mknod -m 0666 "$1/null" c 1 3 && mknod -m 0666 "$1/urandom" c 1 9 &&
	ln -s "$2" "$1/log" && mount --move "$1" /dev && shift 2 && exec "$@"
END
DAEMON_BY=(unshare --mount --propagation private bash "$TMP/own_dev" "$TMP/dev" "$TMP/log")
STOP=$((3000 * ${EBT_PATIENCE:-1}))
daemon_start --set normal-wait=1000000 --set anomaly-limit=1000000 --set tolerize-limit=128 --set delay-unit=1000 --set delay-limit=$STOP

# The reader is trained on next to nothing: what it reads is an anomaly.
JOURNAL=$TMP/journal
cp "$EBT_TOOLS/notified" "$JOURNAL"
runs 20 "$JOURNAL"
ask normalize "$JOURNAL" >/dev/null || fail normalize
program odd
runs 20 "$PROGRAM" plain
ask normalize "$PROGRAM" >/dev/null || fail normalize
spawn "$TMP/journal.out" "$TMP/journal.err" "$JOURNAL" "$TMP/log"
READER=$SPAWN_PID
wait_for 5 "the log has its socket" grep -qs bound "$TMP/journal.out"
stopped() { [ "$(process_state "$READER")" = T ]; }
running() { ! stopped; }
# flood N: that many lines for the log at the least, of which each is a datagram.
flood() {
	local now end
	now=$(field "$PROGRAM" anomalies)
	end=$((now + $1))
	while [ -n "$now" ] && [ "$now" -lt "$end" ]; do
		runs 10 "$PROGRAM" shellcode
		now=$(field "$PROGRAM" anomalies)
	done
	[ -n "$now" ] || fail "the daemon waits for the log"
}
# A queue holds as many, or what the sender may have under way.
queue=$(cat /proc/sys/net/unix/max_dgram_qlen)
[ "$queue" -lt 300 ] || queue=300

ask set response 2 >/dev/null || fail "set response"
sleep 1 # what it did at its beginning is past
runs 1 "$PROGRAM" plain /nowhere
wait_for 5 "the log's reader is stopped" stopped
ask set response 1 >/dev/null || fail "set response: the daemon waits for the log"
before=$(field "$PROGRAM" anomalies)
flood $((queue + 50))
[ "$(counter log_lost)" = 0 ] || fail "$(counter log_lost) lines are lost"
ask tolerize "$JOURNAL" >/dev/null || fail tolerize
wait_for $((STOP / 1000 + 5)) "the log's reader goes on" running
slot=$(field "$PROGRAM" slot)
want=$(($(field "$PROGRAM" anomalies) - before))
lines() { grep -cE "^<28>[A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} [^ ]+: anomaly: pid [0-9]+ tid [0-9]+ profile #$slot: .* LFC [0-9]+\$" "$TMP/journal.out"; }
all_lines() { [ "$(lines)" -ge "$want" ]; }
wait_for 10 "all $want lines are in the log" all_lines

# It reads no more, for ever: the daemon ends all the same.
kill -STOP "$READER"
flood $((queue + 50))
daemon_stop
[ "$STATUS" = 0 ] || fail "with lines that nobody reads: exit status $STATUS"
kill -KILL "$READER"

# The same for its standard output and standard error.
mkfifo "$TMP/out.fifo"
exec 6<>"$TMP/out.fifo"
DAEMON_BY=(bash -c 'exec "$@" >"$0" 2>&1' "$TMP/out.fifo")
daemon_start --set normal-wait=1000000 --debug
i=0
while [ $((++i)) -le 40 ] && [ "$(counter log_lost)" = 0 ]; do
	ask status >/dev/null || fail "the daemon waits for its output"
	runs 500 "$EBT_TOOLS/nop"
done
[ "$(counter log_lost)" -gt 0 ] || fail "a megabyte of lines and more waits"
daemon_stop
[ "$STATUS" = 0 ] || fail "with an output that nobody reads: exit status $STATUS"
exec 6>&-
