#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The image that another machine's kernel compiled is used here as it is: no compiler can run, and the events are whole.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_root
need jq
[ -n "$(ls "${EBT_IMAGE:-/nonexistent}" 2>/dev/null)" ] || skip "there is no image from elsewhere"

# The program with a compiler that only says that it was called.
mkdir "$TMP/bin"
cp "$EBT_BIN" "$TMP/bin/execbig-top"
cp -r "$(dirname "$EBT_BIN")/kinclude" "$TMP/bin/"
printf '#!/bin/sh\necho called >>%s\nexit 1\n' "$TMP/called" >"$TMP/bin/execbig-compile"
chmod 0755 "$TMP/bin/execbig-compile"
"$TMP/bin/execbig-top" --no-cache -J -- "$EBT_TOOLS/nop" >"$TMP/out" 2>"$TMP/err" && fail "it works without a compiler and without an image"
[ -s "$TMP/called" ] || { show "$TMP/err"; fail "the compiler is not what was called"; }
rm "$TMP/called"

ls -li --time-style=full-iso "$EBT_CACHE" >"$TMP/before"
for test in marked fields; do
	EBT_BIN=$TMP/bin/execbig-top EBT_CACHE_SEED=$EBT_IMAGE bash "$EBT_SOURCE/tests/kernel/$test.sh" || fail "$test fails with that image"
done
[ ! -e "$TMP/called" ] || fail "the compiler was called $(wc -l <"$TMP/called") times"
say "marked and fields with the image $(cd "$EBT_IMAGE" && sha256sum ./* | cut -c 1-12 | tr '\n' ' ')"
