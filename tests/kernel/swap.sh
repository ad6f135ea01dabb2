#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# 20,000 execs or more at full rate (on a machine said to be N times slower, that part of them), 50 swaps of programs and
# buffers in between: each exec is seen once, the law holds for every generation, and what was swapped out is gone.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
burst=$((20000 / ${EBT_PATIENCE:-1}))

# All scratch sizes, rings, limits, kinds of transport, failed execs on and off; every one differs from the one before.
combinations=(
	"--scratch 512 --ring 32M --args all --env=0 --no-failed --transport ring"
	"--scratch 4096 --ring 16M --args all --env=1000 --no-failed --transport ring"
	"--scratch 32768 --ring 32M --args 2000 --env=0 --failed --transport ring"
	"--scratch 8K --ring 32M --args all --env=0 --no-failed --transport perf"
	"--scratch 1K --ring 16M --args 2000 --env=100 --failed --transport ring"
	"--scratch 16K --ring 64M --args all --env=100 --failed --transport perf"
	"--scratch 2K --ring 32M --args all --env=0 --failed --transport ring"
	"--scratch 6K --ring 32M --args 2000 --env=all --no-failed --transport ring"
	"--scratch 512 --ring 64M --args 2000 --env=0 --no-failed --transport perf"
	"--scratch 8K --ring 8M --args all --env=0 --no-failed --transport ring"
)
# tune OPTION…: the swap is done, and it says so in the words of the options.
tune() {
	"$EBT_BIN" tune --pid "$EBT_PID" "$@" >"$TMP/tuned" 2>"$TMP/tune.err" ||
		{ show "$TMP/tune.err"; fail "tune $*: refused"; }
}
generation() { sed -n 's/^generation \([0-9]*\):.*/\1/p' "$TMP/tuned"; }

# What one generation, and no more, leaves in the kernel.
bpf_baseline "$TMP/before"
ebt_start "$TMP/out" -J
bpf_baseline "$TMP/one"
# --failed brings maps that stay, as all do that count, filter or hold programs.
printf '1 maps ebt_calls\n1 maps ebt_slots_tp\n1 maps ebt_slots_fx\n' >>"$TMP/one"

# Compiled before the load: the swaps below are then as quick as they can be.
for options in "${combinations[@]}"; do
	# shellcheck disable=SC2086 # several options
	tune $options
done
warm=$(generation)
[ "$warm" -gt "${#combinations[@]}" ] || fail "generation $warm after ${#combinations[@]} swaps"

# Bursts, one after the other, until all swaps are done: 20,000 execs at least, and no swap without load.
: >"$TMP/swapping"
bursts() {
	local n=0
	while [ "$n" = 0 ] || [ -e "$TMP/swapping" ]; do
		"$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK" "$burst" 4 || return
		n=$((n + 1))
	done
}
spawn "$TMP/expected" /dev/null bursts
load=$SPAWN_PID
swaps=0
while [ "$swaps" -lt 50 ]; do
	# shellcheck disable=SC2086
	tune ${combinations[swaps % ${#combinations[@]}]}
	swaps=$((swaps + 1))
	alive "$load" || fail "the load ended after $swaps swaps"
done
rm "$TMP/swapping"
end_of "$load" 60
[ "$STATUS" = 0 ] || fail "burst failed"
[ "$(generation)" = $((warm + 50)) ] || fail "generation $(generation) after 50 swaps from $warm"
ebt_settle "$TMP/out"

# The last combination declares what the first generation does: the same objects, each once.
wait_until 10 bpf_as_before "$TMP/one" || { show "$TMP/bpf.diff"; fail "maps or programs of old generations are left"; }
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS after Ctrl-C"; }
wait_until 10 bpf_as_before "$TMP/before" || { show "$TMP/bpf.diff"; fail "BPF objects are left at the end"; }

# --args cuts what is long; the marker and the number are within it.
seen "$TMP/out" ".type == \"exec\" and .args[1] == \"$MARK\"" | jq -c '[.pid, .args[1], .args[2]]' | sort >"$TMP/got"
jq -c '[.pid, .args[1], .args[2]]' "$TMP/expected" | sort >"$TMP/want"
execs=$(wc -l <"$TMP/want")
[ "$execs" -ge "$burst" ] || fail "the generator ran $execs"
check_law "$TMP/out"
# The accounts of each generation, in order, none missing; together they are those of the whole run.
seen "$TMP/out" '.type == "note" and (.text | startswith("generation "))' | jq -r .text >"$TMP/generations"
sed -nE 's/^generation ([0-9]+) ended: .*/\1/p' "$TMP/generations" >"$TMP/numbers"
diff <(seq 1 $((warm + 50))) "$TMP/numbers" >"$TMP/diff" || { show "$TMP/diff"; fail "generations whose accounts were closed: not 1 to $((warm + 50))"; }
grep -v 'the law holds on every CPU$' "$TMP/generations" >"$TMP/broken" && { show "$TMP/broken"; fail "the law does not hold for every generation"; }
awk '{ for (i = 1; i < NF; i++) { if ($i == "seen") seen = $(i + 1); if ($i == "filtered") filtered = $(i + 1); if ($i == "delivered") delivered = $(i + 1)
		if ($i ~ /^lost:/) lost += $(i + 1); if ($i == "received") received += $(i + 1) }
	if (seen != filtered + delivered + lost - before) print "generation " $2 ": " $0
	before = lost; all += seen; given += delivered } END { print all, given, received }' "$TMP/generations" >"$TMP/sums"
jq -r '"\(.seen) \(.delivered) \([.cpus[].received] | add)"' "$TMP/summary" | diff - "$TMP/sums" ||
	fail "the generations do not add up to the whole run (seen, delivered, received)"
[ "$(awk '$4 > 500' "$TMP/generations" | wc -l)" -ge 40 ] || fail "most generations saw nothing: the swaps were not under load"
say "$execs execs, 50 swaps; $LOST_TOTAL events lost"
diff "$TMP/want" "$TMP/got" >"$TMP/diff" || { show "$TMP/diff"; fail "want $execs execs, got $(wc -l <"$TMP/got")"; }
[ "$LOST_TOTAL" = 0 ] || fail "$LOST_TOTAL events lost"
