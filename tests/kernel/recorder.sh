#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A recording and what may go wrong around it: streams, readers that go away, signals, commands that cannot be run, full disks,
# damage. Nothing is destroyed, nothing is lost without a word, and every orderly end is in the recording.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
cd "$TMP" || exit 1
trace() { limit 60 "$EBT_BIN" --cache-dir "$EBT_CACHE" "$@"; }
# has_end FILE WHAT: the run that was recorded ended in order.
has_end() {
	"$EBT_BIN" -r "$1" -e >"$TMP/lines" 2>"$TMP/err" || fail "$2: no replay: $(cat "$TMP/err")"
	[ ! -s "$TMP/err" ] || fail "$2: $(cat "$TMP/err")"
}

# Streams: nothing but the recording is on standard output, also beside a command that prints.
trace -w - -- sh -c 'echo printed; "$0" "$1"' "$EBT_TOOLS/nop" "$MARK-s" 2>"$TMP/said" >"$TMP/s.rec" || fail "-w -: $?: $(cat "$TMP/said")"
grep -q printed "$TMP/said" || fail "what the command prints is gone"
has_end "$TMP/s.rec" '-w -'
"$EBT_BIN" -r - -e <"$TMP/s.rec" | grep -q "$MARK-s" || fail "-r - of a file"
cat "$TMP/s.rec" | "$EBT_BIN" -r - -J | grep -q "$MARK-s" || fail "-r - of a pipe"
"$EBT_BIN" -r <(cat "$TMP/s.rec") --csv | grep -q "$MARK-s" || fail "-r of a FIFO"
cat "$TMP/s.rec" | "$EBT_BIN" export json -r - -o - | grep -q "$MARK-s" || fail "export of a pipe to standard output"
[ ! -e ./- ] || fail "a file of the name -"

# A reader that goes away ends the recording alone, and no process stays.
mkfifo "$TMP/fifo"
spawn /dev/null /dev/null head -c 100 "$TMP/fifo"
trace -e -w "$TMP/fifo" -- sh -c 'for i in $(seq 40); do "$0" "$1-$i" "$(head -c 60000 /dev/urandom | base64 -w0)"; done; exit 3' "$EBT_TOOLS/nop" "$MARK-f" \
	>"$TMP/out" 2>"$TMP/err"
[ $? = 3 ] || fail "a FIFO without a reader hides the command's status: $(head -n 3 "$TMP/err")"
grep -q "$MARK-f-40" "$TMP/out" || fail "tracing ended with the reader"
grep -q 'its reader has gone' "$TMP/err" || fail "that the reader has gone is not said"
trace -w - -e 2>/dev/null >/dev/null && fail "-e and -w - are both taken"
trace -w - 2>"$TMP/err" | head -c 1 >/dev/null
[ "${PIPESTATUS[0]}" = 1 ] || fail "-w - without a reader goes on"

# A command that cannot be run replaces nothing, and makes nothing.
cp "$TMP/s.rec" "$TMP/kept.rec"
trace -e -w "$TMP/kept.rec" -- "$TMP/no-such-command" >/dev/null 2>&1
[ $? = 127 ] && cmp -s "$TMP/s.rec" "$TMP/kept.rec" || fail "a command that cannot be run has replaced a recording"
trace -e -w "$TMP/none.rec" -- "$TMP/no-such-command" >/dev/null 2>&1
[ ! -e "$TMP/none.rec" ] || fail "a recording of a command that could not be run"

# Every orderly end is in the recording: enough events, frames, a signal, the end of the command.
trace -e -n 2 -w "$TMP/n.rec" -- sh -c '"$0"; "$0"; "$0"; "$0"' "$EBT_TOOLS/nop" >/dev/null || fail "-n: $?"
has_end "$TMP/n.rec" '-e -n'
trace -b -n 1 -d 0.2 -w "$TMP/b.rec" >/dev/null || fail "-b: $?"
has_end "$TMP/b.rec" '-b -n'
for signal in INT TERM HUP; do
	ebt_start "$TMP/live" -e -w "$TMP/$signal.rec"
	kill "-$signal" "$EBT_PID"
	end_of "$EBT_PID" 20
	has_end "$TMP/$signal.rec" "SIG$signal"
done

# SIGUSR1 ends a part; a second run goes on after the first.
ebt_start "$TMP/live" -J -w "$TMP/u.rec" --rotate signal
"$EBT_TOOLS/nop" "$MARK-u1"
wait_for 10 'the exec' grep -q "$MARK-u1" "$TMP/live"
kill -USR1 "$EBT_PID"
wait_for 10 'the second part' test -e "$TMP/u.rec.1"
"$EBT_TOOLS/nop" "$MARK-u2"
wait_for 10 'the exec' grep -q "$MARK-u2" "$TMP/live"
kill -INT "$EBT_PID"
end_of "$EBT_PID" 20
has_end "$TMP/u.rec" 'SIGUSR1'
grep -q "$MARK-u1" "$TMP/lines" && grep -q "$MARK-u2" "$TMP/lines" || fail "events are missing around SIGUSR1"
trace -e -w "$TMP/u.rec" --rotate signal -- "$EBT_TOOLS/nop" "$MARK-u3" >/dev/null || fail "a second run"
"$EBT_BIN" -r "$TMP/u.rec.2" -e 2>/dev/null | grep -q "$MARK-u1" || fail "a second run has removed the first"

# Damage to the first block, or to the magic, does not cost the dates of the rest, nor who ran before.
trace -e -w "$TMP/d.rec" -- sh -c 'sleep 1.3; "$0" "$1-late"; sleep 1.2' "$EBT_TOOLS/nop" "$MARK" >/dev/null || fail "status $?"
for byte in 2 100 148; do
	cp "$TMP/d.rec" "$TMP/damaged.rec"
	printf '\377' | dd of="$TMP/damaged.rec" bs=1 seek=$byte conv=notrunc status=none
	"$EBT_BIN" -r "$TMP/damaged.rec" -J 2>"$TMP/err" >"$TMP/json" || fail "damage at $byte: $(cat "$TMP/err")"
	grep -q "$MARK-late" "$TMP/json" || fail "damage at $byte: the rest is lost"
	jq -e -s --arg year "$(date +%Y)" 'map(select(.type == "exec")) | all(.ts[:4] == $year)' "$TMP/json" >/dev/null || fail "damage at $byte: no dates"
	# The processes that ran before stood in the first block: this shell is known all the same.
	"$EBT_BIN" -r "$TMP/damaged.rec" -p $$ -J 2>"$TMP/err" | grep -q "$MARK-late" || fail "damage at $byte: -p finds nothing: $(cat "$TMP/err")"
done
# A recording of an earlier version has its clock once; then the header has to do.
cp "$EBT_SOURCE/tests/data/recordings/abi-1.rec" "$TMP/old.rec"
printf '\377' | dd of="$TMP/old.rec" bs=1 seek=160 conv=notrunc status=none
"$EBT_BIN" -r "$TMP/old.rec" -J >/dev/null 2>"$TMP/err"
[ $? -lt 2 ] || fail "an old recording that is damaged: $(cat "$TMP/err")"

# A disk that is full is said, and is the status unless the command has one of its own.
mkdir "$TMP/small"
if mount -t tmpfs -o size=100k none "$TMP/small" 2>/dev/null; then
	umount_small() { umount "$TMP/small" 2>/dev/null; }
	CLEANUP_HOOKS+=(umount_small)
	for own in 0 3; do
		trace -e -w "$TMP/small/f.rec" -- sh -c 'for i in $(seq 12); do "$0" "$(head -c 20000 /dev/urandom | base64 -w0)"; done; exit $1' \
			"$EBT_TOOLS/nop" "$own" >/dev/null 2>"$TMP/err"
		status=$?
		[ "$status" = $((own ? own : 1)) ] || fail "a full disk and a command that ends with $own: status $status"
		grep -q 'No space left' "$TMP/err" || fail "a full disk is not said"
	done
	"$EBT_BIN" -r "$TMP/s.rec" -J -w "$TMP/small/copy.rec" >/dev/null 2>"$TMP/err" || fail "a copy that has room: $(cat "$TMP/err")"
	rm -f "$TMP/small"/*
	head -c 102400 /dev/zero >"$TMP/small/fill" 2>/dev/null
	"$EBT_BIN" -r "$TMP/d.rec" -J -w "$TMP/small/copy.rec" >/dev/null 2>"$TMP/err"
	[ $? = 1 ] && grep -q 'No space left' "$TMP/err" || fail "a copy that has no room: $(cat "$TMP/err")"
fi
