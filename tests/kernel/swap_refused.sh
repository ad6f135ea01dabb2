#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Swaps that clang or the verifier refuse, and a compiler that is killed: the one who asked gets the words, nothing is
# lost, nothing is left, and the next swap works.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
burst=$((10000 / ${EBT_PATIENCE:-1}))

refused_text "$TMP/text"
tune() { "$EBT_BIN" tune --pid "$EBT_PID" "$@" >"$TMP/tuned" 2>"$TMP/tune.err"; }
# refused WHAT SENTENCE WORDS OPTION…
refused() {
	local what=$1 sentence=$2 words=$3 status
	shift 3
	tune "$@"
	status=$?
	[ "$status" = 1 ] || fail "$what: exit status $status, want 1"
	[ -s "$TMP/tuned" ] && fail "$what: something on stdout"
	grep -q "^execbig-top: .*$sentence" "$TMP/tune.err" || { show "$TMP/tune.err"; fail "$what: no sentence with '$sentence'"; }
	grep -q -- "$words" "$TMP/tune.err" || { show "$TMP/tune.err"; fail "$what: not in its words: $words"; }
	tune || fail "$what: nobody answers any more"
	cmp -s "$TMP/tuned" "$TMP/first" || { show "$TMP/tuned"; fail "$what: what runs is not what ran"; }
}

bpf_baseline "$TMP/before"
ebt_start "$TMP/out" -J --ring 16M --bpf-text "$TMP/text"
bpf_baseline "$TMP/one"
tune || fail "tune without values: $(cat "$TMP/tune.err")"
cp "$TMP/tuned" "$TMP/first"
grep -q 'generation 1: --scratch 8192 --ring 16777216 --args all --env=0 --transport ring --no-failed' "$TMP/first" ||
	fail "what runs, as options: $(cat "$TMP/first")"

"$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK" "$burst" 4 >"$TMP/expected" &
load=$!
SPAWNED+=("$load")
for _ in 1 2; do
	refused clang 'does not compile' 'this size is refused by the compiler, on purpose' --scratch 1032
	refused verifier "verifier refused the program ebt_on_refused" 'invalid' --scratch 1040
done
end_of "$load" 60
[ "$STATUS" = 0 ] || fail "burst failed"
ebt_settle "$TMP/out"
wait_until 10 bpf_as_before "$TMP/one" || { show "$TMP/bpf.diff"; fail "a refused generation left something"; }

# The compiler killed while it works. It is stopped as soon as it appears, so that it is still there to be killed.
compiler() {
	local child
	for child in $(children_of "$EBT_PID"); do
		[ "$(cat "/proc/$child/comm" 2>/dev/null)" = execbig-compile ] && kill -STOP "$child" 2>/dev/null && VICTIM=$child && return
	done
	return 1
}
VICTIM=
"$EBT_BIN" tune --pid "$EBT_PID" --scratch 1048 >"$TMP/tuned" 2>"$TMP/tune.err" &
asker=$!
SPAWNED+=("$asker")
deadline=$((${EPOCHREALTIME/./} + 10000000 * ${EBT_PATIENCE:-1}))
until compiler || gone "$asker" || [ "${EPOCHREALTIME/./}" -gt "$deadline" ]; do :; done
[ "$VICTIM" ] || fail "execbig-compile was not seen"
# Another one who asks meanwhile is told.
"$EBT_BIN" tune --pid "$EBT_PID" --scratch 1056 >"$TMP/other" 2>"$TMP/other.err" && fail "two retunes at once"
grep -q 'another retune is still under way' "$TMP/other.err" || { show "$TMP/other.err"; fail "second retune: no such sentence"; }
kill -KILL "$VICTIM"
end_of "$asker" 20
[ "$STATUS" = 1 ] || fail "compiler killed: exit status $STATUS, want 1"
grep -q '^execbig-top: the compiler was ended by signal 9 (SIGKILL)' "$TMP/tune.err" || { show "$TMP/tune.err"; fail "compiler killed: no sentence that says so"; }
tune --scratch 1048 || { show "$TMP/tune.err"; fail "the swap after all that is refused"; }
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS after Ctrl-C"; }

check_accounting "$TMP/out"
seen "$TMP/out" ".type == \"exec\" and .args[1] == \"$MARK\"" | jq -c '[.pid, .ppid, .args]' | sort >"$TMP/got"
jq -c '[.pid, .ppid, .args]' "$TMP/expected" | sort >"$TMP/want"
diff "$TMP/want" "$TMP/got" >"$TMP/diff" || { show "$TMP/diff"; fail "want $burst execs, got $(wc -l <"$TMP/got")"; }
[ "$LOST_TOTAL" = 0 ] || fail "$LOST_TOTAL events lost"

# The view killed while a swap waits for its compiler: all ends, nothing is left.
ebt_start "$TMP/out" -J --bpf-text "$TMP/text"
view=$(ebt_view_of "$EBT_PID") || fail "no view"
VICTIM=
"$EBT_BIN" tune --pid "$EBT_PID" --scratch 1064 >"$TMP/tuned" 2>"$TMP/tune.err" &
asker=$!
SPAWNED+=("$asker")
deadline=$((${EPOCHREALTIME/./} + 10000000 * ${EBT_PATIENCE:-1}))
until compiler || gone "$asker" || [ "${EPOCHREALTIME/./}" -gt "$deadline" ]; do :; done
[ "$VICTIM" ] || fail "execbig-compile was not seen"
kill -KILL "$view"
end_of "$EBT_PID" 10
[ "$STATUS" != 0 ] || fail "exit status 0 after the view was killed"
end_of "$asker" 10
[ "$STATUS" = 1 ] || fail "tune: exit status $STATUS after the instance ended, want 1"
wait_for 5 "the compiler ends with its instance" gone "$VICTIM"
wait_until 10 bpf_as_before "$TMP/before" || { show "$TMP/bpf.diff"; fail "view killed mid-swap: BPF objects are left"; }
