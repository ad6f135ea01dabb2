#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# 23 marked execs, one after the other: each is there exactly once, with its own arguments, parent and exit code.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

ebt_start "$TMP/out" -J
"$EBT_TOOLS/marked" "$MARK" 23 >"$TMP/expected" || fail "marked failed"
mine="(.args | index(\"$MARK\"))"
pids=$(jq -s -c 'map(.pid)' "$TMP/expected")
ends=".type == \"exit\" and (.pid as \$p | $pids | index(\$p))"

all_here() {
	[ "$(seen "$TMP/out" ".type == \"exec\" and $mine and .args[1] == \"--leaf\"" | wc -l)" -ge 23 ] &&
		[ "$(seen "$TMP/out" "$ends" | wc -l)" -ge 23 ]
}
wait_until 10 all_here || say "not all 23 within 10 s"
ebt_stop
[ "$STATUS" = 0 ] || fail "exit status $STATUS after Ctrl-C"

seen "$TMP/out" ".type == \"exec\" and $mine and .args[1] == \"--leaf\"" >"$TMP/execs"
seen "$TMP/out" "$ends" >"$TMP/exits"
jq -c '[.pid, .ppid, .args]' "$TMP/expected" | sort >"$TMP/want"
jq -c '[.pid, .ppid, .args]' "$TMP/execs" | sort >"$TMP/got"
diff "$TMP/want" "$TMP/got" >"$TMP/diff" || { show "$TMP/diff"; fail "execs differ: want $(wc -l <"$TMP/want"), got $(wc -l <"$TMP/got")"; }
jq -c '[.pid, .exit_code]' "$TMP/expected" | sort >"$TMP/want"
jq -c '[.pid, .exit_code]' "$TMP/exits" | sort >"$TMP/got"
diff "$TMP/want" "$TMP/got" >"$TMP/diff" || { show "$TMP/diff"; fail "exit codes differ"; }

# The other fields of design 6, on every one of them.
jq -e -s --arg file "$(readlink -f "$EBT_TOOLS/marked")" 'all(.v == 1 and .uid == 0 and .euid == 0 and .gid == 0 and .comm == "marked"
	and .filename == $file and .ret == 0 and .tid == .pid and .vpid > 0 and .seq > 0 and .cpu >= 0 and .flags == []
	and (.args_bytes == ([.args[] | utf8bytelength + 1] | add)) and .args_captured == .args_bytes
	and (.ts | test("^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{9}Z$")))' "$TMP/execs" >/dev/null || {
	show "$TMP/execs"
	fail "a field of an exec is not as documented"
}
jq -e -s 'all(.v == 1 and .seq > 0 and .lifetime_ns > 0 and .utime_ns >= 0 and .stime_ns >= 0 and .maxrss_bytes > 0
	and (.signal == null or .signal == 0))' "$TMP/exits" >/dev/null || {
	show "$TMP/exits"
	fail "a field of an exit is not as documented"
}
