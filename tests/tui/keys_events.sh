#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The keys of Events: moving, follow, search, filter, long lines, pause, clear, details and the parent.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

tui_open 100 30
tui_start -m "$MARK"
for n in $(seq -w 1 60); do tui_exec "$MARK" "row-$n"; done
tui_cursor_wait 'row-60' "it follows the newest"

# Moving.
press Move Up
tui_cursor_wait 'row-59' Up
tui_exec "$MARK" Upper-61
tui_cursor_wait 'row-59' "who reads is left alone"
press Move Down
tui_cursor_wait 'row-60' Down
press Move Home
tui_cursor_wait 'row-01' Home
tui_has 'row-60' && fail "Home: the end of the list is still on the screen"
press Move PgDn
tui_cursor_wait 'row-2[0-9]' "a page down"
press Move PgUp
tui_cursor_wait 'row-01' "a page up"
press Move End
tui_cursor_wait 'Upper-61' End
tui_exec "$MARK" row-62
tui_cursor_wait 'row-62' "it follows again at the end"
total() { tui_row 'Total [0-9]+' && [[ $TUI_ROW =~ Total\ ([0-9]+) ]] && printf '%s\n' "${BASH_REMATCH[1]}"; }
more_than() { [ "$(total)" -gt "$1" ]; }
for key in F F8; do
	case $key in
	F) press Move F ;;
	F8) press Move F8 ;;
	esac
	tui_wait 5 'not following' "what $key did"
	was=$(total)
	tui_exec "$MARK" "after-$key"
	wait_for 5 "the exec is counted" more_than "$was"
	tui_has "after-$key" && fail "$key: it goes on following"
	tui_keys "$key"
	tui_wait 5 'following the newest' "what $key did the second time"
	tui_cursor_wait "after-$key" "$key follows again"
done

# Search: while typing, on, back, round; Esc goes back; case as htop has it; what is not there or no regex.
press Move Home
tui_cursor_wait 'row-01' Home
press Find /
tui_wait 5 '^Search:' "the prompt"
tui_type 'row-1[05]'
tui_cursor_wait 'row-10' "the first match while typing"
press General Esc
tui_cursor_wait 'row-01' "Esc goes back to where the search began"
tui_wait_not 5 '^Search:'
press Find F3
tui_wait 5 '^Search:' "the prompt by F3"
tui_type 'row-1[05]'
tui_keys Enter
tui_cursor_wait 'row-10' "the match"
press Find n
tui_cursor_wait 'row-15' "the next"
press Find n
tui_cursor_wait 'row-10' "round"
press Find N
tui_cursor_wait 'row-15' "back, round"
press Find Shift-F3
tui_cursor_wait 'row-10' "back"
tui_type /
tui_type 'upper-6'
tui_keys Enter
tui_cursor_wait 'Upper-61' "small letters match capitals"
tui_type /
tui_type 'UPPER-6'
tui_wait 5 'not found' "capitals do not match others"
tui_keys Escape
tui_type /
tui_type 'row-['
tui_keys Enter
tui_wait 5 'column 1: .*POSIX extended regular expression is wanted' "what is wrong with it, above the text to correct"
tui_wait 5 'Search: row-\[' "the text stays"
tui_keys Escape

# Filter: while it is typed; Ctrl-C leaves it as it was, what is wrong is told; Esc and an empty text show all.
tui_exec "$MARK" "$(printf 'x%.0s' $(seq 400))" needle
press Find '\'
tui_wait 5 '^Filter:' "the prompt"
tui_type 'row-2[0-4]|needle'
tui_keys Enter
tui_wait 5 ' FILTER ' "the mark"
tui_wait_not 5 'row-19' "what does not match"
tui_wait 5 'row-20'
tui_wait 5 'xxxxxx' "a match behind what the screen shows"
press Find F4
tui_wait 5 '^Filter: row-2' "the filter to edit"
tui_keys C-u
tui_type nothing-like-it
tui_keys C-c
tui_wait 5 'row-20' "Ctrl-C leaves the filter as it was"
tui_keys F4
tui_type ' uid:x'
tui_keys Enter
tui_wait 5 "column 23: uid cannot be 'x': allowed is a number" "what is wrong with it, above the text to correct"
tui_wait 5 'Filter: row-2.* uid:x' "the text stays"
tui_keys C-u
tui_type 'row-2 status:o'
tui_keys Tab
tui_wait 5 'Filter: row-2 status:ok' "a value completed by Tab"
tui_wait 5 'row-20' "what ended well"
tui_keys C-u
tui_type 'row-2 parent:. not user:nobody'
tui_wait 5 'row-20' "keys beside a word"
press General Esc
tui_wait 5 'row-([013-6][0-9])' "Esc takes the filter away"
tui_wait_not 5 ' FILTER '
tui_keys F4
tui_type 'row-2[0-4]'
tui_wait_not 5 'row-25' "it filters while it is typed"
tui_keys Enter
tui_wait 5 ' FILTER row-2' "the filter is named"
tui_keys F4 C-u Enter
tui_wait 5 'row-([013-6][0-9])' "all again"
tui_wait_not 5 ' FILTER '

# Long lines: cut with a mark, moved, wrapped.
press Move End
tui_cursor_wait 'xxxxx…$' "a long line is cut with a mark"
tui_has needle && fail "the end of the long line is on the screen from the start"
press Move '$'
tui_wait 5 'needle$' "the end of the line"
press Move Ctrl-A
tui_cursor_wait " nop $MARK xx" "the start of the line"
press Move Ctrl-E
tui_wait 5 'needle$' "the end of the line again"
press Move '^'
tui_cursor_wait " nop $MARK xx" "the start of the line"
press Move Right
tui_cursor_wait "s ${MARK#ebt-} xx" "eight columns to the right"
press Move Left
tui_cursor_wait " nop $MARK xx" "and to the left"
press Move w
tui_wait 5 'x needle' "the whole line, wrapped"
press Move w
tui_cursor_wait 'xxxxx…$' "cut again"

# Pause: what comes is held, counted, and there afterwards.
press General Z
tui_wait 5 'PAUSED 0 held' "Z pauses"
for n in 1 2 3 4 5; do tui_exec "$MARK" "held-$n"; done
tui_wait 5 'PAUSED 5 held' "five are held"
tui_has "held-" && fail "an event came through the pause"
tui_keys Z
tui_wait_not 5 PAUSED "Z goes on"
for n in 1 2 3 4 5; do tui_wait 5 "held-$n" "nothing is lost by a pause"; done

# Details of the cursor's row, and of its parent: this shell.
press Move End
tui_cursor_wait 'held-5' End
press Rows Enter
tui_wait 5 'Process [0-9]+ nop' "the details"
tui_has 'held-5' || fail "the details are of another row"
press General Esc
tui_cursor_wait 'held-5' "back"
press Rows P
tui_wait 5 "Process $$ " "the details of the parent"
tui_has "${0##*/}" || { tui_screen | sed 's/^/    |/'; fail "the parent is not this script"; }
tui_keys Escape
tui_cursor_wait 'held-5' "back from the parent"

# What the row has to do with: what it started, its user; and how it is ended.
press Rows c
tui_wait 5 'children of [0-9]+ nop' "what it started"
tui_keys Escape
tui_cursor_wait 'held-5' "back from the children"
press Rows u
tui_wait 5 '> +user root' "the execs of its user"
tui_keys Escape
tui_cursor_wait 'held-5' "back from the user"
for key in k F9; do
	case $key in
	k) press Rows k ;;
	F9) press Rows F9 ;;
	esac
	tui_wait 5 'process [0-9]+ does not run nop any more' "$key says that it has ended"
	tui_keys Down
done
press Move End

# The path of the program in place of the name that it was started by.
press Rows p
tui_cursor_wait "/lib/nop ebt-keys" "the path"
press Rows p
tui_cursor_wait " nop $MARK held-5" "the name"

# Drawn anew after somebody else wrote over it.
printf '\e[10;10Hgarbage-on-the-screen' >"$(tui_is pane_tty)"
tui_wait 5 garbage-on-the-screen "the garbage"
press General Ctrl-L
tui_wait_not 5 garbage-on-the-screen "Ctrl-L draws all of it"

# The buffers of the CPUs: one line for all, or the figures of each in as many lines as they need.
tui_wait 5 '^Ring .* of .*Scratch of CPU' "the line of the buffers"
press General m
tui_wait 5 'Scratch of CPU +0 +[0-9]+% .*/s' "the figures of CPU 0"
press General '#'
tui_wait 5 '^Ring .* of .*Scratch of CPU' "one line again"

# Clear: nothing is left; what comes next is there.
press General X
tui_wait 5 'of the history\?' "the question before it"
tui_keys Escape
tui_gone() { ! tui_has 'of the history\?'; }
wait_for 5 "the question is gone" tui_gone
tui_has 'waiting for the first exec' && fail "cleared, though the answer was Esc"
press General X
tui_keys Enter
# The commands that drive the screen are execs as well, which -m leaves out.
tui_wait 5 '^ (waiting for the first exec, |[0-9]{1,3} seen, all )filtered by -m' "an empty list that counts from the clear on"
tui_exec "$MARK" after-clear
tui_wait 5 after-clear "what comes after it"
tui_wait 5 'Total 1($| )' "the total begins again"
tui_keys q
tui_wait 10 'ended=0'
