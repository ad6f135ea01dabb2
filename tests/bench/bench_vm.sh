#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# bench_vm.sh [--out FILE] [KERNEL] - starts and costs beside bcc's execsnoop, which needs kprobes and kernel headers, on a
# Debian kernel (6.1) under QEMU without KVM (scripts/vm-test.sh): the only place where all of them run on any machine.
# Writes records as scripts/bench.sh does (its --vm-json takes them). Emulated: only ratios of one run mean anything.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# In the guest: three rounds of each, no time limit.
if [ "${1:-}" = --in-guest ]; then
	export EBT_BENCH_OUT=/mnt/out/bench.jsonl EBT_BENCH_PEERS="execbig-top execsnoop bpftrace bcc-execsnoop"
	mount -t debugfs none /sys/kernel/debug
	# Stays warm over all of it, as it would where it is used more than once.
	"$here/start.sh" 3
	. "$here/lib.sh"
	. "$here/peers.sh"
	read -ra tools <<<"none $EBT_BENCH_PEERS"
	note machine kernel "Linux $(uname -r), in QEMU without KVM"
	for name in "${tools[@]:1}"; do note version "$name" "$(peer_version "$name")"; done
	for round in 0 1 2 3 4; do
		for tool in $(rotated "$round" "${tools[@]}"); do
			peer_start "$tool" || { note failed "$tool" "exec, round $round: $PEER_WHY" && continue; }
			read -r median lowest < <("$EBT_TOOLS/spawnbench" spawn "$NOP" 50 5)
			emit exec static "$tool" "$round" "$median" ns
			emit exec static "$tool" "$round" "$lowest" "ns lowest"
			read -r median _ < <("$EBT_TOOLS/spawnbench" getppid 20000 5)
			emit calls getppid "$tool" "$round" "$median" ns
			peer_stop
		done
	done
	exit
fi

out=/dev/stdout
if [ "${1:-}" = --out ]; then
	out=$(realpath -m "$2")
	shift 2
fi
kernel=${1:-6.1}
. "$here/../../scripts/lib.sh"
ebt_install bpfcc-tools bpftrace libbpf-tools jq
results=${EBT_VM_OUT:-$EBT_ROOT/build}/vm-$kernel
EBT_VM_COMMAND="bash /mnt/source/tests/bench/bench_vm.sh --in-guest" "$EBT_ROOT/scripts/vm-test.sh" "$kernel" >&2 || true
[ -s "$results/bench.jsonl" ] || ebt_die "nothing was measured: see $results/command.log and $results/console.log"
cat "$results/bench.jsonl" >"$out"
grep -m 3 FAIL "$results/command.log" >&2 && exit 1
exit 0
