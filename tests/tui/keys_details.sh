#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Details: every argument on a line of its own with its length, the environment, cwd and exe, ancestry; its keys.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

tui_open 120 24
tui_start -m "$MARK" --env
args=()
for n in $(seq -w 1 60); do args+=("arg-$n"); done
(cd / && EBT_SOMETHING=of-mine exec -a nop "$EBT_TOOLS/nop" "$MARK" "two words" '' "$(printf 'y%.0s' $(seq 300))END" "${args[@]}")
tui_wait 5 "nop $MARK 'two words' ''" "quoted so that one sees where an argument ends"
tui_keys Enter
tui_wait 5 'Process [0-9]+ nop' "the details"
tui_wait 5 "Arguments \(65, [0-9]+ bytes\)" "how many, and how large"
tui_wait 5 '^ +0 +3 +nop$' "argument 0 and its length"
tui_wait 5 "^ +1 +${#MARK} +$MARK$" "argument 1"
tui_wait 5 '^ +2 +9 +two words$' "argument 2, as it is"
tui_wait 5 '^ +3 +0 +\(empty\)$' "an empty argument is one"
tui_wait 5 '^y+END$' "a long one, whole, without blanks before its next line"
tui_wait 5 '1-[0-9]+ of [0-9]+' "which part it is"

# Moving.
tui_keys Down
tui_wait 5 ' 2-[0-9]+ of' Down
tui_keys Up
tui_wait 5 ' 1-[0-9]+ of' Up
tui_keys PgDn
tui_wait 5 'arg-(1[0-9]|20)$' "a page down"
tui_keys PgUp
tui_wait 5 ' 1-[0-9]+ of' "a page up"
tui_keys End
at_end() { tui_row '[0-9]+-[0-9]+ of [0-9]+' && [[ $TUI_ROW =~ -([0-9]+)\ of\ ([0-9]+) ]] && [ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[2]}" ]; }
wait_for 5 "the last line" at_end
tui_keys Home
tui_wait 5 ' 1-[0-9]+ of' Home
# Long lines: wrapped at first, else cut with a mark.
tui_type w
tui_wait 5 '^ +4 +303 +y+…$' "cut"
tui_has 'yEND' && fail "cut, and its end is there all the same"
tui_keys Right
tui_wait 5 '^ +2 +9 +s$' "eight columns to the right"
tui_type '^'
tui_wait 5 '^ +2 +9 +two words$' "and at the start"
tui_type w
tui_wait 5 'yyyEND$' "wrapped again"
# Search.
tui_type /
tui_type 'arg-5[05]'
tui_keys Enter
tui_wait 5 'arg-50$' "the first match"
tui_type n
tui_wait 5 'arg-55$' "the next"
tui_type N
tui_wait 5 'arg-50$' "back"
# What else there is.
see() {
	tui_keys Home
	tui_type /
	tui_type "$1"
	tui_keys Enter
	tui_wait 5 "$2" "$3"
}
see 'EBT_SOMETHING' '[0-9]+ +EBT_SOMETHING=of-mine' "the environment"
see 'tools|lib/nop' "$EBT_TOOLS/nop" "the file that ran"
tui_keys Home
tui_wait 5 '^ +Directory +/$' "the working directory"
tui_has 'State +exited with status 0 after' || fail "no word on how it ended"
tui_has "Process +[0-9]+, parent $$" || fail "no word on the parent"

# The parent: this shell; its details begin at the top. Then back to the list, by each key.
tui_type P
tui_wait 5 "Process $$ " "the parent"
tui_keys Escape
tui_wait 5 'Process [0-9]+ nop' "back the same way"
for key in q F10 Escape; do
	tui_keys "$key"
	tui_wait 5 'PID +PPID' "$key leaves the details"
	tui_keys Enter
	tui_wait 5 'Process [0-9]+ nop' "the details"
done
tui_keys Escape
tui_wait 5 'PID +PPID'
tui_keys q
tui_wait 10 'ended=0'
