#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Thousands of execs a second: keys are answered at once, the memory stays within its bound, and every exec is accounted
# for on the screen. The benchmark (tests/bench) does the same for a minute and with figures.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

history_kb=4096
tui_open 120 40
# Several times what fits into the history, so that it has to forget.
tui_start --history "${history_kb}K" --ring 32M
rss_kb() { awk '/^VmRSS/ { print $2 }' "/proc/$EBT_VIEW/status"; }
before=$(rss_kb)
long=$(printf 'x%.0s' $(seq 300))
cp "$EBT_TOOLS/nop" "$TMP/loaded"
"$EBT_TOOLS/burst" "$TMP/loaded" "$MARK-$long" 12000 2 >/dev/null &
load=$!
SPAWNED+=("$load")
tui_wait 20 " $TMP/loaded " "the first of them"

# Each key changes the screen; how long until tmux shows it, the time of tmux included.
times=()
most_kb=0
for n in $(seq 40); do
	case $((n % 4)) in
	0) key=2 want='PID +PPID' ;;
	1) key=3 want='RATE/s.*COUNT' ;;
	2) key=5 want='^Accounting' ;;
	3) key=F1 want='Keys and marks' ;;
	esac
	start=$(now_us)
	tui_keys "$key"
	tui_wait 5 "$want" "the answer to $key"
	times+=($((($(now_us) - start) / 1000)))
	[ "$key" = F1 ] && tui_keys Escape
	now=$(rss_kb)
	[ "$now" -le "$most_kb" ] || most_kb=$now
done
alive "$load" || say "note: the load ended before the keys did"
mapfile -t sorted < <(printf '%s\n' "${times[@]}" | sort -n)
say "40 keys under load: half of them answered after ${sorted[19]} ms, the slowest after ${sorted[39]} ms (100 is wanted on a machine of its own)"
[ "${sorted[19]}" -lt 500 ] || fail "a key is answered after ${sorted[19]} ms"
wait_for 60 "the load ends" gone "$load"

# All of them counted, on the screen: 12,000 by the groups, which never forget and know of what was lost from the kernel.
tui_keys 3
tui_keys M
tui_wait 20 '^ *[0-9.]+ +[0-9.]+ +(12K|12000) .*/loaded$' "every exec in its group"
tui_keys 5
tui_wait 5 'holds on every CPU' "the accounting"
tui_keys 2
now=$(rss_kb)
[ "$now" -le "$most_kb" ] || most_kb=$now
say "the view: $before KiB at the start, at most $most_kb KiB"
# History and what the groups, the processes and the window of the ring may take besides.
[ "$most_kb" -lt $((before + 3 * history_kb + 8192)) ] || fail "the view takes $most_kb KiB, with a history of $history_kb KiB"
tui_keys q
tui_wait 10 'ended=0'
