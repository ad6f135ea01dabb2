#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# bench_homeostasis.sh [--write] [ROUNDS] - what homeostasis costs: system calls, a real build, memory; off and on in turn.
#
# Prints the tables of docs/homeostasis.md; with --write it puts them there. Off: nothing runs. On: a daemon, and what is
# measured is normal for it. Rounds go off, on, on, off, …, so that what the machine does meanwhile hits both. Takes under
# three minutes with 6 rounds (the default) on two CPUs that have nothing else to do.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../lib/homeo.sh"

need_kernel
need python3 cc strace
write=0
[ "${1:-}" != --write ] || { write=1 && shift; }
rounds=${1:-6}
bench=$EBT_TOOLS/callbench
TIMEFORMAT='%R %U %S'

# Files of this program, the compiler's own way: cc, cc1, as.
build() {
	local f
	for f in "$EBT_SOURCE"/src/base/*.c "$EBT_SOURCE"/src/model/*.c; do
		cc -std=gnu11 -O2 -include linux/types.h -D_GNU_SOURCE -DEBT_VERSION='"0"' -I"$EBT_SOURCE" -I"$EBT_SOURCE/src" -I"$EBT_SOURCE/bpf_text" -c "$f" -o "$TMP/o.o" 2>>"$TMP/cc.err" || return
	done
}
timed_build() { { time build; } 2>"$TMP/time" || build_fails; }
build_fails() {
	show "$TMP/cc.err"
	fail "the build fails"
}
# The system calls of one build, by a second tool.
count_calls() {
	export -f build
	export EBT_SOURCE TMP
	strace -f -qq -c -o "$TMP/strace" bash -c build || build_fails
	awk '$NF == "total" { print "calls", $4 }' "$TMP/strace"
}

on() { daemon_start --set normal-wait=1000000 --set anomaly-limit=1000000000; }

# Once to learn, once more for what is rare.
on
for ((i = 0; i < 3; i++)); do
	build || build_fails
	"$bench" -s 20 >/dev/null
	for program in ps ls bash; do
		"$program" --version >/dev/null
	done
	ps -ef >/dev/null && ls -l / >/dev/null && bash -c 'type cd >/dev/null; ls / | wc -l' >/dev/null
done
for exe in $(ask profiles | jq -r 'select(.threads == 0 or (.exe | test("callbench$"))) | "#\(.slot)"'); do
	ask normalize "$exe" >/dev/null
done
ask profiles count >"$TMP/profiles.json"
ask status >"$TMP/status"
daemon_stop

count_calls >"$TMP/data"
for ((round = 0; round < rounds; round++)); do
	case $((round % 2)) in
	0) order="off on" ;;
	1) order="on off" ;;
	esac
	for side in $order; do
		[ "$side" = off ] || on
		"$bench" -s 4 | sed "s/^/call $side $round /" >>"$TMP/data"
		timed_build
		printf 'build %s %s %s\n' "$side" "$round" "$(cat "$TMP/time")" >>"$TMP/data"
		[ "$side" = off ] || daemon_stop
	done
done
python3 "$(dirname "$0")/bench_homeostasis.py" "$TMP/data" "$TMP/profiles.json" "$TMP/status" >"$TMP/report" || fail "the report"
cat "$TMP/report"
[ "$write" = 1 ] || exit 0
doc=$EBT_SOURCE/docs/homeostasis.md
awk -v report="$TMP/report" '
	/^<!-- measured/ { print; while ((getline line < report) > 0) print line; skip = 1; next }
	/^<!-- end of what was measured/ { skip = 0 }
	!skip' "$doc" >"$TMP/doc" && cat "$TMP/doc" >"$doc"
