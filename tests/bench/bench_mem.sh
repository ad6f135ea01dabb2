#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# bench_mem.sh - memory of loader and view, warm and idle: proportional set size, and what is mapped.
. "$(dirname "$0")/lib.sh"

need_root
# Once cold, so that the measured run is warm.
bench_start execbig-top
bench_stop
for mode in "-b -d 1" "-e" "view"; do
	if [ "$mode" = view ]; then
		command -v tmux >/dev/null || continue
		. "$(dirname "$0")/../tui/tui.sh"
		tui_open 120 40
		tui_start
	else
		EBT_MODE=$mode bench_start execbig-top
		EBT_PID=$BENCH_PID
		EBT_VIEW=$(ebt_view_of "$EBT_PID") || fail "no view"
	fi
	total=0
	for role in loader view; do
		pid=$EBT_PID
		[ "$role" = view ] && pid=$EBT_VIEW
		pss=$(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup")
		rss=$(awk '/^Rss:/ { print $2 }' "/proc/$pid/smaps_rollup")
		total=$((total + pss))
		printf '%-10s %-7s %8d KiB PSS %8d KiB RSS  libLLVM %s\n' "$mode" "$role" "$pss" "$rss" \
			"$(grep -qE 'libLLVM|libclang|libbcc' "/proc/$pid/maps" && echo MAPPED || echo "not mapped")"
	done
	printf '%-10s %-7s %8d KiB PSS (at most 12288 wanted)\n' "$mode" both "$total"
	if [ "$mode" = view ]; then tui_keys q; else bench_stop; fi
done
