#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What --homeostasis adds to system calls: callbench without it, then with the daemon and a profile that is normal.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../lib/homeo.sh"

need_kernel
bench=$EBT_TOOLS/callbench
"$bench" >"$TMP/off"
daemon_start
"$bench" >/dev/null
ask normalize "$bench" >/dev/null || fail normalize
"$bench" >"$TMP/on"
ask profiles count | jq -r --arg exe "$bench" 'select(.exe == $exe) | "profile: \(.bytes) bytes, \(.pairs) pairs, \(.anomalies) anomalies"'
daemon_stop
"$bench" >"$TMP/off.again"
paste "$TMP/off" "$TMP/off.again" "$TMP/on" | awk '
	BEGIN { printf "%-12s %10s %10s %10s\n", "OPERATION", "OFF ns", "ON ns", "ADDED ns" }
	{ off = $2 < $4 ? $2 : $4; printf "%-12s %10.0f %10.0f %10.0f\n", $1, off, $6, $6 - off }'
