#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The examples of README.md and of the man page work as they stand there: each ends by itself with status 0 and prints something.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
readme=$EBT_SOURCE/README.md

# The program by its name, and sudo as it is for root.
mkdir "$TMP/bin"
ln -s "$EBT_BIN" "$TMP/bin/execbig-top"
printf '#!/bin/sh\nexec "$@"\n' >"$TMP/bin/sudo"
chmod +x "$TMP/bin/sudo"
export PATH=$TMP/bin:$PATH

# The blocks of code between the two marks, one a file.
sed -n '/^<!-- examples begin -->$/,/^<!-- examples end -->$/p' "$readme" |
	awk -v dir="$TMP" '/^```$/ { in_block = !in_block; n += in_block; next } in_block { print > (dir "/example." n) }'
count=$(find "$TMP" -name 'example.*' | wc -l)
[ "$count" = 5 ] || fail "README.md has $count examples, not five: has their form changed?"

# What the examples look for happens meanwhile: a command that fails.
sh -c 'while :; do sh -c "exit 3"; sleep 0.3; done' &
failing=$!
end_failing() { kill "$failing" 2>/dev/null; wait "$failing" 2>/dev/null; }
CLEANUP_HOOKS+=(end_failing)

for n in $(seq "$count"); do
	timeout 60 bash -e -o pipefail "$TMP/example.$n" >"$TMP/out.$n" 2>"$TMP/err.$n" </dev/null ||
		{ show "$TMP/example.$n"; show "$TMP/err.$n"; fail "example $n: status $?"; }
	[ -s "$TMP/out.$n" ] || { show "$TMP/example.$n"; fail "example $n prints nothing"; }
done
grep -qE '^GROUP|COUNT' "$TMP/out.1" || { show "$TMP/out.1"; fail "example 1 has no groups"; }
[ "$(grep -c 'sh -c' "$TMP/out.2")" -ge 1 ] || { show "$TMP/out.2"; fail "example 2 has no command that failed"; }
jq -e -s 'length >= 3 and all(.[]; (.[0] | type) == "number" and (.[2] | length) >= 1) and any(.[]; .[2] == ["id"])' "$TMP/out.3" >/dev/null ||
	{ show "$TMP/out.3"; fail "example 3 is something else"; }
grep -q ' head -n 2' "$TMP/out.4" || { show "$TMP/out.4"; fail "example 4 does not show what was recorded"; }
grep -q '512' "$TMP/out.5" || { show "$TMP/out.5"; fail "example 5 does not name the 512 bytes"; }
rm -f /tmp/ls.rec

# The lines of the man page's EXAMPLES are known options: each is taken when it is told to end at once.
man_examples() { sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/p' "$EBT_SOURCE/docs/execbig-top.8" | sed -n 's/^\.Dl //p' | sed "s/\\\\(aq/'/g"; }
[ "$(man_examples | wc -l)" -ge 4 ] || fail "the man page has no examples"
while IFS= read -r example; do
	case $example in
	*' -- '*) command=${example/make -j8/true} ;;
	*' -e '*) command="$example -n 1 -- sh -c ': curl'" ;;
	*) command="${example/execbig-top/execbig-top -b -n 1 -d 0.2}" ;;
	esac
	(cd "$TMP" && timeout 60 bash -c "$command") >"$TMP/out" 2>"$TMP/err" </dev/null || { show "$TMP/err"; fail "man page: $example"; }
done < <(man_examples)
