#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# 5,000 execs as fast as four processes can, each with its own argument: all there, all equal, none twice, none lost.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

ebt_start "$TMP/out" -J
"$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK" 5000 4 >"$TMP/expected" || fail "burst failed"
all_here() { [ "$(grep -c -- "\"$MARK\"" "$TMP/out")" -ge 5000 ]; }
wait_until 20 all_here || say "not all 5000 within 20 s"
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || fail "exit status $STATUS after Ctrl-C"

seen "$TMP/out" ".type == \"exec\" and .args[1] == \"$MARK\"" | jq -c '[.pid, .ppid, .args]' | sort >"$TMP/got"
jq -c '[.pid, .ppid, .args]' "$TMP/expected" | sort >"$TMP/want"
[ "$(wc -l <"$TMP/want")" = 5000 ] || fail "the generator ran $(wc -l <"$TMP/want")"
diff "$TMP/want" "$TMP/got" >"$TMP/diff" || { show "$TMP/diff"; fail "want 5000 execs, got $(wc -l <"$TMP/got")"; }
check_accounting "$TMP/out"
[ "$LOST_TOTAL" = 0 ] || fail "$LOST_TOTAL events lost with the default ring"
