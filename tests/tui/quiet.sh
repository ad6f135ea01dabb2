#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Nothing is printed over the screen: no process of ours writes to the terminal but the view's ncurses.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel
need strace

tui_open 100 30
tui_state >"$TMP/before"
tui_start
tty=$(tui_is pane_tty)
# The view has no standard output or error that is the terminal while ncurses runs, or it would be one printf away.
[ "$(readlink "/proc/$EBT_VIEW/fd/2")" != "$tty" ] || fail "the view's stderr is the terminal: a library's message would be printed over the screen"

# The loader writes nothing to the terminal, whatever happens: messages, a full ring, a compile of everything again.
spawn /dev/null "$TMP/strace.err" strace -f -qq -e trace=write,writev,pwrite64,sendto,sendmsg -y -o "$TMP/trace" -p "$EBT_PID"
attached() { [ "$(sed -n 's/^TracerPid:[[:space:]]*//p' "/proc/$EBT_PID/status")" != 0 ]; }
wait_for 5 "strace is attached" attached
"$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK" 500 4 >/dev/null
for _ in 1 2 3 4; do
	tui_keys Tab
	tui_wait 5 'F1 ?Help' "the screen after Tab"
done
kill -INT "$SPAWN_PID"
wait_for 5 "strace ends" gone "$SPAWN_PID"
grep -F "<$tty" "$TMP/trace" >"$TMP/writes" && { show "$TMP/writes"; fail "the loader wrote to the terminal"; }

# A redraw from nothing gives the same picture: what is on the screen is what ncurses thinks is there. Paused, so that
# it stands still; the head shows times and rates that go on, the rows do not.
tui_keys 2 F4
tui_type "$MARK"
tui_keys Enter
tui_wait 5 'FILTER' "the filter"
# The head names the filter too, beside the time.
rows() { tui_screen | grep -F -- "$MARK" | grep -v ' FILTER '; }
many() { [ "$(rows | wc -l)" -gt 10 ]; }
wait_for 5 "rows of the burst" many
tui_keys Z
tui_wait 5 'PAUSED'
still() {
	rows >"$TMP/one"
	rows | cmp -s - "$TMP/one"
}
wait_for 5 "rows that stand still" still
tui_keys C-l
tui_wait 5 'F1 ?Help' "the screen after Ctrl-L"
same() { rows | cmp -s - "$TMP/one"; }
wait_for 5 "the same rows after Ctrl-L" same
tui_keys q
tui_wait 10 'ended=0'

# Failures before ncurses starts are plain lines on a plain terminal.
tui_line "clear; '$EBT_BIN' --scratch 7; echo ended=\$?"
tui_wait 10 'ended=2'
tui_has 'execbig-top: .*--scratch' || fail "no sentence on the terminal"
[ "$(tui_is alternate_on)" = 0 ] || fail "a usage error leaves the alternate screen"
# Without a terminal that ncurses knows, or that can move a cursor, there is a sentence, not a crash.
for term in TERM= TERM=no-such-terminal TERM=dumb '-u TERM'; do
	tui_line "clear; env $term '$EBT_BIN' --cache-dir '$EBT_CACHE'; echo ended=\$?"
	tui_wait 20 'ended=1$' "a failure with $term"
	tui_has 'execbig-top: .*(TERM|terminal).*-e and -J work' || { tui_screen | sed 's/^/    |/'; fail "$term: no sentence that names the terminal and what works"; }
	tui_state_is "$TMP/before" || { diff "$TMP/before" "$TMP/state" | sed 's/^/    /'; fail "$term: the terminal is not as before"; }
	tui_line clear
	tui_wait_not 5 'ended=[0-9]'
done
# Colour is an offer: without it the screen is the same.
tui_line "clear; NO_COLOR=1 '$EBT_BIN' --cache-dir '$EBT_CACHE'; echo ended=\$?"
tui_wait 20 'F1 ?Help'
tui_colours | grep -qP '\e\[[0-9;]*(3[1-7]|4[1-7]|38|48)' && fail "colours with NO_COLOR"
tui_keys q
tui_wait 10 'ended=0'
