#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Long work says on a terminal how far it is, on one line that is gone at the end; into a file or a pipe it says nothing.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/tui.sh"

need_tui
"$EBT_TOOLS/recgen" "$TMP/m.rec" 400000 || fail "recgen"
chmod 0644 "$TMP/m.rec"

tui_open 90 30
# run WHAT COMMAND
run() {
	tui_line "clear; $2; echo \"ended=\$?\""
	tui_wait 20 'reading the recording: +[0-9]+%' "$1: progress"
	tui_wait 60 'ended=0' "$1: its end"
	tui_has 'reading the recording' && { tui_screen | sed 's/^/    |/'; fail "$1: progress is left on the screen"; }
	tui_has 'ended=' && ! tui_has '^ended=0$' && { tui_screen | sed 's/^/    |/'; fail "$1: the end does not begin a line"; }
}
run "export" "'$EBT_BIN' export perfetto -r '$TMP/m.rec' -o '$TMP/trace.json'"
run "replay" "'$EBT_BIN' -r '$TMP/m.rec' -J >'$TMP/json'"
[ "$(wc -l <"$TMP/json")" -ge 400000 ] || fail "the replay printed $(wc -l <"$TMP/json") lines"

# What is said meanwhile has a line of its own.
cp "$TMP/m.rec" "$TMP/d.rec"
size=$(stat -c %s "$TMP/d.rec")
head -c 64 /dev/zero | dd of="$TMP/d.rec" bs=1 seek=$((size / 2)) conv=notrunc status=none
run "a damaged recording" "'$EBT_BIN' -r '$TMP/d.rec' -J >'$TMP/json'"
tui_has '^execbig-top: warning: [0-9]+ bytes of the recording are damaged' || {
	tui_screen | sed 's/^/    |/'
	fail "the warning does not begin a line"
}

# Nobody to show it to, or lines that show it themselves.
script_out() { tui_line "clear; '$EBT_BIN' -r '$TMP/m.rec' -J -n 3; echo \"ended=\$?\""; }
script_out
tui_wait 20 'ended=0'
tui_has 'reading the recording' && fail "progress among the lines"
"$EBT_BIN" export perfetto -r "$TMP/m.rec" -o "$TMP/trace.json" >"$TMP/out" 2>&1 || fail "export: status $?"
"$EBT_BIN" -r "$TMP/m.rec" --csv 2>&1 >"$TMP/csv" | cat >>"$TMP/out"
[ ! -s "$TMP/out" ] || { show "$TMP/out"; fail "not on a terminal, but it says something"; }
