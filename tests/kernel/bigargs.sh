#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A 1.9 MB command line arrives byte for byte, whatever the scratch buffer: one record or hundreds.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

# check BYTES RAW OPTION…
check() {
	local bytes=$1 raw=$2 mark="$MARK-$1${2:+-raw}-${*:3}" want pid object got
	shift 2
	ebt_start "$TMP/out" -J "$@"
	want=$("$EBT_TOOLS/bigargs" "$EBT_TOOLS/nop" "$mark" "$bytes" ${raw:+"$raw"}) || fail "bigargs failed"
	pid=${want%% *}
	want=${want#* }
	here() { grep -q -- "\"$mark\"" <(grep -v -- -ready "$TMP/out") && seen "$TMP/out" ".pid == $pid" >/dev/null; }
	wait_for 20 "the exec with $bytes bytes is shown ($*)" here
	ebt_stop
	object=$TMP/object
	seen "$TMP/out" ".type == \"exec\" and .pid == $pid" >"$object"
	[ "$(wc -l <"$object")" = 1 ] || fail "$(wc -l <"$object") objects for one exec ($*)"
	jq -e ".args_bytes == $bytes and .args_captured == $bytes and .flags == []" "$object" >/dev/null ||
		fail "($*) args_bytes, args_captured, flags: $(jq -c '[.args_bytes, .args_captured, .flags]' "$object"), want $bytes"
	if [ "$raw" ]; then
		got=$(jq -r .args_b64 "$object" | base64 -d | "$EBT_TOOLS/bigargs" --hash)
	else
		got=$(jq -j '.args[] | ., "\u0000"' "$object" | "$EBT_TOOLS/bigargs" --hash)
	fi
	[ "$got" = "$want" ] || fail "($*) count, bytes, hash: got $got, want $want"
}

check 1900000 ''
# Under emulation the rest is smaller: still hundreds of records.
most=$((${EBT_PATIENCE:-1} > 1 ? 400000 : 1900000))
check "$most" --raw
check "$most" '' --scratch 32768
check "$most" '' --scratch 4096
check 200000 '' --scratch 512
# A view that is far behind takes its buffer in pieces: an event that is old and not whole yet is not given up while the rest waits.
behind() {
	local view times=$((12000000 / most))
	ebt_start "$TMP/out" -J --ring 64M "$@"
	view=$(ebt_view_of "$EBT_PID") || fail "no view"
	kill -STOP "$view"
	spawn /dev/null /dev/null "$EBT_TOOLS/again" "$times" "$most"
	pid=$SPAWN_PID
	end_of "$pid" 30
	[ "$STATUS" = 0 ] || fail "again: exit status $STATUS"
	sleep 0.6 # a view that is not behind waits half a second for what is missing
	kill -CONT "$view"
	ebt_settle "$TMP/out"
	ebt_stop
	seen "$TMP/out" ".type == \"exec\" and .pid == $pid and .args_bytes >= $most" |
		jq -c '[.args_captured == .args_bytes, .flags]' | sort | uniq -c >"$TMP/object"
	[ "$(sed 's/^ *//' "$TMP/object")" = "$((times + 1)) [true,[]]" ] ||
		{ show "$TMP/object"; fail "a view that was behind ($*): want $((times + 1)) whole events"; }
}
behind
behind --transport perf
# --args: the event says what was captured of what there was.
ebt_start "$TMP/out" -J --args 1000
pid=$("$EBT_TOOLS/bigargs" "$EBT_TOOLS/nop" "$MARK-cut" 100000) || fail "bigargs failed"
pid=${pid%% *}
here() { [ "$(seen "$TMP/out" ".type == \"exec\" and .pid == $pid" | tee "$TMP/object" | wc -l)" = 1 ]; }
wait_for 10 "the exec is shown with --args 1000" here
ebt_stop
jq -e '.args_bytes == 100000 and .args_captured == 1000 and .flags == ["args_truncated"]' "$TMP/object" >/dev/null ||
	fail "--args 1000: $(jq -c '[.args_bytes, .args_captured, .flags]' "$TMP/object")"
