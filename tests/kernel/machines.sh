#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Images are made for a named machine, whatever machine makes them: those for x86-64 are the same bytes as without a name, and
# those for arm64 differ from them in the constants that differ between these kernels, and in nothing else.
. "$(dirname "$0")/../lib/test.sh"

need_root
ship=$(dirname "$EBT_BIN")/ship_images
[ -x "$ship" ] || fail "not built: $ship"
here=$(uname -m)

# made NAME [MACHINE]: the images are in $TMP/NAME.
made() {
	mkdir -m 0700 "$TMP/$1"
	"$ship" "$TMP/$1" "${@:2}" >"$TMP/said" 2>&1 || { show "$TMP/said"; fail "ship_images $*: status $?"; }
	[ "$(find "$TMP/$1" -name 'image-*' | wc -l)" = 2 ] || fail "$1: not two images: $(ls "$TMP/$1")"
}
made unnamed
made x86_64 x86_64
made aarch64 aarch64
diff -r "$TMP/unnamed" "$TMP/$here" >"$TMP/diff" || { show "$TMP/diff"; fail "with its name the images of this machine are others"; }
# By size: the tracer's is the larger.
mapfile -t x86 < <(ls -S "$TMP"/x86_64/*)
mapfile -t arm < <(ls -S "$TMP"/aarch64/*)
grep -aq ' aarch64 headers own' "${arm[0]}" || fail "the key does not name the machine"
[ "$("$EBT_TOOLS/imagediff" "${x86[0]}" "${arm[0]}")" = key ] || fail "the tracer's images differ: $("$EBT_TOOLS/imagediff" "${x86[0]}" "${arm[0]}" 2>&1)"
# Homeostasis asks for the bit of 32-bit processes: TS_COMPAT on x86-64, TIF_32BIT on arm64.
"$EBT_TOOLS/imagediff" "${x86[1]}" "${arm[1]}" >"$TMP/diff" || fail "the images of homeostasis cannot be compared"
grep -qE '^ebt_raw_sys_enter [0-9]+ 00000002[0-9a-f]{8} 00400000[0-9a-f]{8}$' "$TMP/diff" && [ "$(wc -l <"$TMP/diff")" = 2 ] && grep -qx key "$TMP/diff" ||
	{ show "$TMP/diff"; fail "the images of homeostasis differ in something else than that bit"; }
mkdir -m 0700 "$TMP/other"
"$ship" "$TMP/other" mips 2>"$TMP/said" && fail "images for a machine that nobody knows"
grep -q 'machine mips; x86_64 and aarch64 are known' "$TMP/said" || { show "$TMP/said"; fail "no sentence for an unknown machine"; }
