#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# bench_tuning.sh [--seconds N] [--print] - what scratch, ring and transport cost: ns an event, records an event, losses at full
# exec rate, memory of the buffers. Writes the table of docs/tuning.md; --print: to the terminal instead. Rounds over all points
# until N seconds (180) are over; some 30 s before them for compiling. The machine should do nothing else.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

seconds=180 print=''
while [ $# -gt 0 ]; do
	case $1 in
	--seconds) seconds=${2:-} && shift ;;
	--print) print=1 ;;
	*) fail "unknown option: $1 (--seconds N, --print)" ;;
	esac
	shift
done
[[ $seconds =~ ^[1-9][0-9]*$ ]] || fail "--seconds takes a whole number of seconds, not '$seconds'"
need_kernel
doc=$EBT_SOURCE/docs/tuning.md
[ -n "$print" ] || grep -q '^<!-- costs: begin' "$doc" || fail "$doc has no place for the table"
EXECS=3000 ARG_BYTES=3000
arg=$(head -c "$ARG_BYTES" /dev/zero | tr '\0' x)
base="8K 8M ring" # what the others are compared to: the default
points=()
for scratch in 512 1K 2K 4K 8K 16K 32K; do points+=("$scratch 8M ring"); done
for ring in 64K 256K 1M 4M 16M 64M; do points+=("8K $ring ring"); done
for ring in 64K 256K 1M 8M 64M; do points+=("8K $ring perf"); done

# run SCRATCH RING TRANSPORT EXECS: the accounts of one run, in $TMP/note.
run() {
	timeout 60 "$EBT_BIN" --cache-dir "$EBT_CACHE" --scratch "$1" --ring "$2" --transport "$3" -J -- \
		"$EBT_TOOLS/burst" "$EBT_TOOLS/nop" "$MARK-$arg" "$4" 4 2>"$TMP/run.err" |
		grep '^{"v":1,"type":"note".*"text":"summary"' >"$TMP/note" || { show "$TMP/run.err"; fail "scratch $1, ring $2, $3"; }
}
for point in "${points[@]}"; do
	# shellcheck disable=SC2086 # three words
	run $point 10
done
load_before=$(cut -d ' ' -f 1 /proc/loadavg)
end=$((EPOCHSECONDS + seconds)) rounds=0
while [ "$rounds" = 0 ] || [ "$EPOCHSECONDS" -lt "$end" ]; do
	for point in "${points[@]}"; do
		# shellcheck disable=SC2086
		run $point "$EXECS"
		jq -r --arg point "$point" '[.cpus[]] | "\($point) \(([.[].run_ns] | add) / ([.[].runs] | add)) \(
			([.[].records] | add) / ([.[].delivered] | add)) \([.[] | .lost_ring + .lost_busy] | add) \([.[] | .seen - .filtered] | add)"' \
			"$TMP/note" >>"$TMP/points"
	done
	rounds=$((rounds + 1))
done

cpus=$(online_cpus | wc -l)
model=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)
kernel=$(uname -r)
virtual=$(grep -qw hypervisor /proc/cpuinfo && echo ", virtual machine")
{
	echo "Linux ${kernel%%-*}, $cpus CPUs (${model:-unknown}$virtual), $(date -u +%F); $rounds rounds of $EXECS execs a row, load before $load_before."
	echo
	echo "| scratch | ring | transport | ns an event | lowest | times 8K, 8M, ring | records an event | lost | memory |"
	echo "|---|---|---|---|---|---|---|---|---|"
	awk -v base="$base" -v cpus="$cpus" '
		function bytes(text) { return text * (text ~ /M$/ ? 1048576 : text ~ /K$/ ? 1024 : 1) }
		function size(n) { return n >= 1048576 ? n / 1048576 "M" : n >= 1024 ? n / 1024 "K" : n }
		function median(list, n,    i, j, t) {
			for (i = 2; i <= n; i++)
				for (j = i; j > 1 && list[j - 1] > list[j]; j--) { t = list[j]; list[j] = list[j - 1]; list[j - 1] = t }
			return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
		}
		{ key = $1 " " $2 " " $3 }
		!(key in n) { order[++keys] = key }
		{ at = ++n[key]; ns[key, at] = $4; records[key] += $5; lost[key] += $6; seen[key] += $7 }
		END {
			for (k = 1; k <= keys; k++) {
				key = order[k]; split(key, part, " ")
				for (i = 1; i <= n[key]; i++) { a[i] = ns[key, i]; r[i] = ns[key, i] / ns[base, i] }
				m = median(a, n[key]); low = a[1]
				share = 100 * lost[key] / seen[key]
				printf "| %s | %s | %s | %.0f | %.0f | %.2f | %.2f | %s | %s + %s |\n", part[1], part[2], part[3], m, low, median(r, n[key]),
					records[key] / n[key], lost[key] ? sprintf("%.2f %%", share) : "0", size(2 * cpus * bytes(part[1])), part[2]
			}
		}' "$TMP/points"
} >"$TMP/table"
if [ -n "$print" ]; then
	cat "$TMP/table"
	exit
fi
awk -v table="$TMP/table" '/^<!-- costs: end/ { inside = 0 } !inside { print }
	/^<!-- costs: begin/ { inside = 1; while ((getline line < table) > 0) print line }' "$doc" >"$TMP/doc" &&
	cat "$TMP/doc" >"$doc" || fail "cannot write $doc"
say "wrote the table of docs/tuning.md: $rounds rounds"
