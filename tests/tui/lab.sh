#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The Lab shows source, bytecode and native code side by side, moving together; tracing goes on meanwhile.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

tui_open 200 50
tui_start -s lab
tui_wait 20 'Program ebt_.* 1 of [0-9]+' "the first program's name"
tui_wait 5 'Bytecode, [1-9][0-9]* instructions' "the bytecode's title"
tui_wait 5 '[0-9]+ of 512 bytes' "the use of the stack"
tui_wait 5 'Verified [0-9]' "what the verifier walked"
tui_wait 5 'an exec takes [0-9]+ \+' "what the event would have needed"
tui_has 'r[0-9] = map ebt_counters' || fail "a map's load is not named"
tui_has '\*\(u32 \*\)\(r10 ' || fail "no bytecode"
if [ "$(cat /proc/sys/net/core/bpf_jit_enable)" != 0 ]; then
	tui_has 'Native code, [a-z0-9-]+, [1-9][0-9]* bytes' || fail "no native code's title"
	tui_has '(push|stp) ' || fail "no native instruction"
fi

# Every program has its own source; the line that opens it is on the screen, beside its instructions.
for n in 2 3 4; do
	case $n in
	2) press Lab Enter ;;
	3) press Lab g ;;
	4) press Lab F7 ;;
	esac
	tui_wait 5 "Program ebt_.* $n of " "program $n"
	tui_row 'Program ebt_' && name=${TUI_ROW#*Program } && name=${name%% *}
	tui_wait 5 "^ *[0-9]+ int $name\(" "the source of $name"
done

press Lab G
tui_wait 5 'Program ebt_.* 3 of ' "back by G"
press Lab F6
tui_wait 5 'Program ebt_.* 2 of ' "back by F6"

# By one line down, the cursor is on another line with code, and the bytecode moves along.
before=$(tui_screen | sed -n '8,$p')
moved() { [ "$(tui_screen | sed -n '8,$p')" != "$before" ]; }
tui_keys Down Down Down Down Down Down Down Down
wait_for 5 "the panes move" moved
# By instructions: the next one down has its mark in the middle, whatever source line it is of.
press Lab Space
tui_wait 5 'by instruction' "what moves now"
before=$(tui_colours | sed -n '8,$p')
coloured() { [ "$(tui_colours | sed -n '8,$p')" != "$before" ]; }
tui_keys Down
wait_for 5 "the next instruction" coloured
tui_type ' '
tui_wait 5 'by source line|by line' "and back"

# Search in the source, to the next and back.
tui_type /
tui_type 'return'
tui_keys Enter
tui_wait 5 'return'
before=$(tui_colours | sed -n '8,$p')
tui_type n
wait_for 5 "the next match" coloured

# After a retune it is fetched anew; and nothing of it is left in the view: no LLVM there, nor in the loader.
grep -q LLVM "/proc/$EBT_VIEW/maps" && fail "the view has LLVM in it"
grep -q LLVM "/proc/$EBT_PID/maps" && fail "the loader has LLVM in it"
tui_keys q
exit 0
