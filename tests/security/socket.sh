#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The socket of `tune`: strangers are refused whatever they send, those who may talk and talk nonsense are hung up on, floods
# and clients that never read hold nobody up, who poses as an instance is not believed, and nobody waits for ever for one who lets
# nobody in, or for an instance that is stopped.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need setpriv
install -m 0755 "$EBT_ATTACKS/stranger" "$EBT_BIN" "$TMP"
as() { setpriv --reuid "$1" --regid "$1" --clear-groups "${@:2}"; }
open_files() { find "/proc/$1/fd" -mindepth 1 | wc -l; }
cpu_ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }
asked() {
	local got
	got=$(as "$1" "$TMP/stranger" ask "$EBT_PID")
	[ "$got" = "$2" ] || fail "user $1 asks, gets: $got (want $2)"
}
tuned() { limit 10 "$EBT_BIN" tune --pid "$EBT_PID" "$@" >"$TMP/tuned" 2>"$TMP/tune.err" || { show "$TMP/tune.err"; fail "$WHEN: tune $* gets status $?"; }; }

export SUDO_UID=12345 SUDO_GID=12345
ebt_start "$TMP/out" -J
unset SUDO_UID SUDO_GID
first=$EBT_PID
# Meanwhile somebody waits for one that is stopped (see below).
ebt_launch "$TMP/stopped.out" -J
stopped=$SPAWN_PID
answers() { limit 10 "$EBT_BIN" tune --pid "$stopped" >/dev/null 2>&1; }
wait_for 20 "a second instance answers" answers
kill -STOP "$stopped"
spawn "$TMP/waits.out" "$TMP/waits.err" "$EBT_BIN" tune --pid "$stopped" --poll 40
waiting=$SPAWN_PID
EBT_PID=$first
WHEN="at the beginning"
tuned --scratch 4K
sed 's/ (took.*//' "$TMP/tuned" >"$TMP/before"
fds=$(open_files "$EBT_PID")

# Who: root and the user who started it.
asked 0 status
asked 12345 status
asked 12346 refused
asked 65534 refused

# Nonsense by those who may: each connection is closed, or told that it cannot be, and nothing changes. By others: refused before it is read.
closed=$("$TMP/stranger" garbage "$EBT_PID") || fail "garbage"
[ "$closed" -ge 12 ] || fail "garbage: only $closed of 14 connections were closed"
as 12346 "$TMP/stranger" garbage "$EBT_PID" >/dev/null || fail "garbage of a stranger"
WHEN="after garbage"
tuned
sed 's/ (took.*//' "$TMP/tuned" | cmp -s "$TMP/before" - || fail "garbage has changed: $(cat "$TMP/tuned")"

# Floods: of a stranger, and of one who may and never reads. Meanwhile others are served, events are shown, signals are taken.
for who in 12346 12345; do
	for what in flood deaf; do
		WHEN="$what of user $who"
		spawn "$TMP/$what" "$TMP/$what.err" setpriv --reuid $who --regid $who --clear-groups "$TMP/stranger" "$what" "$EBT_PID" 2
		flood=$SPAWN_PID
		[ "$who $what" = "12345 flood" ] || tuned --poll 40
		"$EBT_TOOLS/nop" "$MARK-$who-$what"
		wait_for 10 "$WHEN: an exec is shown" has "$MARK-$who-$what" "$TMP/out"
		end_of "$flood" 10
		[ "$who $what" = "12346 deaf" ] || [ "$(cat "$TMP/$what")" -gt 8 ] || fail "$WHEN: only $(cat "$TMP/$what") messages"
		tuned
	done
done
hung_up() { [ "$(open_files "$EBT_PID")" -le "$fds" ]; }
wait_for 5 "the descriptors are as many as before the floods ($fds; now $(open_files "$EBT_PID"))" hung_up
before=$(cpu_ticks "$EBT_PID")
sleep 0.5
[ $(($(cpu_ticks "$EBT_PID") - before)) -lt 25 ] || fail "the loader spins after the floods"

# In the name of an instance: by the process id of the one who poses. Neither named nor found.
spawn "$TMP/pose" "$TMP/pose.err" setpriv --reuid 12346 --regid 12346 --clear-groups "$TMP/stranger" pose 100
poser=$SPAWN_PID
wait_for 5 "somebody poses" has ready "$TMP/pose"
for who in 0 12345; do
	as "$who" "$TMP/execbig-top" tune --pid "$poser" >"$TMP/tuned" 2>"$TMP/tune.err" && fail "user $who believes who poses: $(cat "$TMP/tuned")"
	grep -q "process $poser is not yours to tune" "$TMP/tune.err" || { show "$TMP/tune.err"; fail "user $who and one who poses: no sentence"; }
done
as 12346 "$TMP/execbig-top" tune --pid "$poser" >"$TMP/tuned" 2>/dev/null
grep -q 4711 "$TMP/tuned" || fail "its own user does not get its answer: the check above proves nothing"
"$EBT_BIN" tune >"$TMP/tuned" 2>&1
sed -n 's/.*(process ids \(.*\)): say .*/\1/p' "$TMP/tuned" | tr -d ' ' | tr , '\n' | grep -qx "$poser" && { show "$TMP/tuned"; fail "one who poses is among the instances"; }
grep -qw 4711 "$TMP/tuned" && { show "$TMP/tuned"; fail "one who poses was asked"; }

# One who listens in the name of another and lets nobody in, whoever that is: it is passed over.
spawn "$TMP/squat" "$TMP/squat.err" setpriv --reuid 12346 --regid 12346 --clear-groups "$TMP/stranger" squat 1 60
squatter=$SPAWN_PID
wait_for 5 "somebody listens in the name of process 1" has ready "$TMP/squat"
limit 10 "$EBT_BIN" tune >"$TMP/tuned" 2>&1
[ $? -ne 124 ] || fail "tune waits for one who lets nobody in"
grep -qw "$EBT_PID" "$TMP/tuned" || { show "$TMP/tuned"; fail "the instance is not found beside one who lets nobody in"; }
limit 30 "$EBT_BIN" tune --pid 1 >"$TMP/tuned" 2>&1
[ $? = 1 ] && grep -q 'process 1 does not take questions' "$TMP/tuned" || { show "$TMP/tuned"; fail "tune --pid of one who lets nobody in"; }
kill "$squatter"

# One who has taken the name of an instance before it began: the instance takes another name, and is found by it.
spawn "$TMP/late.out" "$TMP/late.err" sh -c 'while ! [ -e "$1" ]; do sleep 0.05; done; shift; exec "$@"' - "$TMP/go" "$EBT_BIN" --cache-dir "$EBT_CACHE" -J
late=$SPAWN_PID
spawn "$TMP/squat" "$TMP/squat.err" setpriv --reuid 12346 --regid 12346 --clear-groups "$TMP/stranger" squat "$late" 60
squatter=$SPAWN_PID
wait_for 5 "somebody listens in the name of an instance to come" has ready "$TMP/squat"
touch "$TMP/go"
late_answers() { limit 10 "$EBT_BIN" tune --pid "$late" >"$TMP/tuned" 2>&1; }
wait_for 20 "an instance is reached whose name somebody else has" late_answers
limit 10 "$EBT_BIN" tune >"$TMP/tuned" 2>&1
grep -qw "$late" "$TMP/tuned" || { show "$TMP/tuned"; fail "an instance whose name somebody else has is not found"; }
kill -INT "$late"
end_of "$late" 10
kill "$squatter"

# An instance that is stopped does not answer, and that is said.
end_of "$waiting" 60
[ "$STATUS" = 1 ] && grep -q "process $stopped does not answer: it is stopped" "$TMP/waits.err" ||
	{ show "$TMP/waits.err"; fail "an instance that is stopped: tune ends with status $STATUS"; }
kill -CONT "$stopped"
kill -INT "$stopped"
end_of "$stopped" 10

ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS"; }
seen "$TMP/out" '.type == "note" and .text == "summary"' | jq -e '.law == true' >/dev/null || fail "the accounting does not hold"
