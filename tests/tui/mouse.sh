#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The mouse: F-key bar, tabs, titles that sort, rows, the wheel, panels, and none of it with --no-mouse.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

tui_open 120 30
# A terminal with the newer encoding, which knows columns beyond 223 too.
TUI_ENV="$TUI_ENV TERM=xterm-256color"
tui_state >"$TMP/before"
tui_start -m "$MARK"
for n in $(seq -w 1 60); do tui_exec "$MARK" "row-$n"; done
tui_wait 5 'row-60'
[ "$(tui_is mouse_standard_flag)$(tui_is mouse_sgr_flag)" = 11 ] || fail "the mouse is not on, or in the older encoding"

# Rows: one click selects, a second one opens its details; the wheel scrolls.
tui_click_on 'row-50'
tui_cursor_wait 'row-50' "a click on a row"
tui_click_on 'row-50'
tui_wait 5 'Process [0-9]+ nop' "the second opens the details"
tui_has 'row-50' || fail "the details of another row"
tui_mouse 65 10 10
tui_wait 5 ' [4-9]-[0-9]+ of ' "the wheel in the details"
tui_click_on 'F10Back'
tui_cursor_wait 'row-50' "back by the F-key bar"
tui_mouse 64 10 10
tui_cursor_wait 'row-47' "the wheel up, three rows"
tui_mouse 65 10 10
tui_cursor_wait 'row-50' "the wheel down"

# The F-key bar does what the keys do.
tui_click_on 'F1Help'
tui_wait 5 '^ Columns of the list' "F1Help"
tui_mouse 65 10 10
tui_wait_not 5 '^ Columns of the list' "the wheel in help"
tui_click_on 'F10Back'
tui_wait 5 'row-50'
tui_click_on 'F4Filter'
tui_wait 5 '^Filter:' "F4Filter"
tui_type 'row-1'
tui_keys Enter
tui_wait_not 5 'row-50' "the filter holds"
tui_keys F4 C-u Enter
tui_wait 5 'row-2[0-9]'
tui_click_on 'F1Help'
tui_wait 5 'Keys and marks' "F1Help"
tui_keys Escape
tui_wait_not 5 'Keys and marks'

# Tabs.
tui_click_on 'Top '
tui_wait 5 'RATE/s.*COUNT' "the tab Top"
# Titles sort, and invert at the second click.
tui_click_on ' COUNT'
tui_wait 5 'COUNT▽' "sorted by the click"
tui_click_on 'COUNT▽'
tui_wait 5 'COUNT△' "inverted by the second"
# The sort panel: a click on an item chooses, one elsewhere closes.
tui_click_on 'F6SortBy'
tui_wait 5 'Sort by' "the panel"
tui_click_on 'mean time from exec'
tui_wait 5 'RUN▽' "chosen by a click"
tui_wait_not 5 'Sort by'
tui_click_on 'F6SortBy'
tui_wait 5 'Sort by'
tui_click 119 20
tui_wait_not 5 'Sort by' "a click elsewhere closes"
tui_wait 5 'RUN▽'
tui_click_on 'F6SortBy'
tui_wait 5 'EscCancel'
tui_click_on 'EscCancel'
tui_wait_not 5 'Sort by' "the bar of the panel"
# Setup: its pages and values.
tui_click_on 'F2Setup'
tui_wait 5 'Scratch .*per-CPU'
tui_click_on ' Display '
tui_wait 5 'Theme +default' "the page"
tui_click_on 'CPU buffers'
tui_cursor_wait 'CPU buffers' "selected"
tui_click_on 'CPU buffers'
tui_wait 5 'CPU buffers +yes' "switched by the second click"
tui_click_on 'F10Back'
tui_wait 5 'RUN▽'
# Clicks on nothing and outside do nothing.
for at in "60 1" "119 1" "120 30" "300 300"; do
	# shellcheck disable=SC2086 # two numbers
	tui_click $at
done
tui_wait 5 'RUN▽'
tui_click_on 'F10Quit'
tui_restored "$TMP/before" "F10Quit"

# The older encoding, of TERM=screen.
TUI_ENV="$TUI_ENV TERM=screen"
tui_start -s top
tui_wait 5 'RATE/s▽'
[ "$(tui_is mouse_standard_flag)$(tui_is mouse_sgr_flag)" = 10 ] || fail "TERM=screen: not the older encoding"
tui_click_on ' COUNT'
tui_wait 5 'COUNT▽' "sorted by a click"
tui_keys q
tui_restored "$TMP/before" "q"

# It can be left to the terminal.
tui_start --no-mouse
[ "$(tui_is mouse_any_flag)$(tui_is mouse_button_flag)$(tui_is mouse_standard_flag)" = 000 ] || fail "--no-mouse: a mouse mode is on"
tui_keys q
tui_restored "$TMP/before" "--no-mouse"
