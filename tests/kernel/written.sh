#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Places that outputs cannot be in, files that go away while they are written, and who may read an export.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

# A database is no device: nothing is left beside it.
mknod "$TMP/null" c 1 3 2>/dev/null || cp -a /dev/null "$TMP/null"
"$EBT_BIN" --cache-dir "$EBT_CACHE" -q --sqlite "$TMP/null" -- true 2>"$TMP/err" && fail "a database in a device"
grep -q 'it is a device; name a file' "$TMP/err" || { show "$TMP/err"; fail "a device is not named"; }
[ ! -e "$TMP/null-journal" ] || fail "a journal is left beside the device"

# What is removed while it is written is not there: that is no success.
for output in "-w $TMP/gone" "--sqlite $TMP/gone"; do
	# shellcheck disable=SC2086 # an option and its value
	"$EBT_BIN" --cache-dir "$EBT_CACHE" -q $output -- sh -c 'until [ -s "$1" ]; do sleep 0.05; "$2"; done; rm "$1"; "$2"' - "$TMP/gone" "$EBT_TOOLS/nop" 2>"$TMP/err"
	[ $? = 1 ] || { show "$TMP/err"; fail "$output removed: that is taken for success"; }
	grep -q 'removed' "$TMP/err" || { show "$TMP/err"; fail "$output removed: not said"; }
	rm -f "$TMP"/gone*
done

# An export can be read by those who can read the recording.
"$EBT_BIN" --cache-dir "$EBT_CACHE" -q -w "$TMP/own.rec" -- true || fail "no recording"
for mode in 600 640 644; do
	chmod "$mode" "$TMP/own.rec"
	(umask 022 && "$EBT_BIN" export json -r "$TMP/own.rec" -o "$TMP/own.$mode") || fail "export"
	[ "$(stat -c %a "$TMP/own.$mode")" = "$mode" ] || fail "an export of a recording of mode $mode has mode $(stat -c %a "$TMP/own.$mode")"
done
