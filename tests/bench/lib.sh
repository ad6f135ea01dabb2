# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
#
# lib.sh - tracers to compare, started and stopped in turn, and medians of what was measured.
#
# Ratios from one run: every round measures every contender, so that what the machine does meanwhile hits all of them.

# The other tracers need tracefs. Where it is not mounted it is, for this run alone.
if [ "$(id -u)" = 0 ] && [ ! -e /sys/kernel/tracing/events/syscalls ] && [ -z "${EBT_BENCH_MOUNTED:-}" ]; then
	EBT_BENCH_MOUNTED=1 exec unshare --mount sh -c 'mount -t tracefs none /sys/kernel/tracing &&
		mount -t debugfs none /sys/kernel/debug; exec bash "$@"' - "$0" "$@"
fi
. "$(dirname "${BASH_SOURCE[0]}")/../lib/test.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../lib/ebt.sh"

NOP=$EBT_TOOLS/nop
EXECSNOOP=$(command -v execsnoop || true) # libbpf-tools
EXECSNOOP_BT=$(command -v execsnoop.bt || true)
if [ -z "$EXECSNOOP_BT" ] && [ -f /usr/share/bpftrace/tools/execsnoop.bt ]; then
	EXECSNOOP_BT=/usr/share/bpftrace/tools/execsnoop.bt
fi

bench_probe() {
	alive "$BENCH_PID" || { show "$OUT.err"; fail "the tracer ended early"; }
	"$NOP" probe-probe
	sleep 0.01
	grep -qE 'probe-probe|nop' "$OUT"
}

bench_stop() {
	[ "$BENCH_PID" != 0 ] || return 0
	kill -INT "$BENCH_PID"
	wait_until 10 gone "$BENCH_PID" || kill -KILL "$BENCH_PID"
	wait "$BENCH_PID" 2>/dev/null
	forget "$BENCH_PID"
	BENCH_PID=0
}

# forget PID: it has ended. Thousands of processes later its number is that of another one, which the end of the script must
# not be sent to.
forget() {
	local pid left=()
	for pid in "${SPAWNED[@]}"; do
		[ "$pid" = "$1" ] || left+=("$pid")
	done
	SPAWNED=("${left[@]}")
}

# record NAME VALUE; medians are taken per NAME in the order of the first record.
record() { printf '%s %s\n' "$1" "$2" >>"$TMP/records"; }

# table UNIT BASE: NAME, median, lowest, the rounds, and the median of the round-by-round ratios to BASE.
table() {
	awk -v unit="$1" -v base="$2" '
		function median(list, n,    i, j, t) {
			for (i = 2; i <= n; i++)
				for (j = i; j > 1 && list[j - 1] > list[j]; j--) {
					t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
				}
			return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
		}
		!($1 in n) { order[++names] = $1 }
		{ v[$1, ++n[$1]] = $2 }
		END {
			printf "%-22s %12s %12s %7s %8s\n", "", "median " unit, "lowest " unit, "rounds", "ratio"
			for (k = 1; k <= names; k++) {
				name = order[k]
				for (i = 1; i <= n[name]; i++) {
					a[i] = v[name, i]
					r[i] = v[base, i] > 0 ? v[name, i] / v[base, i] : 0
				}
				m = median(a, n[name]); low = a[1]
				printf "%-22s %12.1f %12.1f %7d %8.3f\n", name, m, low, n[name], median(r, n[name])
			}
		}' "$TMP/records"
}
