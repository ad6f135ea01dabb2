#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# 20,000 execs or more at full rate (on a machine said to be N times slower, that part of them), 50 swaps of programs and
# buffers in between: each exec is seen once, the accounting holds for every generation, and what was swapped out is gone.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
burst=$((20000 / ${EBT_PATIENCE:-1}))

# Arguments all or cut, environment or none, failed execs or not, ring or perf: all sixteen, with scratch and ring of many
# sizes; every one differs from the one before.
scratches=(512 4K 32K 8K 1K 16K 2K 6K) rings=(32M 16M 64M 32M) environments=(100 1000 all 2000)
combinations=()
for args in all 2000; do
	for failed in no-failed failed; do
		for transport in ring perf; do
			for env in 0 some; do
				n=${#combinations[@]}
				[ "$env" = 0 ] || env=${environments[n / 2 % 4]}
				combinations+=("--scratch ${scratches[(n + n / 8) % 8]} --ring ${rings[(n + n / 4) % 4]} --args $args --env=$env --$failed --transport $transport")
			done
		done
	done
done
default="--scratch 8K --ring 8M --args all --env=0 --no-failed --transport ring"
# tune OPTION…: the swap is done, and it says so in the words of the options.
tune() {
	"$EBT_BIN" tune --pid "$EBT_PID" "$@" >"$TMP/tuned" 2>"$TMP/tune.err" ||
		{ show "$TMP/tune.err"; fail "tune $*: refused"; }
}
generation() { sed -n 's/^generation \([0-9]*\):.*/\1/p' "$TMP/tuned"; }
# Names of what the loader holds now, by id: somebody else's instance is not looked at.
names_held() {
	bpf_held "$EBT_PID" >"$TMP/now"
	{
		"$EBT_TOOLS/bpfobjects" progs ebt_
		"$EBT_TOOLS/bpfobjects" maps ebt_
	} | awk -v now="$TMP/now" 'BEGIN { while ((getline line < now) > 0) ours[line] = 1 } ($1 " " $NF) in ours { print $1, $2 }' | sort
}

ebt_start "$TMP/out" -J
view=$(ebt_view_of "$EBT_PID") || fail "no view"
names_held >"$TMP/one"
[ "$(wc -l <"$TMP/one")" -gt 15 ] || { show "$TMP/one"; fail "what one generation holds is not known"; }
# --failed brings maps that stay, as all do that count, filter or hold programs.
printf 'maps ebt_calls\nmaps ebt_slots_tp\nmaps ebt_slots_fx\nmaps ebt_slots_fxat\nmaps ebt_slots_sc\n' >>"$TMP/one"
sort -o "$TMP/one" "$TMP/one"

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
	# Every fifth time the view does not run meanwhile: the old ring is then full of what it has to take first.
	[ $((swaps % 5)) != 4 ] || kill -STOP "$view"
	# shellcheck disable=SC2086
	if [ "$swaps" = 49 ]; then tune $default; else tune ${combinations[swaps % ${#combinations[@]}]}; fi
	kill -CONT "$view"
	bpf_held "$EBT_PID" >>"$TMP/ever"
	swaps=$((swaps + 1))
	alive "$load" || fail "the load ended after $swaps swaps"
done
rm "$TMP/swapping"
end_of "$load" 60
[ "$STATUS" = 0 ] || fail "burst failed"
[ "$(generation)" = $((warm + 50)) ] || fail "generation $(generation) after 50 swaps from $warm"
ebt_settle "$TMP/out"

# What runs is what ran at first, each thing once, and of the generations between nothing is left: by the ids of programs and
# maps that were there after each swap.
as_at_first() { names_held | diff "$TMP/one" - >"$TMP/diff"; }
wait_until 10 as_at_first || { show "$TMP/diff"; fail "the loader holds something else than at first"; }
sort -u -o "$TMP/ever" "$TMP/ever"
bpf_held "$EBT_PID" | comm -23 "$TMP/ever" - >"$TMP/old"
[ "$(wc -l <"$TMP/old")" -gt 400 ] || fail "only $(wc -l <"$TMP/old") programs and maps came and went with 50 swaps"
wait_until 10 bpf_gone "$TMP/old" || { show "$TMP/bpf.left"; fail "maps or programs of old generations are left"; }
say "$(wc -l <"$TMP/old") programs and maps of old generations, all gone"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS after Ctrl-C"; }
wait_until 10 bpf_gone "$TMP/ever" || { show "$TMP/bpf.left"; fail "BPF objects are left at the end"; }

# --args cuts what is long; the marker and the number are within it.
seen "$TMP/out" ".type == \"exec\" and .args[1] == \"$MARK\"" | jq -c '[.pid, .args[1], .args[2]]' | sort >"$TMP/got"
jq -c '[.pid, .args[1], .args[2]]' "$TMP/expected" | sort >"$TMP/want"
execs=$(wc -l <"$TMP/want")
[ "$execs" -ge "$burst" ] || fail "the generator ran $execs"
check_accounting "$TMP/out"
# The accounts of each generation, in order, none missing; together they are those of the whole run.
seen "$TMP/out" '.type == "note" and (.text | startswith("generation "))' | jq -r .text >"$TMP/generations"
sed -nE 's/^generation ([0-9]+) ended: .*/\1/p' "$TMP/generations" >"$TMP/numbers"
diff <(seq 1 $((warm + 50))) "$TMP/numbers" >"$TMP/diff" || { show "$TMP/diff"; fail "generations whose accounts were closed: not 1 to $((warm + 50))"; }
grep -v 'the accounting holds on every CPU$' "$TMP/generations" >"$TMP/broken" && { show "$TMP/broken"; fail "the accounting does not hold for every generation"; }
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

# An event that is under way at a swap is waited for: the accounts of its generation are closed after it.
told=0
for _ in 1 2 3 4 5; do
	ebt_start "$TMP/out" -J
	ebt_at_work prog
	# shellcheck disable=SC2086
	tune ${combinations[0]}
	answered=$(now_us)
	if ebt_rested "$answered"; then
		told=$((told + 1))
		wait_for 10 "the accounts of the first generation" has "generation 1 ended: seen" "$TMP/out"
	fi
	ebt_stop
	[ "$told" -lt 2 ] || break
done
[ "$told" -gt 0 ] || [ "${EBT_PATIENCE:-1}" -gt 1 ] || fail "the machine is too slow to tell what was waited for"

# A view that does not run while swaps come: what the generations in between have delivered is there for it when it does.
ebt_start "$TMP/out" -J
view=$(ebt_view_of "$EBT_PID") || fail "no view"
kill -STOP "$view"
for n in 2 0 2; do
	# shellcheck disable=SC2086
	tune ${combinations[n]}
	"$EBT_TOOLS/nop" "$MARK-between"
done
# shellcheck disable=SC2086
tune $default
kill -CONT "$view"
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS after Ctrl-C"; }
check_accounting "$TMP/out"
[ "$(seen "$TMP/out" ".type == \"exec\" and .args[1] == \"$MARK-between\"" | wc -l)" = 3 ] || fail "a view that stood still: not all of three execs seen"
