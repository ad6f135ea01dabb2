# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
#
# tui.sh - a terminal to drive: tmux on a socket of its own, without anybody's configuration.
#
# The pane runs a shell that prints "prompt> ", so that what a program leaves of the terminal can be looked at.

TUI_SOCKET=$TMP/tmux
TUI_PANE=tui:0.0

need_tui() { need tmux; }
tmux_() { tmux -S "$TUI_SOCKET" -f /dev/null "$@"; }
# A server that is on its way out still answers the next session's call, and takes it along.
tui_kill() {
	local server
	server=$(tmux_ display-message -p '#{pid}' 2>/dev/null)
	tmux_ kill-server 2>/dev/null
	[ -z "$server" ] || wait_until 5 gone "$server"
}
CLEANUP_HOOKS+=(tui_kill)

# tui_open COLUMNS LINES: a shell at its prompt.
tui_open() {
	tui_kill
	tmux_ new-session -d -s tui -x "$1" -y "$2" "env -u TMUX PS1='prompt> ' LC_ALL=C.UTF-8 bash --norc --noprofile --noediting" ||
		fail "tmux does not start"
	tmux_ set-option -g status off >/dev/null
	tmux_ resize-window -t tui -x "$1" -y "$2"
	tui_wait 5 'prompt>'
}

tui_type() { tmux_ send-keys -t "$TUI_PANE" -l -- "$1"; }
tui_keys() { tmux_ send-keys -t "$TUI_PANE" "$@"; }
tui_line() { tui_type "$1" && tui_keys Enter; }
tui_resize() { tmux_ resize-window -t tui -x "$1" -y "$2"; }
# The screen as text, one line a row; blanks at the end of a row are not kept.
tui_screen() { tmux_ capture-pane -p -t "$TUI_PANE"; }
tui_colours() { tmux_ capture-pane -p -e -t "$TUI_PANE"; }
# tui_is FORMAT: a tmux variable of the pane, such as cursor_flag, alternate_on, mouse_any_flag, pane_tty.
tui_is() { tmux_ display-message -p -t "$TUI_PANE" "#{$1}"; }
# tui_has REGEX: a row matches. In this shell alone: the exec of a grep with the text would be on the screen itself.
tui_has() {
	local row
	while IFS= read -r row; do
		[[ $row =~ $1 ]] && return
	done < <(tui_screen)
	return 1
}
# The first row that matches, in $TUI_ROW.
tui_row() {
	while IFS= read -r TUI_ROW; do
		[[ $TUI_ROW =~ $1 ]] && return
	done < <(tui_screen)
	return 1
}
tui_has_not() { ! tui_has "$1"; }

# tui_wait SECONDS REGEX [WHAT]: until the screen shows it.
tui_wait() {
	wait_until $(($1 * 6)) tui_has "$2" || {
		tui_screen | sed 's/^/    |/'
		fail "not within $(($1 * 6)) s on the screen: ${3:-$2}"
	}
}
tui_wait_not() {
	wait_until $(($1 * 6)) tui_has_not "$2" || {
		tui_screen | sed 's/^/    |/'
		fail "still on the screen after $(($1 * 6)) s: ${3:-$2}"
	}
}

# tui_start [OPTION…]: execbig-top in the pane's shell, until its F-key bar is there; loader and view in $EBT_PID and
# $EBT_VIEW. TUI_ENV: what stands before it, such as "env NAME=VALUE". Settings of whoever runs the tests stay out of it.
TUI_ENV="env XDG_CONFIG_HOME=$TMP/no-settings"
# It begins with Events, unless a test says something else.
TUI_SCREEN="-s events"
tui_start() {
	tui_line "clear; $TUI_ENV '$EBT_BIN' --cache-dir '$EBT_CACHE' $TUI_SCREEN $*; echo \"ended=\$?\""
	tui_wait 20 'F1 ?Help' "the F-key bar"
	wait_for 5 "loader and view" tui_processes
}
tui_processes() {
	local shell
	shell=$(tui_is pane_pid)
	EBT_PID=$(children_of "$shell" | head -n 1)
	[ -n "$EBT_PID" ] && EBT_VIEW=$(ebt_view_of "$EBT_PID")
}

# tui_exec ARG…: an exec with a short name, so that its arguments are on the screen.
tui_exec() { (exec -a nop "$EBT_TOOLS/nop" "$@"); }

# State of the terminal: line discipline, cursor, screen, mouse and keypad modes. The stty settings are read from outside,
# from the pane's terminal.
tui_state() {
	stty -a -F "$(tui_is pane_tty)" | sed 's/rows [0-9]*; columns [0-9]*;//'
	printf '%s\n' "cursor=$(tui_is cursor_flag) alternate=$(tui_is alternate_on) mouse=$(tui_is mouse_any_flag) sgr=$(tui_is mouse_sgr_flag)" \
		"keypad=$(tui_is keypad_flag) cursorkeys=$(tui_is keypad_cursor_flag) wrap=$(tui_is wrap_flag) origin=$(tui_is origin_flag)"
}

# tui_restored BEFORE WHAT: the program is gone, the prompt is back, the terminal is as in BEFORE, and typing works.
# When the loader is killed the shell may prompt before the view has left the alternate screen, and the prompt goes with
# it: as anybody would, press Enter.
tui_restored() {
	main_screen() { [ "$(tui_is alternate_on)" = 0 ]; }
	wait_for 10 "$2: back on the main screen" main_screen
	wait_until 2 tui_has 'prompt> *$' || tui_keys Enter
	tui_wait 5 'prompt> *$' "$2: the shell's prompt"
	wait_until 18 tui_state_is "$1" || {
		diff "$1" "$TMP/state" | sed 's/^/    /'
		fail "$2: the terminal is not as before"
	}
	tui_has 'F1 ?Help' && { tui_screen | sed 's/^/    |/'; fail "$2: the program's screen is still there"; }
	tui_line "echo typing-\$((40 + 2))"
	tui_wait 5 'typing-42' "$2: what is typed"
}
tui_state_is() {
	tui_state >"$TMP/state"
	cmp -s "$1" "$TMP/state"
}

# tui_fits: every row is as wide as the screen or less, in columns, and there are as many rows as lines.
tui_fits() {
	local width row rows=0
	width=$(tui_is pane_width)
	while IFS= read -r row; do
		[ "${#row}" -le "$width" ] || return 1
		rows=$((rows + 1))
	done < <(tui_screen)
	[ "$rows" -le "$(tui_is pane_height)" ]
}

# press TOPIC KEY: types a key by the name it has in the help screen under the heading TOPIC. keys_all.sh reads these
# lines: a key of the help that no test presses fails there. A topic that has a key twice wants it pressed twice.
press() {
	case $2 in
	Esc) tui_keys Escape ;;
	Shift-Tab) tui_keys BTab ;;
	Shift-F3) tui_keys S-F3 ;;
	Ctrl-?) tui_keys "C-$(printf '%s' "${2#Ctrl-}" | tr 'A-Z' 'a-z')" ;;
	?) tui_type "$2" ;;
	*) tui_keys "$2" ;;
	esac
}

# The text of the row the cursor is on: in the default theme it is on cyan, or on yellow when it is followed; the line
# with the titles has green besides, and the last line is the F-key bar. Only escape sequences are looked at: "4.43ms" is text.
tui_cursor() {
	local row on=$'\e\\[([0-9;]*;)?4[36]m' titles=$'\e\\[([0-9;]*;)?42m'
	while IFS= read -r row; do
		if [[ $row == $'\e['* && $row =~ $on && ! $row =~ $titles ]]; then
			printf '%s\n' "$row" | sed 's/\x1b\[[0-9;]*m//g; s/ *$//'
			return
		fi
	done < <(tui_colours | sed '$d')
	return 1
}
tui_cursor_is() { [[ $(tui_cursor) =~ $1 ]]; }
# tui_cursor_wait REGEX WHAT
tui_cursor_wait() {
	wait_until 30 tui_cursor_is "$1" || {
		tui_screen | sed 's/^/    |/'
		fail "the cursor is not on \"$1\" but on \"$(tui_cursor)\": $2"
	}
}

# tui_above A B: the row that matches A stands above the one that matches B.
tui_above() {
	local row n=0 a=0 b=0
	while IFS= read -r row; do
		n=$((n + 1))
		[ $a = 0 ] && [[ $row =~ $1 ]] && a=$n
		[ $b = 0 ] && [[ $row =~ $2 ]] && b=$n
	done < <(tui_screen)
	[ $a != 0 ] && [ $b != 0 ] && [ $a -lt $b ]
}
tui_order() {
	wait_until 30 tui_above "$1" "$2" || {
		tui_screen | sed 's/^/    |/'
		fail "\"$1\" is not above \"$2\": $3"
	}
}

# tui_differs FILE: the screen is another than the one in FILE.
tui_differs() { ! cmp -s "$1" <(tui_screen); }

# tui_mouse BUTTON X Y [m]: a mouse event as the terminal sends it in the mode that is on; columns and lines from 1. 0 left,
# 64 and 65 the wheel; m: released.
tui_mouse() {
	if [ "$(tui_is mouse_sgr_flag)" = 1 ]; then
		tmux_ send-keys -t "$TUI_PANE" -l $'\e'"[<$1;$2;$3${4:-M}"
	else # one byte each, from 32; a release is button 3
		local button=$1
		[ -z "${4:-}" ] || button=3
		# shellcheck disable=SC2046 # three words
		tmux_ send-keys -t "$TUI_PANE" -H 1b 5b 4d $(printf '%02x ' $((button + 32)) $(($2 + 32)) $(($3 + 32)))
	fi
}
tui_click() { tui_mouse 0 "$1" "$2" && tui_mouse 0 "$1" "$2" m; }
# tui_at REGEX: place of its first match on the screen, in $TUI_X and $TUI_Y, from 1.
tui_at() {
	local row
	TUI_Y=0
	while IFS= read -r row; do
		TUI_Y=$((TUI_Y + 1))
		[[ $row =~ $1 ]] || continue
		row=${row%%"${BASH_REMATCH[0]}"*}
		TUI_X=$((${#row} + 1))
		return
	done < <(tui_screen)
	return 1
}
tui_click_on() {
	tui_at "$1" || { tui_screen | sed 's/^/    |/'; fail "nothing to click on: $1"; }
	tui_click "$TUI_X" "$TUI_Y"
}
