#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Copying: y a command line, Y the JSON, by the clipboard of the terminal; once more: a page to select from; what is too long
# for a clipboard, and a terminal without one.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel
need jq

tui_open 80 24
tmux_ set-option -s set-clipboard on
tui_start -m "$MARK"
# The newest paste buffer of tmux.
buffer() { tmux_ show-buffer 2>/dev/null; }
line="nop $MARK 'two words' 'it'\\''s' $(printf 'y%.0s' $(seq 200)) end"
tui_exec "$MARK" "two words" "it's" "$(printf 'y%.0s' $(seq 200))" end
tui_wait 5 "nop $MARK 'two" "the exec"
press Rows y
tui_wait 5 '[0-9]+ bytes sent to the clipboard; once more: a page' "what became of it"
copied() { [ "$(buffer)" = "$line" ]; }
wait_for 5 "the command line in the clipboard" copied
[ "$(eval "set -- $(buffer)" && printf '%s|' "$@")" = "nop|$MARK|two words|it's|$(printf 'y%.0s' $(seq 200))|end|" ] ||
	fail "a shell reads it otherwise"
press Rows Y
json() { [ "$(buffer | jq -r '[.type, .args[2], .args[-1]] | join("|")' 2>/dev/null)" = "exec|two words|end" ]; }
wait_for 5 "the JSON in the clipboard" json

# Details and Overview, where it is the group's latest.
tui_keys Enter
tui_wait 5 'Arguments \(6,'
tmux_ delete-buffer
tui_type y
wait_for 5 "from the details" copied
tui_keys Escape
tui_type 1
tui_wait 5 '^GROUP +RATE'
tmux_ delete-buffer
tui_type y
wait_for 5 "from the Overview" copied

# The page: nothing but the text, in lines that the terminal breaks itself, so that it is one line to tmux.
tui_type y
tui_wait 5 'Enter: back to execbig-top' "the page"
tmux_ capture-pane -J -p -t "$TUI_PANE" >"$TMP/page"
grep -qxF -- "$line" "$TMP/page" || { sed 's/^/    |/' "$TMP/page"; fail "the line is not whole on the page"; }
# What happens meanwhile is seen.
tui_exec "$MARK" meanwhile
tui_keys Enter
tui_wait 5 "nop $MARK meanwhile" "back on the screen"
tui_wait 5 'F1 ?Help' "with its keys"

# Too long for a clipboard.
tui_type 2
tui_exec "$MARK" "$(head -c 90000 /dev/zero | tr '\0' z)"
tui_wait 5 "nop $MARK zzz"
before=$(tmux_ list-buffers -F '#{buffer_name}')
tui_type y
tui_wait 5 'too long for a clipboard; once more: a page' "it says so"
[ "$(tmux_ list-buffers -F '#{buffer_name}')" = "$before" ] || fail "a part of it was sent"
tui_keys q
tui_wait 10 'ended=0'

# A terminal without a clipboard.
TUI_ENV="$TUI_ENV TERM=linux"
tui_start -m "$MARK"
tui_exec "$MARK" console
tui_wait 5 "nop $MARK console"
tui_type y
tui_wait 5 'TERM=linux has no clipboard; once more: a page' "it says so"
tui_type y
tui_wait 5 "^nop $MARK console" "the page"
tui_keys Enter
tui_wait 5 'F1 ?Help'
tui_keys q
tui_wait 10 'ended=0'
