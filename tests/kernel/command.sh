#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# -- COMMAND: only it and its descendants, and its exit status.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

run() { limit 30 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- "$@" >"$TMP/out" 2>"$TMP/err"; }

# Somebody else is busy all the time.
spawn /dev/null /dev/null bash -c 'while :; do "$1" "$2"; done' - "$EBT_TOOLS/nop" "$MARK-stranger"
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
exit 0
# A signal that was ignored stays so, as nohup means it; nothing else is.
ignored() { sed -n 's/^SigIgn:\t0*//p' "$TMP/ignored"; }
(trap '' HUP && run sh -c 'cat /proc/self/status >"$1"' - "$TMP/ignored") || fail "exit status $? with HUP ignored"
[ "$(ignored)" = 1 ] || fail "HUP was ignored, the command ignores: $(ignored)"
# Ended by a signal while the command runs: the command ends too, and the status is no success.
spawn "$TMP/out" "$TMP/err" "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- "$EBT_TOOLS/waiter" "$MARK-waits"
pid=$SPAWN_PID
wait_for 20 "the command runs" has "$MARK-waits" "$TMP/out"
waiter=$(jq -r "select(.type == \"exec\" and .args[1] == \"$MARK-waits\") | .pid" "$TMP/out")
kill -TERM "$pid"
end_of "$pid" 20
[ "$STATUS" = 143 ] || fail "SIGTERM while the command runs: exit status $STATUS, want 143"
wait_for 5 "the command ends" gone "$waiter"
# Started by somebody who ignores SIGCHLD, and so never hears of a child's end.
limit 20 env --ignore-signal=CHLD "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- "$EBT_TOOLS/nop" "$MARK-unheard" >"$TMP/out" 2>"$TMP/err"
status=$?
[ "$status" = 0 ] && has "$MARK-unheard" "$TMP/out" || { show "$TMP/err"; fail "SIGCHLD ignored: exit status $status"; }
