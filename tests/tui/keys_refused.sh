#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A retune on the screen: while it compiles the screen lives, says so and for how long; a refusal by the compiler or the
# verifier can be read in full, and what ran runs on.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

refused_text "$TMP/text"
tui_open 130 40
tui_start -m "$MARK" --bpf-text "$TMP/text"
tui_keys e
tui_wait 5 'no retune was refused' "nothing to read yet"

# scratch BYTES: the value typed and applied.
scratch() {
	tui_keys F2 Home Enter
	tui_wait 5 '^Scratch: [0-9]+' "the value to edit"
	tui_keys C-u
	tui_type "$1"
	tui_keys Enter
	tui_wait 5 'Scratch +[0-9.]+K +> ' "the typed value"
	tui_keys F5
}

# The compiler is stopped, so that there is time to look.
compiler() {
	local child
	for child in $(children_of "$EBT_PID"); do
		[ "$(cat "/proc/$child/comm" 2>/dev/null)" = execbig-compile ] && kill -STOP "$child" 2>/dev/null && COMPILER=$child && return
	done
	return 1
}
scratch 6K
deadline=$((${EPOCHREALTIME/./} + 10000000)) COMPILER=''
until compiler || [ "${EPOCHREALTIME/./}" -gt "$deadline" ]; do :; done
[ "$COMPILER" ] || fail "execbig-compile was not seen"
tui_wait 5 'Compiling for [0-9.]+m?s; what ran runs on' "that it compiles"
tui_wait 5 ' compiling 1\.[0-9]*s' "and for how long"
tui_wait 5 ' compiling 2\.[0-9]*s' "which goes on"
tui_keys Escape
tui_exec "$MARK-meanwhile"
tui_wait 5 "$MARK-meanwhile" "an exec while it compiles"
kill -CONT "$COMPILER"
tui_wait 30 'retuned in [0-9.]+s \(compiled in [0-9.]+s, loaded in [0-9.]+m?s\): generation 2 runs' "what it took"

# Refused by the compiler: the first error is what is shown first.
scratch 1032
tui_wait 30 'Refused, what ran runs on: the BPF text does not compile' "the sentence"
tui_has 'Scratch +6\.0K +> 1\.0K +per-CPU' || { tui_screen | sed 's/^/    |/'; fail "not what runs, and what was typed"; }
press General e
tui_wait 5 'A retune was refused: line [0-9]+ of [0-9]+' "the words"
tui_wait 5 'error: "?this size is refused by the compiler, on purpose' "the compiler's"
tui_keys Escape
tui_wait 5 'Scratch +6\.0K +> 1\.0K +per-CPU' "back where it was opened"
tui_keys Escape

# By the verifier: the end says why, and the whole log is there.
scratch 1040
tui_wait 30 "Refused, what ran runs on: the kernel's verifier refused the program ebt_on_refused" "the sentence"
tui_keys Escape 5
press General e
tui_wait 5 'processed [0-9]+ insns' "the end of the log"
tui_wait 5 'invalid access to map value|R[0-9] invalid mem access' "why"
tui_row 'line ([0-9]+) of ([0-9]+)' || fail "no line numbers"
[[ $TUI_ROW =~ line\ ([0-9]+)\ of\ ([0-9]+) ]] && [ "${BASH_REMATCH[2]}" -gt 60 ] && [ "${BASH_REMATCH[1]}" -gt 1 ] || fail "not the whole log: $TUI_ROW"
lines=${BASH_REMATCH[2]}
tui_keys Home
tui_wait 5 "line 1 of $lines" "its beginning"
tui_keys Down
tui_wait 5 "line 2 of $lines"
tui_screen >"$TMP/left"
tui_keys Right
wait_until 5 tui_differs "$TMP/left" || fail "long lines do not move"
tui_keys PgDn
tui_wait 5 "line [3-9][0-9] of $lines" "a page on"
tui_keys Left End
tui_wait 5 'processed [0-9]+ insns' "its end again"
press General q
tui_wait 5 '^Accounting' "back at Buffers"

# What ran runs on, and the next swap works.
tui_keys 2
tui_exec "$MARK-after"
tui_wait 5 "$MARK-after" "an exec after the refusals"
scratch 4K
tui_wait 30 'Generation 3' "the next swap"
tui_wait_not 5 'Refused, what ran'
tui_keys Escape F10
tui_wait 10 'ended=0'
