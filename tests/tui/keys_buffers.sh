#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Buffers: what a burst does to a ring that is too small is counted on the screen, the accounting holds, and the advice is
# applied by a key.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

tui_open 130 45
tui_start -s buffers --ring 64K --poll 1000
tui_wait 5 '^ CPU +EV/s .*EVENTS' "the table"
tui_wait 5 '^ seen [0-9]+ = filtered' "the accounting"
tui_wait 5 '^The tracer costs [0-9.]+% of one CPU, [0-9.]+[KMG]$' "what the tracer itself costs"
tui_wait 5 '^ BPF, maps [0-9.]+% [0-9.]+[KMG]  loader [0-9.]+% [0-9.]+[KMG]  view [0-9.]+%' "who has which part of it"
tui_wait 5 '^Ring fill, last minute' "the ring's past"
tui_wait 5 'scratch 32K|scratch [0-9.]+[KM] \([0-9]+ CPUs x 2 x' "the memory"
# More records than the ring holds while nobody reads it: some are lost, all are accounted for.
kill -STOP "$EBT_VIEW"
"$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK" 2000 4 >/dev/null
kill -CONT "$EBT_VIEW"
tui_wait 20 'lost:ring [1-9]' "losses"
tui_wait 5 'holds on every CPU' "the accounting holds all the same"
tui_wait 5 '^Advice \(a applies' "advice, and the key for it"
tui_has '^ scratch .* ring 64K  args' || { tui_screen | sed 's/^/    |/'; fail "the ring is not what was asked for"; }
press Buffers a
tui_wait 30 'generation 2 runs' "a second generation"
tui_wait 5 '^ scratch .* ring (128|256|512)K  args' "its tuning"
tui_wait 5 '% of (128|256|512)K' "and the new ring in use"

# Long command lines in small slots: what would hold them in one piece, and what that costs.
"$EBT_BIN" tune --pid "$EBT_PID" --scratch 2K >"$TMP/tuned" 2>&1 || { show "$TMP/tuned"; fail "tune"; }
tui_wait 10 'generation 3 runs' "a third generation, asked for from outside"
"$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK-$(head -c 5000 /dev/zero | tr '\0' x)" 500 2 >/dev/null
tui_wait 10 '^ p9[059] record 5\.[0-9]K: --scratch [78]K ends (most )?continuation records on this load; costs 1[02]K more a CPU' "advice for scratch"
tui_keys a
tui_wait 30 'generation 4 runs' "applied"
tui_wait 5 '^ scratch [78]\.0K ' "its tuning"

# A perf buffer on each CPU: how full each of them is, and what it loses.
"$EBT_BIN" tune --pid "$EBT_PID" --transport perf --ring 64K >"$TMP/tuned" 2>&1 || { show "$TMP/tuned"; fail "tune"; }
tui_wait 10 'generation 5 runs' "a fifth generation"
tui_wait 5 '^ CPU +EV/s .*FILL .*-RING' "the fill of each CPU"
tui_wait 5 "^Buffers' fill, last minute" "their past"
tui_row 'lost:ring [0-9]+' && [[ $TUI_ROW =~ lost:ring\ ([0-9]+) ]] && lost=${BASH_REMATCH[1]}
kill -STOP "$EBT_VIEW"
"$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK" 2000 4 >/dev/null
kill -CONT "$EBT_VIEW"
# The row of a CPU: ... high water, its bar, the fill.
tui_wait 10 '^ +[0-9]+ .* (9[0-9]|100)% ' "a buffer that was full"
more() { tui_row 'lost:ring [0-9]+' && [[ $TUI_ROW =~ lost:ring\ ([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -gt $((lost + 1000)) ]; }
wait_for 10 "more losses than $lost" more
tui_wait 5 'holds on every CPU' "the accounting holds with perf too"

# What is attached, and where the offsets are from: the probe of need_kernel filled the cache.
tui_wait 5 '  hooks exec exit rename  offsets from BTF, cached' "what is attached"
"$EBT_BIN" tune --pid "$EBT_PID" -x >"$TMP/tuned" 2>&1 || { show "$TMP/tuned"; fail "tune"; }
tui_wait 30 'generation 6 runs' "a sixth generation"
tui_wait 10 'hooks exec exit rename failed:(fexit|tracepoints)' "the hook of failed execs"
"$EBT_BIN" tune --pid "$EBT_PID" --no-failed >"$TMP/tuned" 2>&1 || { show "$TMP/tuned"; fail "tune"; }
tui_wait 30 'generation 7 runs' "a seventh generation"
tui_wait 10 'hooks exec exit rename  offsets' "and that it is gone"

# Moving in the table never leaves it; F10 ends.
for key in Down PgDn End Up PgUp Home; do tui_keys "$key"; done
tui_wait 5 '^ all ' "the row of all CPUs"
tui_keys F10
tui_wait 10 'ended=0'
