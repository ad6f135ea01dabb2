#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A view that was taken over (takenover.c) sends the loader whatever it likes, reads nothing, does not end: it can have the
# programs retuned within their ranges, and it can quit. The loader keeps answering signals, and takes all away at its end.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
HOSTILE=$EBT_ATTACKS/takenover
[ -x "$HOSTILE" ] || fail "not built: $HOSTILE"
unset SUDO_UID SUDO_GID

# attack NAME [OPTION…]: in the background; what the view says is in $TMP/said. Ready when it has said it.
attack() {
	local name=$1
	shift
	: >"$TMP/said"
	EBT_ATTACK=$name spawn "$TMP/said" "$TMP/err" setsid "$HOSTILE" --cache-dir "$EBT_CACHE" -J "$@"
	EBT_PID=$SPAWN_PID
	NAME=$name
	wait_for 30 "$name: the view has done its worst ($(head -c 200 "$TMP/err"))" grep -qE '^(done|ready)' "$TMP/said"
	VIEW=$(pgrep -P "$EBT_PID" -x execbig-view | head -n 1)
}
# Descriptors come and go meanwhile: what sed misses of them does not matter.
holds() {
	bpf_held "$EBT_PID" >"$TMP/held"
	grep -q '^progs' "$TMP/held"
}
kill_view() { [ -z "${VIEW:-}" ] || kill -KILL "$VIEW" 2>/dev/null; }
CLEANUP_HOOKS+=(kill_view)
alive_still() { alive "$EBT_PID" || { show "$TMP/err"; fail "$NAME: the loader has ended"; }; }
cpu_ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }
open_files() { find "/proc/$1/fd" -mindepth 1 | wc -l; }

# finish: a signal, and one more from somebody who loses patience; then nothing is left.
finish() {
	kill -TERM "$EBT_PID"
	wait_until 2 gone "$EBT_PID" || kill -TERM "$EBT_PID"
	end_of "$EBT_PID" 10
	nothing_left
}
nothing_left() {
	[ "$STATUS" = 1 ] || fail "$NAME: exit status $STATUS, want 1"
	[ -z "$VIEW" ] || wait_for 5 "$NAME: the view is gone" gone "$VIEW"
	wait_until 10 bpf_gone "$TMP/held" || { show "$TMP/bpf.left"; fail "$NAME: BPF objects are left"; }
}
said() { sed -n "s/^$1 //p" "$TMP/said"; }

# Not a message: the session ends by itself, and says why.
for name in garbage unknown; do
	attack "$name"
	end_of "$EBT_PID" 10
	: >"$TMP/held"
	nothing_left
	grep -q '^execbig-top: ' "$TMP/err" || fail "$name: no sentence"
done

# Questions without end and no answer read: the loader takes what it can answer and stays there for others.
attack flood
holds || fail "nothing held: the check would prove nothing"
before=$(open_files "$EBT_PID")
timeout 10 "$EBT_BIN" tune --pid "$EBT_PID" >"$TMP/tune" 2>&1 || { show "$TMP/tune"; fail "flood: tune gets no answer"; }
alive_still
[ "$(open_files "$EBT_PID")" -le $((before + 4)) ] || fail "flood: $(open_files "$EBT_PID") descriptors open, $before before"
finish

# Descriptors along with messages are closed.
attack descriptors
holds || fail "nothing held"
[ "$(said status)" -gt 100 ] || fail "descriptors: only $(said status) answers"
[ "$(open_files "$EBT_PID")" -lt 80 ] || fail "descriptors: the loader holds $(open_files "$EBT_PID")"
finish

# Parameters: those in range are taken, the others refused, each with an answer.
attack retune
holds || fail "nothing held"
[ "$(said refused)" -ge 8 ] && [ "$(said swapped)" -ge 1 ] || fail "retune: $(tr '\n' ' ' <"$TMP/said")"
[ "$(said scratch)" -ge 512 ] && [ "$(said scratch)" -le 32768 ] || fail "retune: scratch of $(said scratch) bytes runs"
finish

# Stopped and begun again: no program runs after the end.
attack stop
alive_still
holds || : >"$TMP/held"
sed -n 's/^link_type:/&/p' "/proc/$EBT_PID/fdinfo/"* 2>/dev/null | grep -q . && fail "stop: something is attached after the end"
[ "$(said status)" -ge 1 ] || fail "stop: no answer afterwards"
finish

# The question socket closed: no busy loop. A job's stop in a run that is none: ignored.
for name in question suspend; do
	attack "$name"
	holds || fail "nothing held"
	before=$(cpu_ticks "$EBT_PID")
	sleep 1
	[ $(($(cpu_ticks "$EBT_PID") - before)) -lt 50 ] || fail "$name: the loader spins"
	[ "$(process_state "$EBT_PID")" != T ] || fail "$name: the loader was stopped"
	finish
done

# By other ways than the socket.
attack reach
holds || fail "nothing held"
grep -q ALLOWED "$TMP/said" && { show "$TMP/said"; fail "a view reaches the loader"; }
[ "$(grep -c '^refused' "$TMP/said")" = 8 ] || { show "$TMP/said"; fail "not all was tried"; }
# What it was given: no pipe to the command, no cache, no listener.
finish
