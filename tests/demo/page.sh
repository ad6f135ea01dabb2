#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# page.sh NAME [--write]: runs the commands on the page docs/lessons/NAME.md and compares what they print with what the
# page shows, up to numbers; exit status 0 is part of it. --write puts what is printed into the page instead (and lines "[…]" are lost).
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/lib.sh"

# Words and bytes of the kernel differ from version to version; the pages show this one.
RECORDED=6.18
# What a kernel may lack: the lesson then says which.
MAY_LACK=" 20-lsm 21-headers "

name=$1 write=${2:-}
page=$EBT_SOURCE/docs/lessons/$name.md
need_root
[ -x "$EBT_BIN" ] || fail "not built: $EBT_BIN"
[ -f "$page" ] || fail "no page $page"

n=$(blocks "$page" "$TMP")
[ "$n" -gt 0 ] || fail "the page shows no output"
lesson=${name#[0-9][0-9]-}
grep -qx "execbig-top demo $lesson" "$TMP"/*.cmd || fail "the page does not show 'execbig-top demo $lesson'"
if "$EBT_BIN" demo | grep -qE "^ *[0-9]+ +$lesson .*\(--bad\)$"; then
	grep -qx "execbig-top demo $lesson --bad" "$TMP"/*.cmd || fail "the page does not show the wrong variant"
fi
[ -f "$EBT_SOURCE/docs/lessons/solutions/$name.md" ] || fail "there is no solution"

compare=1
if [[ $(uname -r) != "$RECORDED".* ]]; then
	compare=0
	MAY_LACK+="17-btf " # the other kernel it compares with may be this one
fi
for ((i = 1; i <= n; i++)); do
	read -ra words <"$TMP/$i.cmd"
	[ "${words[0]} ${words[1]:-}" = "execbig-top demo" ] || fail "not a lesson: ${words[*]}"
	timeout 120 "$EBT_BIN" "${words[@]:1}" >"$TMP/$i.got" 2>"$TMP/$i.err" </dev/null
	status=$?
	if [ "$status" = 69 ] && [[ $MAY_LACK == *" $name "* ]]; then
		grep -q '^   this kernel lacks: .' "$TMP/$i.got" || { show "$TMP/$i.got"; fail "exit status 69, and nothing is named"; }
		say "note: $(sed -n 's/^ *\(this kernel lacks: .*\)/\1/p' "$TMP/$i.got" | cut -c 1-160)"
		continue
	fi
	[ "$status" = 0 ] || { show "$TMP/$i.err"; tail -n 20 "$TMP/$i.got"; fail "${words[*]}: exit status $status"; }
	[ ! -s "$TMP/$i.err" ] || { show "$TMP/$i.err"; fail "${words[*]}: words on stderr"; }
	if [ -n "$write" ]; then
		cp "$TMP/$i.got" "$TMP/$i.want"
	elif [ "$compare" = 1 ]; then
		same "$TMP/$i.want" "$TMP/$i.got" || fail "${words[*]}: the page shows something else"
	fi
done
if [ -n "$write" ]; then
	awk -v dir="$TMP" '
		/^```console$/ { print; n++; inside = 1; file = dir "/" n; getline; print
			while ((getline line <(file ".want")) > 0) print line
			next }
		/^```$/ { inside = 0 }
		!inside { print }' "$page" >"$TMP/page" && cp "$TMP/page" "$page"
fi
exit 0
