# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
#
# ebt.sh - starting, watching and ending execbig-top in a test; counting what it left behind.

# A cache of the test's own. It starts with the images that the build made, so that only what no other test compiles is
# compiled; where compiling takes minutes (scripts/vm-test.sh) EBT_CACHE_SEED names a cache that the same build filled.
EBT_CACHE=$TMP/cache
mkdir -m 0700 "$EBT_CACHE"
EBT_CACHE_SEED=${EBT_CACHE_SEED-$(dirname "$EBT_BIN")/images}
if [ -n "$EBT_CACHE_SEED" ] && [ -r "$EBT_CACHE_SEED" ]; then
	cp "$EBT_CACHE_SEED"/* "$EBT_CACHE/" 2>/dev/null && chmod 0600 "$EBT_CACHE"/*
fi

# Once per test: root, and a kernel that can.
need_kernel() {
	need_root
	need jq
	[ -x "$EBT_BIN" ] || fail "not built: $EBT_BIN"
	timeout $((60 * ${EBT_PATIENCE:-1})) "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- "$EBT_TOOLS/nop" >"$TMP/probe.out" 2>"$TMP/probe.err"
	case $? in
	0) ;;
	69) skip "this kernel cannot: $(head -n 1 "$TMP/probe.err")" ;;
	*)
		show "$TMP/probe.err"
		fail "execbig-top -J -- nop does not run"
		;;
	esac
}

# ebt_start OUT [OPTION…]: in the background, ready when it returns; process id in $EBT_PID. Ready means that an exec of
# a marked program is in OUT (so OUT must be a format that shows arguments, and unfiltered).
ebt_start() {
	local out=$1
	shift
	ebt_launch "$out" "$@"
	wait_for 20 "execbig-top $* shows an exec (stderr: $(head -c 300 "$out.err"))" ebt_probe "$out"
}

# ebt_launch OUT [OPTION…]: as ebt_start, without waiting.
ebt_launch() {
	local out=$1
	shift
	spawn "$out" "$out.err" "$EBT_BIN" --cache-dir "$EBT_CACHE" "$@"
	EBT_PID=$SPAWN_PID
}

ebt_probe() {
	if ! alive "$EBT_PID"; then
		show "$1.err"
		fail "execbig-top ended early"
	fi
	"$EBT_TOOLS/nop" "$MARK-ready"
	sleep 0.02
	has "$MARK-ready" "$1"
}

# has TEXT FILE. Not grep TEXT FILE: that is an exec with the text in it.
has() {
	printf '%s\n' "$1" >"$TMP/pattern"
	grep -qF -f "$TMP/pattern" "$2"
}

# ebt_settle OUT: runs a marked program on every CPU and waits until all of them are in OUT; what came before on a CPU is
# then either in OUT or lost.
SETTLED=0
ebt_settle() {
	local cpu cpus
	SETTLED=$((SETTLED + 1))
	cpus=$(online_cpus)
	for cpu in $cpus; do
		wait_for 20 "execs on CPU $cpu are seen after the load" ebt_settle_cpu "$1" "$cpu"
	done
}

ebt_settle_cpu() {
	local mark="$MARK-settle-$SETTLED-$2-"
	taskset -c "$2" "$EBT_TOOLS/nop" "$mark"
	sleep 0.02
	has "$mark" "$1"
}

online_cpus() {
	local part
	for part in $(tr ',' ' ' </sys/devices/system/cpu/online); do
		seq "${part%-*}" "${part#*-}"
	done
}

# Ends it as Ctrl-C would; exit status in $STATUS.
ebt_stop() {
	kill -INT "$EBT_PID" 2>/dev/null
	end_of "$EBT_PID" 10
}

# The view of a running execbig-top: its child that runs the same program.
ebt_view_of() {
	local child exe
	exe=$(readlink -f "$EBT_BIN")
	for child in $(children_of "$1"); do
		[ "$(readlink "/proc/$child/exe" 2>/dev/null)" = "$exe" ] && printf '%s\n' "$child" && return
	done
	return 1
}

# seen OUT JQ-CONDITION: JSON objects of OUT for which the condition holds, one a line. A last line that is still being
# written is left out.
seen() {
	awk 'NR > 1 { print last } { last = $0 } END { if (last ~ /}$/) print last }' "$1" | jq -c "select($2)"
}

# bpf_held PID…: the BPF programs and maps that these processes hold by file descriptor, as "progs ID" and "maps ID". By id,
# so that another execbig-top on the machine is not mistaken for this one.
bpf_held() {
	local pid
	for pid in "$@"; do
		sed -nE 's/^prog_id:[[:space:]]*/progs /p; s/^map_id:[[:space:]]*/maps /p' "/proc/$pid/fdinfo/"* 2>/dev/null
	done | sort -u
}

# bpf_gone FILE: nothing of what bpf_held wrote is left; what is, is in $TMP/bpf.left. Polled: the kernel frees programs
# after a grace period. Maps are looked at only when the programs are gone (see bpfobjects.c).
bpf_gone() {
	bpf_left progs "$1" || return 1
	sleep 0.1
	bpf_left maps "$1"
}
bpf_left() {
	"$EBT_TOOLS/bpfobjects" "$1" '' |
		awk -v held="$2" 'BEGIN { while ((getline line < held) > 0) ours[line] = 1 } ($1 " " $NF) in ours' >"$TMP/bpf.left"
	[ ! -s "$TMP/bpf.left" ]
}

# BPF programs and maps of the tracer on this machine, of whichever run, with how often. For what no process of ours can
# be asked about any more, or not yet; not those of the homeostasis daemon.
bpf_programs() {
	"$EBT_TOOLS/bpfobjects" progs ebt_ | awk '$2 ~ /^ebt_(on|stub)_/ { print $1, $2 }' | sort | uniq -c
}
bpf_objects() {
	bpf_programs
	"$EBT_TOOLS/bpfobjects" maps ebt_ | awk '$2 !~ /^ebt_ph_/ { print $1, $2 }' | sort | uniq -c
}

# bpf_baseline FILE: what is there before, once what an earlier run of ours left is freed by the kernel.
bpf_baseline() {
	bpf_objects >"$1"
	bpf_rested() {
		sleep 0.2
		bpf_objects >"$1.next"
		mv "$1.next" "$1.now"
		cmp -s "$1" "$1.now" || { mv "$1.now" "$1" && return 1; }
	}
	wait_until 10 bpf_rested "$1"
}

# Is there no more than in the baseline? Polled, programs first, as bpf_gone.
bpf_as_before() {
	bpf_programs | bpf_excess "$1" || return 1
	sleep 0.1
	bpf_objects | bpf_excess "$1"
}
bpf_excess() {
	awk -v base="$1" 'BEGIN { while ((getline < base) > 0) n[$2, $3] = $1 }
		$1 > n[$2, $3] { print "one too many: " $2, $3; bad = 1 }
		END { exit bad }' >"$TMP/bpf.diff"
}

# The accounting by the JSON alone. OUT must come from an unfiltered run that was settled: on each CPU the numbers are unique, and
# those that never came are as many as the lost objects say. Sum of the lost in $LOST_TOTAL.
check_sequences() {
	local verdict
	jq -r 'select(.cpu != null) | "\(.cpu) \(.type) \(.seq // 0) \(.count // 0)"' "$1" >"$TMP/numbers" ||
		fail "not JSON: $1"
	[ -s "$TMP/numbers" ] || fail "no events in $1"
	verdict=$(awk '
		$2 == "lost" { lost[$1] += $4; total += $4; next }
		$3 == 0 { next }
		{
			if (($1, $3) in seen) { print "CPU " $1 ": number " $3 " came twice"; exit }
			seen[$1, $3] = 1
			n[$1]++
			if ($3 > max[$1]) max[$1] = $3
		}
		END {
			for (cpu in n)
				if (max[cpu] - n[cpu] != lost[cpu] + 0)
					print "CPU " cpu ": last number " max[cpu] ", " n[cpu] " events: " \
						max[cpu] - n[cpu] " missing, but " lost[cpu] + 0 " reported lost"
			print "total " total + 0
		}' "$TMP/numbers")
	LOST_TOTAL=${verdict##*total }
	[ "$verdict" = "total $LOST_TOTAL" ] || fail "$verdict"
}

# The accounting by what the program says at its end (the summary note), against what it printed before. OUT as for
# check_sequences; filtered is for runs that leave events out in the kernel.
check_accounting() {
	check_sequences "$1"
	seen "$1" '.type == "note" and .text == "summary"' | tail -n 1 >"$TMP/summary"
	[ -s "$TMP/summary" ] || fail "no summary at the end of $1"
	jq -e '.law == true and (.cpus | length > 0) and all(.cpus[];
			.seen == .filtered + .delivered + .lost_ring + .lost_busy
			and .gaps == .lost_ring + .lost_busy and .received == .delivered and .seq == .seen - .filtered)
		and .seen == ([.cpus[].seen] | add) and .delivered == ([.cpus[].delivered] | add)
		and .lost_ring == ([.cpus[].lost_ring] | add) and .lost_busy == ([.cpus[].lost_busy] | add)' "$TMP/summary" >/dev/null ||
		{ show "$TMP/summary"; fail "the summary breaks the accounting"; }
	jq -r '.cpus[] | select(.seen > 0) | "\(.cpu) \(.delivered) \(.lost_ring + .lost_busy)"' "$TMP/summary" | sort >"$TMP/said"
	awk '$2 == "lost" { lost[$1] += $4; cpu[$1]; next } $3 > 0 { n[$1]++; cpu[$1] }
		END { for (c in cpu) print c, n[c] + 0, lost[c] + 0 }' "$TMP/numbers" | sort >"$TMP/printed"
	diff "$TMP/said" "$TMP/printed" >"$TMP/diff" || { show "$TMP/diff"; fail "the summary counts other events than were printed (CPU, events, lost)"; }
}

# ebt_at_work WHAT: from now on an event is under way for the execbig-top that was started, until 0.4 s after it closed one
# of its links or programs (WHAT: link, prog). What must not have happened before that is checked by ebt_rested.
ebt_at_work() {
	rm -f "$TMP/atwork"
	spawn "$TMP/atwork" "$TMP/atwork.err" "$EBT_TOOLS/atwork" "$EBT_PID" "$1"
	EBT_AT_WORK=$SPAWN_PID
	held() { [ -s "$TMP/atwork" ] || gone "$EBT_AT_WORK"; }
	wait_for 10 "a scratch buffer is marked as in use" held
}

# ebt_rested US: the event under way was over before this time (now_us). Status 1 when the machine was too slow to tell.
ebt_rested() {
	local over
	end_of "$EBT_AT_WORK" 60
	[ "$STATUS" = 0 ] || { show "$TMP/atwork.err"; fail "no scratch buffer could be held"; }
	over=$(tail -n 1 "$TMP/atwork")
	[ "$over" != late ] || return 1
	[ "$1" -ge "$over" ] || fail "$((over - $1)) us too early: an event was still under way"
}

# refused_text DIR: our text in DIR, wrong for two scratch sizes: 1032 does not compile, 1040 reads past its map value, after a
# while, so that the verifier has many words.
refused_text() {
	cp -r "$EBT_SOURCE/bpf_text" "$1"
	cat >>"$1/stubs.bpf.c" <<'BPF'
#if EBT_SCRATCH_BYTES == 1032
#error this size is refused by the compiler, on purpose
#endif
#if EBT_SCRATCH_BYTES == 1040
int ebt_on_refused(struct bpf_raw_tracepoint_args *ctx)
{
	u32 zero = 0;
	struct ebt_config *cfg = ebt_config.lookup(&zero);
	u64 sum = 0;

#pragma unroll
	for (int i = 0; i < 64; i++)
		sum += bpf_ktime_get_ns() * (i + 3);
	return cfg ? *(u32 *)((char *)cfg + 100000) + sum : 0;
}
#endif
BPF
}
