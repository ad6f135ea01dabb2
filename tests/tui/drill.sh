#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The first screen: what starts, who starts it, what it costs while it runs. From there to a group's execs, to details, to
# what belongs to them, and back the same way.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

for name in dr-one dr-two; do cp "$EBT_TOOLS/nop" "$TMP/$name"; done
cp "$(command -v bash)" "$TMP/dr-shell"
TUI_SCREEN=""
tui_open 200 30
tui_start -m "$MARK"
tui_wait 5 'Enter opens the selected row' "what to press first"
for n in 1 2 3 4 5 6; do "$TMP/dr-one" "$MARK" "one-$n"; done
# A parent of its own that burns CPU time while it runs.
"$TMP/dr-shell" -c "'$TMP/dr-two' '$MARK' two; while :; do :; done" "$MARK" &
busy=$!
SPAWNED+=("$busy")
tui_wait 5 '^GROUP +RATE' "the Overview is the first screen"
tui_wait 5 "^dr-one +[0-9.]+/(s|min) +6 +0 +0 " "six runs of it, none runs"
tui_wait 5 "^dr-two .* dr-shell $busy( |$)" "who started it"
tui_wait 10 '^dr-shell +[0-9.]+/(s|min) +1 +0 +1 +[1-9][0-9.]*s' "the CPU time of one that runs"
tui_wait 5 "dr-two $MARK two" "the latest execs"
tui_wait_not 20 'Enter opens the selected row' "the hint goes by itself"

tui_type /
tui_type '^dr-one$'
tui_keys Enter
tui_cursor_wait '^dr-one' "found"
tui_keys Enter
tui_wait 5 '^ Overview > +dr-one ' "the way to the execs"
tui_wait 5 "$MARK one-6" "they are there"
tui_has "$MARK two" && fail "the exec of another group is among them"
"$TMP/dr-one" "$MARK" one-7
tui_wait 5 "$MARK one-7" "a new one comes in"
tui_keys Enter
tui_wait 5 "^ Overview > dr-one > +dr-one [0-9]+ " "the way to the details"
tui_wait 5 'Arguments \(3,' "the details"

# From the details to what belongs to them. The parent of them all is this shell.
press Rows f
tui_wait 5 'one-1$' "the first run"
tui_keys Escape
tui_wait 5 'one-7$' "back at the last"
press Rows l
tui_wait 5 '(> dr-one [0-9]+ > +dr-one [0-9]+ |this is the slowest run)' "the slowest run"
tui_has 'this is the slowest run' || tui_keys Escape
tui_wait 5 'one-7$' "back at the last"
press Rows s
tui_wait 5 "> +children of $$ " "what the parent started"
tui_wait 5 "$MARK one-1" "an exec of it"
tui_keys Escape
tui_wait 5 'one-7$' "back at the details"
press Rows g
tui_wait 5 '> dr-one [0-9]+ > +dr-one ' "all of this name"
tui_keys Escape
tui_wait 5 'one-7$' "back at the details"
press Rows u
tui_wait 5 '> +user root ' "all of this user"
tui_wait 5 "$MARK two" "another program of it"
tui_keys Escape
tui_wait 5 'one-7$' "back at the details"
tui_keys Escape
tui_wait 5 '^ Overview > +dr-one +[^>]*$' "back at the execs"
tui_keys Escape
tui_wait 5 '^GROUP +RATE' "back at the Overview"

# Children: of the shell that goes on.
tui_type /
tui_type '^dr-shell$'
tui_keys Enter
tui_cursor_wait '^dr-shell' "found"
press Rows u
tui_wait 5 'this is a group of execs' "a group has no user of its own"
tui_keys Enter
tui_wait 5 '^ Overview > +dr-shell ' "its execs"
tui_keys Enter
tui_wait 5 "> +dr-shell $busy " "its details"
press Rows k
tui_wait 5 "'kill $busy' ends dr-shell" "how to end a process that runs"
press Rows c
tui_wait 5 "> +children of $busy dr-shell " "its children"
tui_wait 5 "$MARK two" "the one that it started"
# Another screen ends the way.
tui_keys 2
tui_wait 5 '^ Overview +Events ' "the tabs again"
tui_wait 5 "$MARK one-7" "all execs again"
tui_keys q
tui_wait 10 'ended=0'
