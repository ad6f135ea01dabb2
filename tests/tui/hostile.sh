#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Not one byte that could steer the terminal reaches it, from whatever a process calls itself or is called with: every
# byte that is written to the terminal is recorded and looked at, over all screens that show foreign text.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

tui_open 100 30
tui_start -m "$MARK" --env
tmux_ pipe-pane -o -t "$TUI_PANE" "cat >'$TMP/bytes'"

# Names, arguments, environment, working directory and file, all of them foreign: title, clear, C1, bidi, invalid UTF-8,
# wide and combining characters, tab, newline, and a megabyte without a space in it.
evil=$'\e]0;stolen\a\e[2J\e[31m\x9b31m\u009b31m\u202egpj\u2066\xff\xfe\xc0\xaf\t\n\r\b\x7f'
wide=$'宽字宽字e\u0301\u0301\u0301한글🙂'
mkdir "$TMP/$evil" || fail "mkdir"
cp "$EBT_TOOLS/nop" "$TMP/$evil/$wide" || fail "cp"
big=$(printf 'y%.0s' $(seq 127000))
(cd "$TMP/$evil" && EVIL=$evil exec -a "$evil" "./$wide" "$MARK" "$evil" "$wide" '')
# A program of that name, because the file of another one would stand before its arguments.
cp "$EBT_TOOLS/nop" "$TMP/big" || fail cp
(exec -a big "$TMP/big" "$MARK" "$big" "$big" "$big" "$big" "$big" "$big" "$big" "$big")
tui_wait 10 'big .*yyyyyyyy' "the megabyte's beginning"
tui_has 'stolen' || fail "the foreign name is not shown"
looks_well() {
	tui_type '~' # does nothing, but a message gives way to the F-key bar
	tui_wait 5 'F1 ?Help' "$1: the F-key bar"
	tui_fits || fail "$1: the screen does not fit"
	[ "$(tui_is pane_title)" != stolen ] || fail "$1: the title was set"
}
for size in "100 30" "40 10" "250 70"; do
	# shellcheck disable=SC2086 # two numbers
	tui_resize $size
	tui_keys 2
	tui_wait 5 'COMMAND' "$size: Events"
	looks_well "$size Events"
	tui_keys w
	tui_wait 5 'wrapped'
	looks_well "$size Events, wrapped"
	tui_keys w '$' '^'
	looks_well "$size Events, moved"
	tui_keys Home Enter
	tui_wait 5 'Process [0-9]+' "$size: the details"
	looks_well "$size details"
	tui_keys End
	looks_well "$size details, their end"
	tui_keys Escape
	tui_keys 3
	tui_wait 5 'COUNT' "$size: Top"
	for group in 0 1 2 3; do
		tui_keys g
		tui_wait 5 'Group by'
		tui_keys Home
		for _ in $(seq 1 $group); do tui_keys Down; done
		tui_keys Enter
		tui_wait_not 5 'Group by'
		looks_well "$size Top, group $group"
	done
	tui_keys 4
	tui_wait 5 'PID .*RESULT .*COMMAND' "$size: Tree"
	looks_well "$size Tree"
done
# A search and a filter for it, and what they say.
tui_keys 2
tui_type '\'
tui_type "$wide"
tui_keys Enter
tui_wait 5 'FILTER' "a filter of wide characters"
tui_wait 5 'stolen' "finds it"
looks_well "filter"
tui_keys q
tui_wait 10 'ended=0'
tmux_ pipe-pane -t "$TUI_PANE"

[ "$(wc -c <"$TMP/bytes")" -gt 20000 ] || fail "too little was recorded: the check would prove nothing"
grep -aq stolen "$TMP/bytes" || fail "the foreign text was not recorded: the check would prove nothing"
# leaks PATTERN WHAT: bytes, not characters.
leaks() { LC_ALL=C grep -aPq "$1" "$TMP/bytes" && fail "$2 reached the terminal"; }
leaks '\x1b\]0;' "a title sequence"
leaks '\x07' "a bell"
leaks '\xc2[\x80-\x9f]' "a C1 character"
leaks '(^|[\x00-\x7f])[\x80-\xbf]' "a byte that is no UTF-8, or a C1 byte"
leaks '[\xc0\xc1\xf5-\xff]' "a byte that is no UTF-8"
leaks '\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]' "a bidi control"
leaks '\x7f' "a DEL"
exit 0
