#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# demo as a command: the list, the texts, wrong names, no privilege, --step, a text of one's own.
. "$(dirname "$0")/../lib/test.sh"

[ -x "$EBT_BIN" ] || fail "not built: $EBT_BIN"
run() {
	timeout 60 "$@" >"$TMP/out" 2>"$TMP/err" </dev/null
	STATUS=$?
}
ends() { [ "$STATUS" = "$1" ] || { show "$TMP/err"; show "$TMP/out"; fail "$2: exit status $STATUS, want $1"; }; }

run "$EBT_BIN" demo
ends 0 "the list"
[ "$(wc -l <"$TMP/out")" = 21 ] || { show "$TMP/out"; fail "not 21 lessons"; }
pages=0
while read -r number name _; do
	page=$(printf '%02d-%s' "$number" "$name")
	[ -f "$EBT_SOURCE/docs/lessons/$page.md" ] || fail "no page for lesson $page"
	grep -qF "$page.md" "$EBT_SOURCE/docs/lessons/README.md" || fail "lesson $page is not in the course"
	run "$EBT_BIN" demo "$name" --source
	ends 0 "$name --source"
	cmp -s "$TMP/out" "$EBT_SOURCE/bpf_text/demos/$page.bpf.c" || fail "$name --source is not its text"
	pages=$((pages + 1))
done < <("$EBT_BIN" demo)
[ "$pages" = 21 ] || fail "$pages pages"

run "$EBT_BIN" demo no-such-lesson
ends 2 "a name that is none"
grep -q 'no such lesson' "$TMP/err" || fail "a name that is none is not said"
run "$EBT_BIN" demo isa --bad
ends 2 "a wrong variant that is not there"
run "$EBT_BIN" --bad
ends 2 "--bad without demo"
run "$EBT_BIN" demo stack-limit one-more
ends 2 "an argument too many"

need_root
mkdir "$TMP/bin"
cp "$EBT_BIN" "$TMP/bin/"
chmod 0755 "$TMP/bin" "$TMP/bin/"*
run setpriv --reuid 65534 --regid 65534 --clear-groups "$TMP/bin/execbig-top" demo null-check
ends 77 "a lesson as nobody"
run setpriv --reuid 65534 --regid 65534 --clear-groups "$TMP/bin/execbig-top" demo null-check --source
ends 0 "a text as nobody"

# Three stages are two keys; with none there it ends at the first.
timeout 60 "$EBT_BIN" demo stack-limit --step </dev/null >"$TMP/out" 2>"$TMP/err"
grep -q '^1\. ' "$TMP/out" && ! grep -q '^2\. ' "$TMP/out" || { show "$TMP/out"; fail "--step does not wait"; }
printf 'xx' | timeout 60 "$EBT_BIN" demo stack-limit --step >"$TMP/out" 2>"$TMP/err"
grep -q '^3\. ' "$TMP/out" || { show "$TMP/out"; fail "--step does not go on"; }

# A text of one's own, and what is wrong with it makes the lesson fail.
mkdir -p "$TMP/text/demos"
sed 's/char data\[512\]/char data[520]/' "$EBT_SOURCE/bpf_text/demos/01-stack-limit.bpf.c" >"$TMP/text/demos/01-stack-limit.bpf.c"
run "$EBT_BIN" --bpf-text "$TMP/text" demo stack-limit
ends 1 "a struct of another size"
grep -q 'struct big_event      552 bytes' "$TMP/out" && grep -q 'NOT AS EXPECTED: 544' "$TMP/out" ||
	{ show "$TMP/out"; fail "the size is not from the compiler"; }
# Output that cannot be written is a failure.
timeout 60 "$EBT_BIN" demo null-check >/dev/full 2>"$TMP/err" </dev/null && fail "a full device is no failure"

# Nothing stays: no program or map of a lesson.
if command -v bpftool >/dev/null && command -v jq >/dev/null; then
	run "$EBT_BIN" demo tail-calls
	programs_gone() { ! bpftool -j prog list | jq -e 'any(.[]; .name == "again" or .name == "second")' >/dev/null; }
	wait_for 10 "the lesson's programs are gone" programs_gone
fi
exit 0
