#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Counts that cannot be lost: with a ring far too small that nobody reads, most events are lost, and the Top table still counts
# every exec by executable, exactly; also of executables of which no event arrived at all.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

mkdir "$TMP/bin"
for name in many some lost; do cp "$EBT_TOOLS/nop" "$TMP/bin/ebt-$name"; done

ebt_start "$TMP/frames" -b -d 0.2 --ring 64K
view=$(ebt_view_of "$EBT_PID") || fail "no view"

# count NAME: in the last whole frame, by the program's path or, when no event of it has arrived, by its name in brackets.
count() {
	awk -v path="$TMP/bin/ebt-$1" -v name="[ebt-$1]" '
		/^execbig-top / { whole = found; found = 0 }
		($NF == path || $NF == name) && $1 ~ /^[0-9.]+$/ && $3 ~ /^[0-9]+$/ { found += $3 }
		END { print whole + 0 }' "$TMP/frames"
}
counted() { [ "$(count many)" = "$1" ] && [ "$(count some)" = "$2" ] && [ "$(count lost)" = "$3" ]; }
expect() {
	wait_until 15 counted "$@" || { tail -n 30 "$TMP/frames" | sed 's/^/    /' | cut -c 1-150; fail "$WHAT: counted $(count many), $(count some), $(count lost), there were $*"; }
}

burst() { "$EBT_TOOLS/burst" "$TMP/bin/ebt-$1" "$MARK" "$2" 4 >/dev/null || fail "burst failed"; }

WHAT="nothing lost"
burst some 10
expect 0 10 0
kill -STOP "$view"
burst many 3000
burst some 700
burst lost 40
kill -CONT "$view"
WHAT="the ring overflowed"
expect 3000 710 40
# It goes on from there, with events that arrive again.
WHAT="after the overflow"
for i in 1 2 3; do "$TMP/bin/ebt-many" "$MARK-$i"; done
"$TMP/bin/ebt-lost" "$MARK"
expect 3003 710 41
# A second time.
kill -STOP "$view"
burst some 2000
burst many 1000
kill -CONT "$view"
WHAT="the ring overflowed again"
expect 4003 2710 41
lost=$(awk '/^lost / { n = $2 } END { print n + 0 }' "$TMP/frames")
[ "$lost" -gt 4000 ] || fail "only $lost events lost: the ring did not overflow as meant"
ebt_stop
[ "$STATUS" = 0 ] || fail "exit status $STATUS after Ctrl-C"
say "6,754 execs counted by executable, $lost events lost"
