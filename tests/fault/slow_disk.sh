#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A disk that does not respond, which a writer that is stopped stands for: the keyboard works, the screen is left at once, and the
# end waits for no more than seconds, with a sentence. Where the disk responds again, nothing is missing.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../tui/tui.sh"

need_tui
need_kernel
writer_of() {
	local child
	for child in $(children_of "$1"); do
		grep -qx execbig-write "/proc/$child/comm" 2>/dev/null && printf '%s\n' "$child" && return
		writer_of "$child" && return
	done
	return 1
}
long=$(head -c 100000 /dev/zero | tr '\0' x)
# More than the pipe and what the writer has read hold.
much() { for _ in $(seq 60); do "$EBT_TOOLS/nop" "$MARK-much" "$long"; done; }

tui_open 120 30
tui_line "clear; XDG_CONFIG_HOME=$TMP/none '$EBT_BIN' --cache-dir '$EBT_CACHE' -w '$TMP/live.rec'; echo \"ended=\$?\""
tui_wait 20 'F1 ?Help' "the F-key bar"
wait_for 5 "loader and view" tui_processes
writer=$(writer_of "$EBT_PID") || fail "no writer"
kill -STOP "$writer"
much
tui_wait 10 'does not keep up' "a word about the disk"
tui_keys F1
tui_wait 3 'Keys and marks' "keys are taken"
tui_keys Escape q
tui_wait 5 'waiting for the disk' "the screen is left, and the user is told why it takes long"
tui_wait 8 '^ended=1' "the end, as a failure"
tui_has "process $writer goes on by itself" || fail "no word of the writer that was left: $(tui_screen)"
kill -CONT "$writer"
wait_for 10 "the writer ends" gone "$writer"

# Lines: what came while the disk did not respond is in the recording.
ebt_start "$TMP/out" -J -w "$TMP/lines.rec"
writer=$(writer_of "$EBT_PID") || fail "no writer"
kill -STOP "$writer"
much
kill -CONT "$writer"
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "exit status $STATUS"; }
"$EBT_BIN" -r "$TMP/lines.rec" -J -m "$MARK-much" >"$TMP/read" || fail "the recording cannot be read"
[ "$(grep -c '"type":"exec"' "$TMP/read")" = 60 ] || fail "$(grep -c '"type":"exec"' "$TMP/read") of 60 execs are in the recording"
