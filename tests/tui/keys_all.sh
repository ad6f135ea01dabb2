#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Every key of the help screen is pressed by a test: the help of the running program against the lines "press TOPIC KEY"
# of the tests here. A key twice under a topic (it means two things on two screens) is wanted twice.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/tui.sh"

need_tui
"$EBT_TOOLS/recgen" "$TMP/one.rec" 1000 || fail "recgen"
chmod 0644 "$TMP/one.rec"
# All of the help at once: one column, higher than it is long.
tui_open 100 200
tui_line "clear; '$EBT_BIN' -r '$TMP/one.rec'; echo \"ended=\$?\""
tui_wait 20 'F1 ?Help' "the F-key bar"
tui_keys F1
tui_wait 5 'Keys and marks' "the help"
tui_has 'scroll with' && fail "the help is longer than this screen"
# A heading stands alone, one column in; that of keys is one word, that of other things on the screen is several. A key's line: its
# names, two blanks, what it does.
tui_screen | sed -n '/Keys and marks/,/^ Header/p' | sed '1d; $d' | awk '
	/^ [A-Z]/ { topic = NF == 1 ? $1 : ""; next }
	topic && /^ +[^ ].*  [^ ]/ {
		line = $0
		sub(/^ +/, "", line)
		sub(/  .*/, "", line)
		n = split(line, keys, " ")
		for (i = 1; i <= n; i++) print topic, keys[i]
	}' | sort >"$TMP/help"
[ "$(wc -l <"$TMP/help")" -gt 80 ] || { show "$TMP/help"; fail "the help was not understood"; }
# Only of tests that run.
listed=$(sed -n 's/^foreach(test \(.*\))$/\1/p' "$(dirname "$0")/CMakeLists.txt")
for test in $listed; do
	sed -nE "s/^[^#]*\bpress ([A-Z][a-z]+) ('[^']+'|[^ ;]+).*/\1 \2/p" "$(dirname "$0")/$test.sh"
done | tr -d "'" | sort >"$TMP/pressed"
[ -s "$TMP/pressed" ] || fail "no test presses anything"
comm -23 "$TMP/help" "$TMP/pressed" >"$TMP/missing"
[ ! -s "$TMP/missing" ] || { show "$TMP/missing"; fail "keys of the help that no test presses"; }
comm -13 <(uniq "$TMP/help") <(uniq "$TMP/pressed") >"$TMP/unknown"
[ ! -s "$TMP/unknown" ] || { show "$TMP/unknown"; fail "keys that are pressed and that the help does not have"; }
say "$(wc -l <"$TMP/help") keys of the help, each pressed by a test"
tui_keys q q
tui_wait 10 'ended=0'
