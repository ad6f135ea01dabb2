#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Recordings around the screen: keys come from the terminal when the recording comes from standard input, and q is an orderly end
# of a recording that is being written.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
"$EBT_TOOLS/recgen" "$TMP/s.rec" 4000 || fail "recgen"
chmod 0644 "$TMP/s.rec"

tui_open 100 30
tui_state >"$TMP/before"
for from in "'$EBT_BIN' -r - <'$TMP/s.rec'" "cat '$TMP/s.rec' | '$EBT_BIN' -r -"; do
	tui_line "clear; $from; echo \"ended=\$?\""
	tui_wait 20 'ENDED' "$from: the end of the recording"
	tui_keys 3
	tui_wait 5 '/usr/bin/gcc' "$from: key 3"
	tui_keys /
	tui_wait 5 'Search' "$from: key /"
	tui_type 'as'
	tui_keys Escape
	press General q
	tui_wait 10 'ended=0' "$from: q"
	tui_restored "$TMP/before" "$from: q"
done

need_kernel
tui_start -w "'$TMP/live.rec'" -m "$MARK"
tui_exec "$MARK-kept"
tui_wait 5 "$MARK-kept" "the exec"
tui_keys q
tui_wait 20 'ended=0' "q ends the view"
tui_restored "$TMP/before" "q while a recording is written"
"$EBT_BIN" -r "$TMP/live.rec" -J >"$TMP/lines" 2>"$TMP/err" || { show "$TMP/err"; fail "the recording cannot be read"; }
[ ! -s "$TMP/err" ] || { show "$TMP/err"; fail "q is no orderly end of the recording"; }
grep -q "$MARK-kept" "$TMP/lines" || fail "the recording has not the exec"
grep -q '"text":"summary"' "$TMP/lines" || fail "the recording has no summary"
# Killed, it has no end, and that is said: the check above can fail.
tui_start -w "'$TMP/killed.rec'" -m "$MARK"
tui_exec "$MARK-seen"
tui_wait 5 "$MARK-seen" "the exec"
wait_for 10 "the first block" test -e "$TMP/killed.rec"
kill -KILL "$EBT_VIEW"
tui_restored "$TMP/before" "SIGKILL while a recording is written"
"$EBT_BIN" -r "$TMP/killed.rec" -J 2>&1 >/dev/null | grep -q 'has no end' || fail "a recording without an end is not told from one that has it"
