#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# --headers kernel, with the headers package of this kernel: the text compiles with them, and says the same.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
[ -e "/lib/modules/$(uname -r)/build" ] || skip "no headers of $(uname -r)"
run() {
	limit 60 "$EBT_BIN" --cache-dir "$TMP/own-cache" "$@" -J -- "$EBT_TOOLS/nop" "$MARK" "two words" >"$TMP/out" 2>"$TMP/err" ||
		{ show "$TMP/err"; fail "$*: exit status $?"; }
	seen "$TMP/out" ".type == \"exec\" and .args[1] == \"$MARK\"" |
		jq -c 'del(.ts, .mono_ns, .cpu, .seq, .pid, .tid, .ppid, .vpid, .start_ns, .parent_start_ns)'
}

# Both compile: the cache is new.
own=$(run)
first=$(ls "$TMP/own-cache")
kernel=$(run --headers kernel)
[ -n "$own" ] || fail "no event"
[ "$own" = "$kernel" ] || fail "own headers: $own, the kernel's: $kernel"
[ "$(ls "$TMP/own-cache")" != "$first" ] || fail "the image of our own headers was used"
# By their directory too, where it is one.
source=$(readlink -f "/lib/modules/$(uname -r)/source")
if [ "$source" = "$(readlink -f "/lib/modules/$(uname -r)/build")" ]; then
	[ "$(run --headers "$source")" = "$own" ] || fail "--headers $source: another event"
fi
"$EBT_BIN" --headers "$TMP" -J -- true 2>"$TMP/err" && fail "a directory without headers is taken"
has "holds no kernel headers" "$TMP/err" || { show "$TMP/err"; fail "a directory without headers: not said"; }
say "with $source"
