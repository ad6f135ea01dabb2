#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# --bpf-text: own text runs; what does not compile or does not pass the verifier ends with a sentence and all of their words.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
[ -d "$EBT_SOURCE/bpf_text" ] || fail "no bpf_text in $EBT_SOURCE"

# edit FILE SED-SCRIPT: a copy of our text in $TMP/text, with one change that must change something.
edit() {
	rm -rf "$TMP/text"
	cp -r "$EBT_SOURCE/bpf_text" "$TMP/text"
	[ $# = 0 ] && return
	sed -i "$2" "$TMP/text/$1"
	cmp -s "$TMP/text/$1" "$EBT_SOURCE/bpf_text/$1" && fail "the test's own change to $1 does nothing any more"
}
run() {
	limit 60 "$EBT_BIN" --cache-dir "$EBT_CACHE" --bpf-text "$TMP/text" -J -- "$EBT_TOOLS/nop" "$MARK" >"$TMP/out" 2>"$TMP/err"
	STATUS=$?
}
# refused WHAT SENTENCE WORDS…: status 1, a first line that says so, and behind it their own words.
refused() {
	local what=$1 sentence=$2 word
	shift 2
	run
	[ "$STATUS" = 1 ] || { show "$TMP/err"; fail "$what: exit status $STATUS, want 1"; }
	[ ! -s "$TMP/out" ] || fail "$what: output on stdout"
	head -n 1 "$TMP/err" | grep -qE -- "^execbig-top: .*($sentence)" || { show "$TMP/err"; fail "$what: the first line does not say /$sentence/"; }
	for word in "$@"; do
		sed 1d "$TMP/err" | grep -qE -- "$word" || { show "$TMP/err"; fail "$what: the words behind the sentence lack /$word/"; }
	done
}
bpf_baseline "$TMP/before"

edit
run
[ "$STATUS" = 0 ] && grep -q -- "$MARK" "$TMP/out" || { show "$TMP/err"; fail "our own text from a directory: exit status $STATUS"; }

edit exec.bpf.c '$ a this is not C'
lines=$(wc -l <"$TMP/text/exec.bpf.c")
refused "a syntax error" 'compil' "exec\.bpf\.c:$lines:.*error:" 'this is not C'
edit exit.bpf.c '$ a #error stopped by the test'
refused "#error" 'compil' 'exit\.bpf\.c:[0-9]+:.*error: stopped by the test'
edit exec.bpf.c '1 i #include "no-such-file.h"'
refused "a missing include" 'compil' "no-such-file\.h"

jump='ebt_slots.call(ctx, EBT_SLOT_EXEC);'
edit stubs.bpf.c "s/$jump/return *(volatile int *)(long)bpf_get_smp_processor_id();/"
refused "a wild read" 'verifier|kernel' 'invalid mem access' 'processed [0-9]+ insns'
edit stubs.bpf.c "s/$jump/volatile char big[600]; big[bpf_get_smp_processor_id() % 600] = 1; return big[3];/"
refused "600 bytes of stack" 'compil|verifier|kernel' 'stack'
edit stubs.bpf.c "s/$jump/volatile u64 n = 1; while (n) n += 2;/"
refused "a loop without end" 'verifier|kernel' 'processed|infinite|too large|too complex'

# Somebody else's words do not steer the terminal.
edit exec.bpf.c "\$ a #error \\x1b]0;stolen\\x07"
refused "control bytes in a message" 'compil' 'stolen'
grep -q "$(printf '\033')" "$TMP/err" && fail "control bytes of the text were printed raw"

rm -rf "$TMP/text"
run
[ "$STATUS" != 0 ] && grep -qF -- "$TMP/text" "$TMP/err" && [ "$(wc -l <"$TMP/err")" = 1 ] ||
	{ show "$TMP/err"; fail "a directory that is not there: exit status $STATUS"; }
wait_until 10 bpf_as_before "$TMP/before" || { show "$TMP/bpf.diff"; fail "BPF objects are left"; }
# The cache does not mix them up: the embedded text runs after all that.
limit 60 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- "$EBT_TOOLS/nop" "$MARK" >"$TMP/out" 2>"$TMP/err" && grep -q -- "$MARK" "$TMP/out" ||
	{ show "$TMP/err"; fail "the embedded text afterwards"; }
