#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The keys of Top: sort panel with every column, the four sort keys, invert, groups, follow, details.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

# Programs of known count, failures and size of arguments.
for name in aa bb cc; do cp "$EBT_TOOLS/nop" "$TMP/$name"; done
cp "$EBT_TOOLS/marked" "$TMP/dd"
tui_open 200 30
tui_start -m "$MARK" -s top
for n in 1 2 3 4 5; do "$TMP/aa" "$MARK"; done
for n in 1 2 3; do "$TMP/bb" "$MARK" "$(printf 'x%.0s' $(seq 2000))"; done
"$TMP/cc" "$MARK"
"$TMP/dd" --leaf "$MARK" 37 x
"$TMP/dd" --leaf "$MARK" 37 x
tui_wait 5 "/dd$" "the groups"
tui_wait 5 '^RATE/s▽' "sorted by rate at the start"

# sorted TITLE: this column is the one, from high to low or the other way.
sorted() { tui_wait 5 "(^| )$1[▽△]" "sorted by $1"; }
down() { tui_wait 5 "$1▽" "$1 from high to low"; }
up() { tui_wait 5 "$1△" "$1 from low to high"; }

press Top M
down COUNT
tui_order '/aa$' '/bb$' "5 before 3"
tui_order '/bb$' '/cc$' "3 before 1"
press Top I
up COUNT
tui_order '/cc$' '/bb$' "inverted: 1 before 3"
tui_order '/bb$' '/aa$' "inverted: 3 before 5"
press Top P
down 'CPU%'
press Top T
down RUN
press Top R
down 'RATE/s'

# The panel: opened by each of its keys, left by Esc and by itself; all columns can be chosen.
for key in F6 '<' '>'; do
	case $key in
	F6) press Top F6 ;;
	'<') press Top '<' ;;
	'>') press Top '>' ;;
	esac
	tui_wait 5 'Sort by' "the panel by $key"
	tui_wait 5 'EnterChoose' "the bar of the panel"
	tui_keys Escape
	tui_wait_not 5 'Sort by' "Esc leaves the panel"
done
tui_wait 5 '^RATE/s▽' "Esc changes nothing"
tui_keys F6
tui_wait 5 'bytes of arguments' "the panel's columns"
# The titles as the panel shows them, marks off: in its lines, from the one after its title to the last column.
tui_screen | sed -n '/Sort by/,/what the row stands for/p' | sed '1d; s/^[* ]*//; s/  .*//' >"$TMP/titles"
[ "$(wc -l <"$TMP/titles")" -ge 12 ] || { show "$TMP/titles"; fail "the panel has too few columns"; }
tui_keys Escape
tui_wait_not 5 'Sort by'
n=0
while IFS= read -r title; do
	# In the list the name's column is called by what it groups by.
	[ "$title" = NAME ] && title=EXE
	tui_keys F6
	tui_wait 5 'Sort by'
	tui_keys Home
	for _ in $(seq 1 $n); do tui_keys Down; done
	tui_keys Enter
	tui_wait_not 5 'Sort by' "the panel closes"
	sorted "$title"
	case $title in
	COUNT) tui_order '/aa$' '/bb$' "by count" ;;
	FAILED) tui_order '/dd$' '/aa$' "by failures" ;;
	BYTES) tui_order '/bb$' '/aa$' "by bytes" ;;
	EXE) tui_order '/aa$' '/bb$' "by name, A first" && tui_order '/cc$' '/dd$' "by name" ;;
	LAST) tui_order '/dd$' '/aa$' "the last first" ;;
	esac
	n=$((n + 1))
done <"$TMP/titles"

# Groups by each of the six.
for key in g F7; do
	case $key in
	g) press Top g ;;
	F7) press Top F7 ;;
	esac
	tui_wait 5 'Group by' "the panel by $key"
	tui_keys Escape
	tui_wait_not 5 'Group by'
done
group() {
	tui_keys g
	tui_wait 5 'Group by'
	tui_keys Home
	for _ in $(seq 1 "$1"); do tui_keys Down; done
	tui_keys Enter
	tui_wait_not 5 'Group by'
	tui_wait 5 " $2[▽△]?( |$)" "the title $2"
}
group 1 COMM
tui_wait 5 ' aa$' "a command name"
group 2 COMMAND
tui_wait 5 "/dd --leaf $MARK 37 x" "a whole command line"
group 3 PARENT
tui_wait 5 ' (bash|keys_top.sh)$' "this shell"
group 4 USER
tui_wait 5 ' root$' "the user"
group 5 CGROUP
tui_wait 5 ' /[^ ]*$' "a cgroup"
group 0 EXE
tui_wait 5 '/aa$'

# The end and the start of long names; follow stays with the row; details are those of the last exec.
group 2 COMMAND
tui_keys /
tui_type 'xxxx'
tui_keys Enter
tui_cursor_wait 'xxx…$' "the row with a long command"
tui_keys '$'
tui_cursor_wait '[ x]x$' "its end"
tui_cursor_is '…$' && fail "its end is cut"
tui_type '^'
tui_cursor_wait 'xxx…$' "its start"
group 0 EXE
tui_keys M
down COUNT
tui_type /
tui_type '/cc$'
tui_keys Enter
tui_cursor_wait '/cc$' "found"
tui_keys F
tui_wait 5 'following the selected row'
for _ in 1 2 3 4 5 6 7 8; do "$TMP/cc" "$MARK"; done
tui_order '/cc$' '/aa$' "cc has risen"
tui_cursor_wait '/cc$' "the cursor went with it"
tui_keys Enter
tui_wait 5 '^ Top > +cc ' "the way to its execs"
tui_wait_not 5 '/aa ' "no others"
tui_keys Enter
tui_wait 5 '^ Top > cc > +cc [0-9]+ ' "the way to the details"
tui_wait 5 'Process [0-9]+ cc' "the details"
tui_keys Escape
tui_wait 5 '^ Top > +cc ' "back at its execs"
tui_keys Escape
tui_cursor_wait '/cc$' "back"

# A pause holds the numbers; nothing is lost by it.
tui_keys Z
tui_wait 5 'PAUSED'
for _ in 1 2 3 4; do "$TMP/aa" "$MARK"; done
tui_wait 5 'PAUSED 4 held'
tui_order '/cc$' '/aa$' "stands still"
tui_has ' 5 .*/aa$' || { tui_screen | sed 's/^/    |/'; fail "the count moved in a pause"; }
tui_keys Z
tui_wait 5 ' 9 .*/aa$' "all nine after it"
tui_order '/aa$' '/cc$' "and the order"
tui_keys q
tui_wait 10 'ended=0'
