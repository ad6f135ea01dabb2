#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# enforcing: where the kernel runs BPF as a security module, a normal program that misbehaves may not exec, others may, and it
# is an event; where it does not, asking for it is refused with the reason.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../lib/homeo.sh"

need_kernel
daemon_start --set normal-wait=1000000
[ "$(ask status | jq -r .settings.enforcing)" = 0 ] || fail "on by default"
program rogue
runs 20 "$PROGRAM" plain
ask normalize "$PROGRAM" >/dev/null || fail normalize
if ! ask set enforcing 1 >"$TMP/set" 2>&1; then
	grep -qE 'does not let us refuse execs: .+' "$TMP/set" || { show "$TMP/set"; fail "refused without a reason"; }
	[ "$(ask status | jq -r .settings.enforcing)" = 0 ] || fail "refused, and set all the same"
	say "this kernel cannot: $(cat "$TMP/set")"
	daemon_stop
	spawn "$TMP/out" "$TMP/err" "$EBT_BIN" daemon --socket "$SOCKET.2" --no-save --cache-dir "$EBT_CACHE" --set enforcing=1
	end_of "$SPAWN_PID" 20
	[ "$STATUS" = 69 ] || fail "a daemon that is to enforce ends with $STATUS, not 69"
	exit 0
fi
spawn "$TMP/events" "$TMP/events.err" "$EBT_BIN" attach -J --socket "$SOCKET"
wait_for 10 "attach is connected" sh -c "'$PROGRAM' plain; sleep 0.05; grep -q associated '$TMP/events'"
# The stand-in for shell code execs ls: its status is 2 when that is refused.
"$PROGRAM" shellcode >"$TMP/ls.out" 2>&1
[ ! -s "$TMP/ls.out" ] || { show "$TMP/ls.out"; fail "ls ran"; }
[ "$(counter denied)" -ge 1 ] || fail "denied is $(counter denied)"
wait_for 5 "it is an event" grep -q '"event":"exec_denied"' "$TMP/events"
/bin/true || fail "others may not exec"
ask set enforcing 0 >/dev/null
"$PROGRAM" shellcode >"$TMP/ls.out" 2>&1
[ -s "$TMP/ls.out" ] || fail "ls does not run with enforcing off"
daemon_stop
