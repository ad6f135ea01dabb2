#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Memory for the buffers or for a retune is not there: what cannot go on ends with a sentence and a failure, what can goes on
# with every event once.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
[ -r "$EBT_FAULTS/nth.so" ] || fail "not built: $EBT_FAULTS/nth.so"

# faulty READY WHO CALL N OPTION…: started, until READY.
faulty() {
	: >"$TMP/hit"
	spawn "$TMP/out" "$TMP/out.err" env LD_PRELOAD="$EBT_FAULTS/nth.so" NTH_WHO="$2" NTH_CALL="$3" NTH_N="$4" NTH_HIT="$TMP/hit" \
		"$EBT_BIN" --cache-dir "$EBT_CACHE" "${@:5}"
	EBT_PID=$SPAWN_PID
	wait_for 20 "it traces with ${*:5} (stderr: $(head -c 300 "$TMP/out.err"))" "$1" "$TMP/out"
}
tune() { "$EBT_BIN" tune --pid "$EBT_PID" "$@" >"$TMP/tuned" 2>"$TMP/tune.err"; }
a_frame() { grep -q '^all ' <(tr -s ' ' <"$1" | sed 's/^ //'); }

# The view cannot open the ring that a retune brings.
while read -r ready options; do
	# shellcheck disable=SC2086 # several options
	faulty "$ready" view ring 2 $options
	view=$(ebt_view_of "$EBT_PID") || fail "no view"
	kill -STOP "$view"
	tune --ring 4M || { show "$TMP/tune.err"; fail "tune --ring 4M: refused"; }
	"$EBT_TOOLS/nop" "$MARK-unread"
	kill -CONT "$view"
	end_of "$EBT_PID" 20
	[ -s "$TMP/hit" ] || fail "$options: nothing failed"
	[ "$STATUS" = 1 ] || { show "$TMP/out.err"; fail "$options: the new ring cannot be opened, and the exit status is $STATUS"; }
	[ "$(grep -c 'cannot be read any more (Cannot allocate memory): tracing is over' "$TMP/out.err")" = 1 ] ||
		{ show "$TMP/out.err"; fail "$options: it is not said"; }
	# Two events of the last generation were delivered, and nobody has them.
	case $options in
	-J) seen "$TMP/out" '.text == "summary"' | jq -e '.law == false and .lost_ring == 0' >/dev/null ;;
	-b*) has "BROKEN" "$TMP/out" ;;
	*) has "the counters do not add up" "$TMP/out.err" ;;
	esac || { tail -n 5 "$TMP/out" >"$TMP/last"; show "$TMP/last"; show "$TMP/out.err"; fail "$options: events were never received, and the accounting is said to hold"; }
done <<'RUNS'
ebt_probe -J
ebt_probe -e
a_frame -b -d 0.2
RUNS

# A piece of the ring cannot be seen when the reader comes to it, half-way through what waits.
faulty ebt_probe view window 2 -J
view=$(ebt_view_of "$EBT_PID") || fail "no view"
kill -STOP "$view"
"$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK" 2000 4 >"$TMP/expected" || fail "burst"
kill -CONT "$view"
ebt_settle "$TMP/out"
ebt_stop
[ -s "$TMP/hit" ] || fail "one window was enough: nothing failed"
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS after a look at the ring that failed"; }
check_accounting "$TMP/out"
[ "$(seen "$TMP/out" ".type == \"exec\" and .args[1] == \"$MARK\"" | wc -l)" = 2000 ] || fail "not 2000 execs"
[ "$(grep -c 'cannot be read at present: Cannot allocate memory' "$TMP/out.err")" = 1 ] || { show "$TMP/out.err"; fail "it is not said"; }

# A retune with failed execs, and the program for them is not loaded: refused, what runs goes on.
faulty ebt_probe loader ebt_fh_execve 2 -J -x
if grep -qs '^link_type:[[:space:]]*tracing' /proc/"$EBT_PID"/fdinfo/*; then
	tune --ring 4M && fail "without a program for failed execs: accepted"
	grep -q 'did not take the program ebt_fh_execve for failed execs: Cannot allocate memory' "$TMP/tune.err" ||
		{ show "$TMP/tune.err"; fail "why a retune is refused"; }
	failures() {
		rm -rf "$TMP/work"
		mkdir "$TMP/work"
		"$EBT_TOOLS/fails" "$TMP/work" "$MARK" >"$TMP/expected"
		sleep 0.02
		[ "$(seen "$TMP/out" '.type == "exec" and .ret != 0' | jq -r .pid | sort -u | comm -12 - <(jq -r .pid "$TMP/expected" | sort -u) | wc -l)" = "$(wc -l <"$TMP/expected")" ]
	}
	wait_for 10 "failed execs after a retune that was refused" failures
	tune --ring 4M || { show "$TMP/tune.err"; fail "the next retune"; }
	wait_for 10 "failed execs after the next retune" failures
else
	say "no fexit here: nothing to refuse"
fi
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS"; }
check_accounting "$TMP/out"
