#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Standard streams that are closed, full, or whose reader goes away: nothing of ours ends up in another file, a status and a
# sentence tell what was not written, and all processes end.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
ebt() { limit 20 "$EBT_BIN" --cache-dir "$EBT_CACHE" "$@"; }

# Closed, in all combinations. What is recorded is a recording and nothing else; the command gets descriptors that exist.
for closed in 0 1 2 01 02 12 012; do
	form=-J
	[[ $closed != *1* ]] || form=-q
	(
		[[ $closed != *0* ]] || exec 0<&-
		[[ $closed != *1* ]] || exec 1>&-
		[[ $closed != *2* ]] || exec 2>&-
		# shellcheck disable=SC2016 # the command's shell expands
		ebt "$form" -w "$TMP/$closed.rec" --sqlite "$TMP/$closed.db" --metrics "$TMP/$closed.prom" -- \
			sh -c 'for fd in 0 1 2; do readlink /proc/$$/fd/$fd; done >"$1"; "$2" "$3"' - "$TMP/$closed.fds" "$EBT_TOOLS/nop" "$MARK"
	) >"$TMP/$closed.out" 2>"$TMP/$closed.err" </dev/null
	status=$?
	[ "$status" = 0 ] || { show "$TMP/$closed.err"; fail "closed $closed: exit status $status"; }
	[ "$(wc -l <"$TMP/$closed.fds")" = 3 ] || { show "$TMP/$closed.fds"; fail "closed $closed: the command lacks a descriptor"; }
	grep -qE '\.(rec|db|prom)$|^anon_inode|socket' "$TMP/$closed.fds" && { show "$TMP/$closed.fds"; fail "closed $closed: the command got a file of ours"; }
	ebt -J -r "$TMP/$closed.rec" >"$TMP/replay" 2>"$TMP/err" || { show "$TMP/err"; fail "closed $closed: no recording"; }
	[ ! -s "$TMP/err" ] || { show "$TMP/err"; fail "closed $closed: the recording is damaged"; }
	has "$MARK" "$TMP/replay" || fail "closed $closed: the exec is not in the recording"
	[[ $closed == *1* ]] || cmp -s "$TMP/replay" "$TMP/$closed.out" || fail "closed $closed: the output differs from the recording"
	grep -qv '^#\|^execbig_' "$TMP/$closed.prom" && { show "$TMP/$closed.prom"; fail "closed $closed: something else is in the metrics"; }
done

# A file of the caller's that has the number of a closed stream: not written to.
echo untouched >"$TMP/bystander"
exec 7<>"$TMP/bystander"
(exec 1>&- 2>&-; ebt -q -w "$TMP/beside.rec" -- "$EBT_TOOLS/nop" "$MARK") || fail "with a file of the caller's open: $?"
(exec 1>&-; ebt -J -- "$EBT_TOOLS/nop" "$MARK") 2>"$TMP/err" && fail "-J without a standard output is taken for success"
grep -q 'standard output is closed' "$TMP/err" || { show "$TMP/err"; fail "no word that standard output is closed"; }
exec 7>&-
[ "$(cat "$TMP/bystander")" = untouched ] || fail "a file of the caller's was written to"

# Full: every form says so and fails.
ebt -e -w "$TMP/full.rec" -- "$EBT_TOOLS/nop" "$MARK" >/dev/null || fail "no recording"
full() {
	local status
	limit 20 "$EBT_BIN" "$@" >/dev/full 2>"$TMP/err" </dev/null
	status=$?
	[ "$status" = 1 ] || { show "$TMP/err"; fail "$*, full: exit status $status"; }
}
for form in -J -e --csv -b; do
	full --cache-dir "$EBT_CACHE" "$form" -- "$EBT_TOOLS/nop" "$MARK"
	grep -q 'cannot write standard output: No space left on device' "$TMP/err" || { show "$TMP/err"; fail "$form, full: no sentence"; }
	full "$form" -r "$TMP/full.rec"
	grep -q 'cannot write standard output: No space left on device' "$TMP/err" || { show "$TMP/err"; fail "$form of a recording, full: no sentence"; }
done
for form in --help --usage --version --list-columns --print-bpf demo check; do full "$form"; done
for form in json csv perfetto; do full export "$form" -r "$TMP/full.rec"; done
# A full disk: the sentence names the file of -o, and nothing is left of it.
mkdir "$TMP/small" && mount -t tmpfs -o size=16k none "$TMP/small" || fail "no small file system"
"$EBT_TOOLS/recgen" "$TMP/many.rec" 2000 || fail "recgen"
for format in json csv perfetto; do
	"$EBT_BIN" export "$format" -r "$TMP/many.rec" -o "$TMP/small/$format" 2>"$TMP/err" && fail "export $format to a full disk is taken for success"
	grep -qF "cannot write $TMP/small/$format: No space left on device" "$TMP/err" || { show "$TMP/err"; fail "export $format to a full disk: the file is not named"; }
	[ "$(ls -A "$TMP/small")" = "" ] || fail "export $format to a full disk leaves $(ls -A "$TMP/small")"
done
umount "$TMP/small"
limit 20 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- "$EBT_TOOLS/nop" "$MARK" >"$TMP/out" 2>/dev/full || fail "standard error full: $?"
has "$MARK" "$TMP/out" || fail "standard error full: nothing seen"

# A reader that goes away ends the tracing, quietly.
mkfifo "$TMP/pipe"
for form in -J -e --csv -b; do
	exec 8<>"$TMP/pipe"
	# shellcheck disable=SC2016 # the inner shell expands
	spawn "$TMP/pipe" "$TMP/err" sh -c 'exec 8<&-; exec "$@"' - "$EBT_BIN" --cache-dir "$EBT_CACHE" "$form" -d 0.1
	pid=$SPAWN_PID
	head -n 2 <"$TMP/pipe" >"$TMP/head" &
	reader=$!
	fed() { "$EBT_TOOLS/nop" "$MARK-feed"; gone "$reader"; }
	wait_for 20 "$form: the reader has its lines" fed
	bpf_held "$pid" >"$TMP/held"
	exec 8<&-
	ends() { "$EBT_TOOLS/nop" "$MARK-feed"; gone "$pid"; }
	wait_for 20 "$form: ends after its reader" ends
	wait "$pid"
	status=$?
	[ "$status" -le 1 ] || { show "$TMP/err"; fail "$form, EPIPE: exit status $status"; }
	[ "$(wc -l <"$TMP/err")" -le 1 ] || { show "$TMP/err"; fail "$form, EPIPE: more than one sentence"; }
	wait_until 10 bpf_gone "$TMP/held" || { show "$TMP/bpf.left"; fail "$form, EPIPE: BPF objects are left"; }
done
# Nor is there a next event to be waited for, however the reader was connected: with a filter that would be hours.
# alone OPTION…: its only event was read, and the reader is gone.
alone() {
	rm -f "$TMP/head"
	mkfifo "$TMP/fifo.$1" && { head -n "$2" <"$TMP/fifo.$1" >"$TMP/head" & }
	spawn "$TMP/fifo.$1" "$TMP/err" "$EBT_BIN" --cache-dir "$EBT_CACHE" "${@:3}" -m "^[^ ]*nop $MARK-only$"
	pid=$SPAWN_PID
	only() { "$EBT_TOOLS/nop" "$MARK-only"; sleep 0.1; has "$MARK-only" "$TMP/head"; }
	wait_for 20 "${*:3}: the event is read" only
	wait_for 5 "${*:3}: ends after its reader, without another event" gone "$pid"
	wait "$pid" || { show "$TMP/err"; fail "${*:3}: exit status $?"; }
}
alone json 1 -J
alone text 2 -e
alone csv 2 --csv
# A command whose tracing nobody reads any more goes on, and its status is ours; with --kill-on-exit it is ended, which is no success.
# piped STATUS OPTION… -- COMMAND…
piped() {
	local want=$1
	shift
	limit 20 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J "$@" 2>"$TMP/err" | head -n 5 >/dev/null
	status=${PIPESTATUS[0]}
	[ "$status" = "$want" ] || { show "$TMP/err"; fail "$1: exit status $status, want $want"; }
}
piped 7 -- sh -c 'for i in $(seq 40); do "$1" "$2"; sleep 0.02; done; echo done >"$3"; exit 7' - "$EBT_TOOLS/nop" "$MARK" "$TMP/done"
[ -s "$TMP/done" ] || fail "the command was ended with its reader"
grep -q 'sh (process .*still runs' "$TMP/err" || { show "$TMP/err"; fail "no word that the command is waited for"; }
piped 143 --kill-on-exit -- sh -c 'echo $$ >"$1"; while :; do "$2" "$3"; done' - "$TMP/pid" "$EBT_TOOLS/nop" "$MARK"
[ -s "$TMP/pid" ] || fail "the command did not begin"
gone "$(cat "$TMP/pid")" || fail "--kill-on-exit: the command still runs"

# Files are written on when nobody reads the lines any more: all of it, with its end; live and in a replay.
# shellcheck disable=SC2016 # the command's shell expands
ebt -J -w "$TMP/on.rec" -- sh -c 'sleep 0.5; "$1" "$2"' - "$EBT_TOOLS/nop" "$MARK-on" 2>"$TMP/err" | head -n 1 >/dev/null
status=${PIPESTATUS[0]}
[ "$status" = 0 ] || { show "$TMP/err"; fail "a recording without a reader of its lines: exit status $status"; }
grep -q 'the files are written on' "$TMP/err" || { show "$TMP/err"; fail "no word that the files are written on"; }
ebt -J -r "$TMP/on.rec" >"$TMP/replay" 2>"$TMP/err" && [ ! -s "$TMP/err" ] || { show "$TMP/err"; fail "the recording is not whole"; }
has "$MARK-on" "$TMP/replay" || fail "what came after the reader is not in the recording"
"$EBT_TOOLS/recgen" "$TMP/many.rec" 20000 || fail recgen
ebt -J -r "$TMP/many.rec" -w "$TMP/copy.rec" 2>"$TMP/err" | head -n 1 >/dev/null
[ "$(ebt -J -r "$TMP/copy.rec" | wc -l)" = "$(ebt -J -r "$TMP/many.rec" | wc -l)" ] || fail "the copy of a replay ends with the reader of its lines"
