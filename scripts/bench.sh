#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# bench.sh [--quick] [--minutes N] [--out DIR] [--vm-json FILE] [GROUP…] - measures execbig-top and the tracers people use today in one run,
# each in turn against the same untraced machine, and writes DIR/benchmarks.md with its charts and data (docs/). Groups: exec
# calls complete loss start memory internals; all without one. At most 20 minutes; the machine should do nothing else.
#
# --quick: a few rounds, to see that it works; writes to a temporary directory unless --out is given. The numbers mean nothing.
# --minutes N: about so long for all groups together (15); fewer rounds, not fewer measurements a round.
# --vm-json FILE: what was measured in a VM (objects of the same form), for tracers that this kernel cannot run.
# --report DATA: no measuring; writes the document from the data of an earlier run.
. "$(dirname "$0")/lib.sh"

# Seconds a group may take before it begins no further round.
declare -A seconds=([exec]=330 [calls]=120 [complete]=60 [loss]=180 [start]=60 [memory]=90 [internals]=60)
all=(exec calls complete loss start memory internals)
quick='' minutes=15 out='' vm='' report='' groups=()
while [ $# -gt 0 ]; do
	case $1 in
	--quick) quick=1 ;;
	--minutes | --out | --vm-json | --report)
		[ $# -gt 1 ] || ebt_die "$1 needs a value"
		case $1 in
		--minutes) minutes=$2 ;;
		--out) out=$2 ;;
		--vm-json) vm=$2 ;;
		--report) report=$2 ;;
		esac
		shift
		;;
	-*) ebt_die "unknown option: $1 (--quick, --minutes N, --out DIR, --vm-json FILE, --report DATA)" ;;
	*)
		[ -n "${seconds[$1]:-}" ] || ebt_die "not a group: $1 (${all[*]})"
		groups+=("$1")
		;;
	esac
	shift
done
[[ $minutes =~ ^[1-9][0-9]*$ ]] || ebt_die "--minutes takes a whole number of minutes, not $minutes"
[ ${#groups[@]} -gt 0 ] || groups=("${all[@]}")
for file in $vm $report; do
	[ -r "$file" ] || ebt_die "cannot read $file"
done
[ -z "$quick" ] || [ -n "$out" ] || out=$(mktemp -d)
out=${out:-$EBT_ROOT/docs}
mkdir -p "$out/benchmarks"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

write_report() {
	python3 "$EBT_ROOT/tests/bench/report.py" "$1" "$out" ${vm:+"$vm"} ||
		ebt_die "the document could not be written"
	ebt_note "wrote $out/benchmarks.md"
}
if [ -n "$report" ]; then
	write_report "$report"
	exit
fi
[ "$(id -u)" = 0 ] || ebt_die "tracing needs root: run it as root"
if [ -z "${EBT_BIN:-}" ]; then
	ebt_install "${EBT_BUILD_PACKAGES[@]}" "${EBT_TEST_PACKAGES[@]}" "${EBT_BENCH_PACKAGES[@]}"
	ebt_build build "" -DCMAKE_BUILD_TYPE=Release -DEBT_TESTS=ON
	export EBT_BIN=$EBT_ROOT/build/execbig-top EBT_TOOLS=$EBT_ROOT/build/tests/lib
fi
export EBT_BENCH_OUT=$scratch/data.jsonl EBT_BENCH_QUICK=$quick

# note KIND NAME TEXT
note() {
	jq -nc --arg kind "$1" --arg name "$2" --arg text "$3" '{note: $kind, name: $name, text: $text}' >>"$EBT_BENCH_OUT"
}
kernel=$(uname -r)
note machine date "$(date -u +%F)"
note machine kernel "Linux ${kernel%%-*}, $(uname -m)"
note machine system "$(. /etc/os-release && echo "$PRETTY_NAME")"
note machine cpu "$(nproc) CPUs, $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)$(grep -qw hypervisor /proc/cpuinfo && echo ", virtual machine")"
note machine memory "$(awk '/^MemTotal:/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)"
note machine "load before" "$(cut -d ' ' -f 1 /proc/loadavg)"
[ -z "$quick" ] || note machine quick "yes: a smoke test, the numbers mean nothing"

began=$EPOCHSECONDS
ebt_note "which tracers run here"
EBT_BENCH_PEERS=$("$EBT_ROOT/tests/bench/peers_here.sh") || ebt_die "the tracers could not be tried"
export EBT_BENCH_PEERS
ebt_note "measured: $EBT_BENCH_PEERS"
for group in "${groups[@]}"; do
	export EBT_BENCH_SECONDS=$((${seconds[$group]} * minutes / 15))
	rounds=()
	[ -z "$quick" ] || rounds=(1)
	ebt_note "$group"
	timeout -k 30 $((EBT_BENCH_SECONDS * 2 + 120)) "$EBT_ROOT/tests/bench/$group.sh" "${rounds[@]}" ||
		note failed "$group" "the group ended early (status $?)"
done
note machine "load after" "$(cut -d ' ' -f 1 /proc/loadavg)"
note machine "took" "$(((EPOCHSECONDS - began + 59) / 60)) min"
cp "$EBT_BENCH_OUT" "$out/benchmarks/data.jsonl"
write_report "$out/benchmarks/data.jsonl"
