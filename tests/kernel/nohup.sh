#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# nohup: who started us ignores SIGHUP, so it stays ignored; without that it ends us.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

hang_up() { kill -HUP "$EBT_PID" $(children_of "$EBT_PID"); }
for what in "-J" "-e -w $TMP/rec" "--csv --homeostasis"; do
	rm -f "$TMP/out"
	# shellcheck disable=SC2086 # several options
	spawn "$TMP/out" "$TMP/out.err" env --ignore-signal=HUP "$EBT_BIN" --cache-dir "$EBT_CACHE" $what
	EBT_PID=$SPAWN_PID
	wait_for 20 "$what shows an exec" ebt_probe "$TMP/out"
	hang_up
	traced() { "$EBT_TOOLS/nop" "$MARK-after"; sleep 0.05; has "$MARK-after" "$TMP/out"; }
	wait_for 10 "$what goes on after SIGHUP" traced
	ebt_stop
	[ "$STATUS" = 0 ] || { show "$TMP/out.err"; fail "$what: exit status $STATUS"; }
done
ebt_start "$TMP/out" -J
hang_up
end_of "$EBT_PID" 10
