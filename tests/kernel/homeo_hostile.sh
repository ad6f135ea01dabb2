#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A program that tries to fill the tables: call numbers, profiles, rows. All of it is counted, nothing breaks, and a program
# that has its profile keeps it.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../lib/homeo.sh"

need_kernel
daemon_start --set normal-wait=1000000
program honest
HONEST=$PROGRAM
runs 20 "$HONEST" plain
ask normalize "$HONEST" >/dev/null || fail normalize

# More call numbers than there are columns.
program caller
runs 2 limit 20 "$PROGRAM" calls
[ "$(counter columns_full)" -gt 0 ] || fail "columns_full is 0 after $(field "$PROGRAM" distinct_calls) distinct calls"
[ "$(field "$PROGRAM" distinct_calls)" = 254 ] || fail "$(field "$PROGRAM" distinct_calls) columns given out"

# Rows: each copy takes 255.
i=0
while [ $((++i)) -le 150 ] && { [ $((i % 10)) != 0 ] || [ "$(counter rows_full)" = 0 ]; }; do
	cp "$EBT_TOOLS/habits" "$TMP/copy-$i"
	limit 20 "$TMP/copy-$i" calls >/dev/null 2>&1
done
[ "$(counter rows_full)" -gt 0 ] || fail "rows_full is 0 after $i copies"

# Profiles: each new inode takes one. Copies are kept, so that no inode is used twice.
mkdir "$TMP/many"
for ((i = 0; i < 2100; i += 420)); do
	mapfile -t copies < <(seq -f "$TMP/many/%g" "$i" $((i + 419)))
	tee "${copies[@]}" <"$EBT_TOOLS/nop" >/dev/null
	chmod 0755 "${copies[@]}"
	for copy in "${copies[@]}"; do
		"$copy"
	done
done
[ "$(counter profiles_full)" -gt 0 ] || fail "profiles_full is 0"

# It is said, too, each once and not at every call.
for what in 'the table of rows is full' 'the table of profiles is full' 'more than 254 different ones'; do
	wait_for 10 "a note: $what" grep -q "warning .*$what" "$TMP/daemon.out"
	[ "$(grep -c "$what" "$TMP/daemon.out")" -le 5 ] || fail "$(grep -c "$what" "$TMP/daemon.out") notes: $what"
done

runs 5 "$HONEST" plain
[ "$(field "$HONEST" anomalies)" = 0 ] || fail "the honest program has $(field "$HONEST" anomalies) anomalies"
"$HONEST" plain /nowhere
[ "$(field "$HONEST" anomalies)" -ge 1 ] || fail "the honest program is not watched any more"
daemon_stop
[ "$STATUS" = 0 ] || fail "exit status $STATUS"
