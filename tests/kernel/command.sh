#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# -- COMMAND: only it and its descendants, and its exit status.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

run() { limit 30 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- "$@" >"$TMP/out" 2>"$TMP/err"; }

# Somebody else starts something all the time, some fifty times a second.
spawn /dev/null /dev/null bash -c 'while :; do "$1" "$2"; sleep 0.02; done' - "$EBT_TOOLS/nop" "$MARK-stranger"
run sh -c '"$1" "$2" 5 >"$3"; ( "$4" "$2-orphan" & ) ; exit 42' - "$EBT_TOOLS/marked" "$MARK" "$TMP/expected" "$EBT_TOOLS/nop"
status=$?
[ "$status" = 42 ] || { show "$TMP/err"; fail "exit status $status, want 42"; }
[ -s "$TMP/err" ] && { show "$TMP/err"; fail "something on stderr"; }
grep -q -- "$MARK-stranger" "$TMP/out" && fail "saw a process that is not a descendant"
jq -c '[.pid, .args]' "$TMP/expected" | sort >"$TMP/want"
jq -c "select(.type == \"exec\" and .args[1] == \"--leaf\") | [.pid, .args]" "$TMP/out" | sort >"$TMP/got"
diff "$TMP/want" "$TMP/got" >"$TMP/diff" || { show "$TMP/diff"; fail "descendants differ"; }
# The command's own exec comes first, and every other exec's parent is one of the tree.
jq -s -e '[.[] | select(.type == "exec")] | .[0].args[0] == "sh" and .[0].comm == "sh"' "$TMP/out" >/dev/null ||
	fail "the first exec is not the command's own: $(head -n 1 "$TMP/out" | cut -c 1-300)"
jq -s -e '[.[] | select(.type == "exit") | .pid] as $ended | [.[] | select(.type == "exec")][0].pid as $root | $ended | index($root)' \
	"$TMP/out" >/dev/null || fail "no exit of the command itself"

run sh -c 'kill -9 $$'
status=$?
[ "$status" = 137 ] || fail "command killed by SIGKILL: exit status $status, want 137"
run true
status=$?
[ "$status" = 0 ] || fail "true: exit status $status"
run "$TMP/no-such-program"
status=$?
[ "$status" != 0 ] || fail "a command that does not exist: exit status 0"
[ "$(wc -l <"$TMP/err")" = 1 ] && grep -q no-such-program "$TMP/err" || { show "$TMP/err"; fail "want one sentence that names the command"; }
# The command has its own stdin, and its environment is not touched.
printf 'in\n' | MARK=$MARK limit 30 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- sh -c 'cat >"$1"; echo "$MARK" >>"$1"' - "$TMP/told" >/dev/null
[ "$(cat "$TMP/told")" = "in
$MARK" ] || fail "stdin or environment of the command: $(cat "$TMP/told")"
# A signal that was ignored stays so, as nohup means it; nothing else is.
ignored() { sed -n 's/^SigIgn:\t0*//p' "$TMP/ignored"; }
limit 30 env --ignore-signal=HUP "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- \
	sh -c 'cat /proc/self/status >"$1"' - "$TMP/ignored" >"$TMP/out" 2>"$TMP/err" || fail "exit status $? with HUP ignored"
[ "$(ignored)" = 1 ] || fail "HUP was ignored, the command ignores: $(ignored)"
# So do SIGCHLD and SIGXFSZ, which we set for ourselves, and the mask of blocked signals.
limit 30 env --ignore-signal=CHLD,XFSZ --block-signal=USR1,INT "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- \
	cat /proc/self/status >"$TMP/out" 2>"$TMP/ignored" || fail "exit status $? with signals ignored and blocked"
[ "$(ignored)" = 1010000 ] || fail "CHLD and XFSZ were ignored, the command ignores: $(ignored)"
[ "$(sed -n 's/^SigBlk:\t0*//p' "$TMP/ignored")" = 202 ] || fail "USR1 and INT were blocked, in the command: $(grep SigBlk "$TMP/ignored")"
# What it prints is not among the lines, where these are for a program.
for form in -J -e --csv -b; do
	limit 30 "$EBT_BIN" --cache-dir "$EBT_CACHE" "$form" -- sh -c 'echo "its-own-$1"' - "$MARK" >"$TMP/out" 2>"$TMP/err" || fail "$form: exit status $?"
	grep -q "^its-own-$MARK" "$TMP/err" || { show "$TMP/err"; fail "$form: what the command printed is not in standard error"; }
	grep -q "^its-own-$MARK" "$TMP/out" && fail "$form: what the command printed is among the lines"
done
# -n ends the tracing, not the command.
limit 30 "$EBT_BIN" --cache-dir "$EBT_CACHE" -e -n 2 -- sh -c 'for i in 1 2 3 4; do "$1"; done; sleep 0.5; echo done >"$2"; exit 9' - "$EBT_TOOLS/nop" "$TMP/finished" >"$TMP/out" 2>"$TMP/err"
status=$?
[ "$status" = 9 ] && [ -s "$TMP/finished" ] || { show "$TMP/err"; fail "-n 2: exit status $status, want 9 after the command's end"; }
# Ended by a signal while the command runs: the command ends too, and the status is no success.
spawn "$TMP/out" "$TMP/err" "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- "$EBT_TOOLS/waiter" "$MARK-waits"
pid=$SPAWN_PID
wait_for 20 "the command runs" has "$MARK-waits" "$TMP/out"
waiter=$(jq -r "select(.type == \"exec\" and .args[1] == \"$MARK-waits\") | .pid" "$TMP/out")
kill -TERM "$pid"
end_of "$pid" 20
[ "$STATUS" = 143 ] || fail "SIGTERM while the command runs: exit status $STATUS, want 143"
wait_for 5 "the command ends" gone "$waiter"
# One Ctrl-C is the command's. Two end it and us, also if it heeds neither.
# shellcheck disable=SC2016 # the command expands
spawn "$TMP/out" "$TMP/err" "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- sh -c 'trap "" INT TERM; "$1" "$2-deaf"; while :; do sleep 0.1; done' - "$EBT_TOOLS/nop" "$MARK"
pid=$SPAWN_PID
wait_for 20 "the command runs" has "$MARK-deaf" "$TMP/out"
deaf=$(jq -r "select(.type == \"exec\" and .args[1] == \"$MARK-deaf\") | .ppid" "$TMP/out")
kill -INT "$pid"
sleep 1
alive "$pid" && alive "$deaf" || fail "one Ctrl-C ends a command that ignores it"
kill -INT "$pid"
end_of "$pid" 5
[ "$STATUS" = 130 ] || fail "two Ctrl-C: exit status $STATUS, want 130"
gone "$deaf" || fail "two Ctrl-C: the command still runs"
# The same while its exec takes long, here because a tracer holds it: the loader waits for no exec.
if command -v strace >/dev/null; then
	spawn "$TMP/out" "$TMP/err" strace -f -qq -o "$TMP/trace" -e trace=execve -e inject=execve:delay_enter=60000000:when=1 \
		"$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- "$EBT_TOOLS/nop" "$MARK-slow"
	tracer=$SPAWN_PID
	loader_of() { pid=$(awk '/execbig-top/ { print $1; exit }' "$TMP/trace" 2>/dev/null) && [ -n "$pid" ] && [ "$(children_of "$pid" | wc -w)" -ge 2 ]; }
	wait_for 20 "the exec is held" loader_of
	sleep 1
	kill -INT "$pid"
	sleep 1
	kill -INT "$pid"
	wait_for 5 "it ends while the exec is held" gone "$pid"
	kill "$tracer" 2>/dev/null
	end_of "$tracer" 10
fi
# Started by somebody who ignores SIGCHLD, and so never hears of a child's end.
limit 20 env --ignore-signal=CHLD "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- "$EBT_TOOLS/nop" "$MARK-unheard" >"$TMP/out" 2>"$TMP/err"
status=$?
[ "$status" = 0 ] && has "$MARK-unheard" "$TMP/out" || { show "$TMP/err"; fail "SIGCHLD ignored: exit status $status"; }
