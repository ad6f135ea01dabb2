#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# --auto: long command lines in a small scratch buffer make it grow by itself, losses make the ring grow; each change is a note
# among the events, and what is more than the limit allows is not taken.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
# Only what this test starts (-p $$): the advice follows from the sizes of all events, and other load has other sizes.
arg=$(head -c 3000 /dev/zero | tr '\0' x)
load() { "$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK-$1-$arg" 1000 2 >/dev/null || fail "burst failed"; }
runs() { "$EBT_BIN" tune --pid "$EBT_PID" >"$TMP/tuned" 2>"$TMP/tune.err" && grep -qE -- "$1" "$TMP/tuned"; }
notes() { seen "$TMP/out" '.type == "note"' | jq -r .text >"$TMP/notes"; }
noted() { notes && grep -qE -- "$1" "$TMP/notes"; }

ebt_start "$TMP/out" -J -p $$ --auto=64M --scratch 1K
load small
wait_until 60 runs '^generation 2: --scratch [56][0-9]{3} --ring 8388608 ' || { notes; show "$TMP/notes"; fail "scratch does not grow: $(cat "$TMP/tuned")"; }
wait_for 5 "a note of it" noted '^auto: p9[059] record [34]\.[0-9]K: --scratch [56]K ends (most )?continuation records on this load; costs [0-9.]+K more a CPU$'
wait_for 5 "the accounts of the first generation" noted '^generation 1 ended: .*the accounting holds on every CPU$'
# What was advised is enough: with the same load nothing changes, and an event is one record.
records() { seen "$TMP/out" '.type == "exec"' | jq -c "select(.args[1] == \"$MARK-$1-$arg\")" | wc -l; }
before=$(records enough)
load enough
ebt_settle "$TMP/out"
[ "$(($(records enough) - before))" = 1000 ] || fail "$(records enough) of 1000 execs"
runs '^generation 2: ' || fail "it grows on: $(cat "$TMP/tuned")"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS after Ctrl-C"; }
check_accounting "$TMP/out"

# A ring that overflows while nobody reads it.
ebt_start "$TMP/out" -J -p $$ --auto=64M --ring 64K
view=$(ebt_view_of "$EBT_PID") || fail "no view"
kill -STOP "$view"
load lost
kill -CONT "$view"
wait_for 60 "the ring grows" runs '^generation 2: --scratch [0-9]+ --ring 262144 '
wait_for 5 "a note of it" noted '^auto: [0-9]+ events lost or cut by a full ring: --ring 256K; costs 192K'
ebt_settle "$TMP/out"
ebt_stop
check_accounting "$TMP/out"
[ "$LOST_TOTAL" -gt 100 ] || fail "only $LOST_TOTAL events lost"

# The limit: all maps take more already.
ebt_start "$TMP/out" -J -p $$ --auto=1M --scratch 1K
load limit
wait_until 60 noted '^auto: no more is taken, the limit is 1\.0M$' || { show "$TMP/notes"; fail "no note of the limit"; }
runs '^generation 1: --scratch 1024 ' || fail "more than the limit was taken: $(cat "$TMP/tuned")"
ebt_settle "$TMP/out"
notes
[ "$(grep -c '^auto: ' "$TMP/notes")" = 1 ] || { show "$TMP/notes"; fail "the limit is noted more than once"; }
ebt_stop
exit 0
