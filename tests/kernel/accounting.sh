#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The accounting in what batch mode prints: every frame, and after load with a ring too small, seen = filtered + delivered + lost.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

ebt_launch "$TMP/out" -b -d 0.2 --ring 64K
wait_for 20 "a first frame" grep -q '^ all ' "$TMP/out"
view=$(ebt_view_of "$EBT_PID") || fail "no view"
kill -STOP "$view"
"$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK" 2000 4 >/dev/null
kill -CONT "$view"
wait_for 10 "a frame that says what was lost" grep -qE '^lost [1-9]' "$TMP/out"
# One more after it: nothing under way any more.
frames=$(grep -c '^ all ' "$TMP/out")
more() { [ "$(grep -c '^ all ' "$TMP/out")" -gt $((frames + 1)) ]; }
wait_for 10 "more frames" more
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS after Ctrl-C"; }
lost=$(sed -n 's/^lost \([0-9]*\).*/\1/p' "$TMP/out" | tail -n 1)
[ "${lost:-0}" -gt 1000 ] || fail "2000 execs and exits fit into 64 KiB: only $lost lost"
[ "$(grep -c 'seen = filtered + delivered + lost: holds on every CPU' "$TMP/out")" = "$(grep -c '^seen = ' "$TMP/out")" ] ||
	fail "the accounting does not hold in a frame: $(grep '^seen = ' "$TMP/out" | sort | uniq -c)"
[ -z "$(grep -E '^ +(all|[0-9]+) .*[^ ]' "$TMP/out" | grep -v ' ok$' | grep -E '^ +all ')" ] || fail "a frame whose accounting is not ok"
# Frames are for pipes too: no control bytes, and a header in each.
grep -q '[[:cntrl:]]' <(tr -d '\n\t' <"$TMP/out") && fail "control bytes in a frame"
exit 0
