#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A command line that is printed gives back the same arguments when it is pasted into bash, zsh or dash, in any locale.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need bash zsh dash localedef
argvs=$EBT_SOURCE/tests/data/argvs/hostile.hex
[ "$(wc -l <"$argvs")" -ge 500 ] || fail "the corpus is too small"
"$EBT_TOOLS/argvs" "$argvs" >"$TMP/utf8.want"
"$EBT_BIN" --cache-dir "$EBT_CACHE" -e -w "$TMP/a.rec" -- "$EBT_TOOLS/argvs" "$argvs" "$EBT_TOOLS/nop" >"$TMP/out" 2>"$TMP/err" || {
	show "$TMP/err"
	fail "status $?"
}
# The first exec is that of argvs itself.
"$EBT_BIN" -r "$TMP/a.rec" -e -o command | sed 1,2d >"$TMP/utf8"
LC_ALL=C "$EBT_BIN" -r "$TMP/a.rec" -e -o command | sed 1,2d >"$TMP/ascii"
"$EBT_BIN" -r "$TMP/a.rec" -J --format ecs | jq -r 'select(.event.action == "exec").process.command_line' | sed 1d >"$TMP/json"
"$EBT_BIN" -r "$TMP/a.rec" --csv -o args | tr -d '\r' | sed -e 's/^"\(.*\)"$/\1/' -e 's/""/"/g' | sed 1,2d | grep . >"$TMP/csv"
cmp "$TMP/utf8" "$TMP/json" || fail "-e and the command line of ECS differ"
# The cells are the same but for those that a spreadsheet could take for a formula, which have further quotes.
paste -d '\n' "$TMP/utf8" "$TMP/csv" | LC_ALL=C awk 'NR % 2 { text = $0; next } text !~ /^[-=+@]/ && text != $0 { exit 1 }' || fail "-e and the cell of --csv differ"
# only_new TEXT: keep the lines that differ from those of the UTF-8 text, and what they have to give back.
only_new() {
	paste -d '\n' "$TMP/utf8" "$TMP/$1" | LC_ALL=C awk 'NR % 2 { text = $0; next } text != $0 { print NR / 2 }' >"$TMP/numbers"
	[ -s "$TMP/numbers" ] || fail "no line of the $1 text differs from the UTF-8 text"
	awk 'NR == FNR { keep[$1] = 1; next } FNR in keep' "$TMP/numbers" "$TMP/$1" >"$TMP/$1-new"
	awk 'NR == FNR { keep[$1] = 1; next } FNR in keep' "$TMP/numbers" "$argvs" >"$TMP/$1-new.hex"
	"$EBT_TOOLS/argvs" "$TMP/$1-new.hex" >"$TMP/$1-new.want"
}
# gives_back TEXT SHELL LOCALE: the shell reads the lines and hands out the arguments that were traced.
gives_back() {
	sed "s/.*/set -- &\nprintf '%s\\\\0' \"\$@\"; printf '\\\\n\\\\0'/" "$TMP/$1" >"$TMP/script"
	LC_ALL=$3 "$2" "$TMP/script" >"$TMP/got" 2>"$TMP/said"
	[ -s "$TMP/said" ] && { show "$TMP/said"; fail "$2, $3: does not take the $1 text"; }
	cmp "$TMP/got" "$TMP/$1.want" || fail "$2, $3: the $1 text gives other arguments"
}
for text in utf8 ascii csv; do
	[ "$(wc -l <"$TMP/$text")" = "$(wc -l <"$argvs")" ] || fail "$text: not one line a command"
	LC_ALL=C grep -q $'[\x01-\x09\x0b-\x1f\x7f]' "$TMP/$text" && fail "$text: a control byte is printed"
done
LC_ALL=C grep -q '[^ -~]' "$TMP/ascii" && fail "not only ASCII in the locale C"
only_new ascii
only_new csv
for shell in bash zsh dash; do
	gives_back utf8 "$shell" C.UTF-8
	gives_back utf8 "$shell" C
	gives_back ascii-new "$shell" C
done
gives_back csv-new bash C.UTF-8
# Where characters are of several bytes, the last of them may be one that means something to a shell, such as 5c, the backslash. dash
# reads bytes in any locale.
export LOCPATH=$TMP/locales
mkdir "$LOCPATH"
charsets=(zh_CN.GBK zh_TW.BIG5 ja_JP.SHIFT_JIS)
for locale in "${charsets[@]}"; do
	localedef --no-warnings=ascii -i "${locale%.*}" -f "${locale#*.}" "$LOCPATH/$locale" 2>"$TMP/err" || { show "$TMP/err"; fail "localedef cannot make $locale; the package locales has what it needs"; }
	[ "$(LC_ALL=$locale locale charmap)" = "${locale#*.}" ] || fail "$locale is not in effect"
	LC_ALL=$locale "$EBT_BIN" -r "$TMP/a.rec" -e -o command | sed 1,2d | cmp - "$TMP/ascii" || fail "$locale: the text is not that of the locale C"
	for shell in bash zsh; do
		gives_back utf8 "$shell" "$locale"
	done
done
say "$(wc -l <"$argvs") command lines, bash, zsh and dash, $((2 + ${#charsets[@]})) locales: no difference"
