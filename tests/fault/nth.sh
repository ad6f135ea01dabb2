#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The nth call of a function fails, in the loader or in the view, for each n until it is not reached any more: the run ends
# with a status that --help names and one sentence, or goes on without; never a crash, a hang, a process or a BPF object left.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
[ -r "$EBT_FAULTS/nth.so" ] || fail "not built: $EBT_FAULTS/nth.so"

# Programs of the tracer, of whichever run, that no process holds: an attachment that stayed behind.
no_orphan() {
	"$EBT_TOOLS/bpfobjects" progs ebt_ | awk '{ print $1, $NF }' | sort >"$TMP/progs"
	cat /proc/[0-9]*/fdinfo/* 2>/dev/null | sed -nE 's/^prog_id:[[:space:]]*/progs /p' | sort -u >"$TMP/held"
	comm -23 "$TMP/progs" "$TMP/held" >"$TMP/orphans"
	[ ! -s "$TMP/orphans" ]
}
none_left() { ! pgrep -f -- "$MARK-run" >/dev/null; }

# one WHO CALL N: false when there is no Nth call.
one() {
	local status
	: >"$TMP/hit"
	timeout -k 2 20 env LD_PRELOAD="$EBT_FAULTS/nth.so" NTH_WHO="$1" NTH_CALL="$2" NTH_N="$3" NTH_HIT="$TMP/hit" \
		"$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- "$EBT_TOOLS/nop" "$MARK-run" >"$TMP/out" 2>"$TMP/err" </dev/null
	status=$?
	[ -s "$TMP/hit" ] || return 1
	case $status in
	0) has "$MARK-run" "$TMP/out" || [ -s "$TMP/err" ] || fail "$1, $2 number $3: nothing seen, nothing said, status 0" ;;
	1 | 2 | 69 | 77 | 126 | 127)
		# libseccomp 2.5.4 does not check all of its allocations: it crashes, or makes a filter that lacks rules, and
		# the view may not even say what is wrong. The loader then ends it all in order.
		case "$1 $2" in
		"view malloc" | "view calloc" | "view realloc") ;;
		*)
			grep -q '^execbig-top: .' "$TMP/err" || fail "$1, $2 number $3: status $status without a sentence"
			! grep -q 'ended by signal' "$TMP/err" || fail "$1, $2 number $3: $(grep 'ended by signal' "$TMP/err")"
			;;
		esac
		;;
	124 | 137)
		# Or it never comes back, and the loader waits for it until it is told to end for good.
		case "$1 $2" in
		"view malloc" | "view calloc" | "view realloc") ;;
		*) show "$TMP/err" && fail "$1, $2 number $3: exit status $status" ;;
		esac
		;;
	*)
		show "$TMP/err"
		fail "$1, $2 number $3: exit status $status"
		;;
	esac
	wait_for 5 "$1, $2 number $3: all processes are gone" none_left
	return 0
}

# every WHO CALL: all of the first 12, then fewer and fewer.
every() {
	local n=1 runs=0
	while one "$1" "$2" "$n"; do
		runs=$((runs + 1))
		n=$((n < 12 ? n + 1 : n + 1 + n / 3))
	done
	total=$((total + runs))
	[ "$runs" -gt 0 ] || missed+=("$1:$2")
}

total=0 missed=()
for call in syscall fork socketpair pipe2 signalfd memfd_create ftruncate mmap openat open read write poll sendmsg recvmsg \
	malloc calloc realloc; do
	every loader "$call"
done
for call in signalfd mmap openat open read write poll sendmsg recvmsg malloc calloc realloc strdup; do
	every view "$call"
done
say "$total calls failed; never reached: ${missed[*]:-none}"
[ "$total" -gt 150 ] || fail "only $total calls failed: the test looks at something else"
[ ${#missed[@]} -le 4 ] || fail "these calls are never made: ${missed[*]}"
wait_until 10 no_orphan || { show "$TMP/orphans"; fail "programs are left in the kernel"; }
