#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What the tracer itself costs: in the frames of -b.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

"$EBT_BIN" --cache-dir "$EBT_CACHE" -b -n 2 -d 1 -m "$MARK" >"$TMP/frames" 2>"$TMP/err" || { show "$TMP/err"; fail "-b ended with $?"; }
grep -Eq '^the tracer costs [0-9.]+% of one CPU \(BPF programs [0-9.]+%\), [0-9.]+[KMG] \(BPF maps [0-9.]+[KMG]\)$' "$TMP/frames" ||
	{ show "$TMP/frames"; fail "a frame does not say what it costs"; }

# COMMAND, which burns a CPU for three seconds, is not part of it.
"$EBT_BIN" --cache-dir "$EBT_CACHE" -b -d 1 -- timeout 3 bash -c 'while :; do :; done' >"$TMP/frames" 2>"$TMP/err"
[ $? = 124 ] || { show "$TMP/err"; fail "the status of COMMAND is not that of timeout"; }
costs=$(sed -nE 's/^the tracer costs ([0-9]+)([.][0-9]+)?% of one CPU .*/\1/p' "$TMP/frames")
[ "$(wc -l <<<"$costs")" -ge 2 ] || { show "$TMP/frames"; fail "too few frames say what it costs"; }
for cost in $costs; do
	[ "$cost" -lt 50 ] || { show "$TMP/frames"; fail "COMMAND is counted: $cost %"; }
done
