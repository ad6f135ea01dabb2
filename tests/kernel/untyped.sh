#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Typed pointers: this kernel takes the programs with them at the first try. One whose verifier does not follow them (here: a text
# with a wild read on that way) gets programs that ask for each member, and what they tell is the same.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need strace

cp -r "$EBT_SOURCE/bpf_text" "$TMP/typed"
cp -r "$EBT_SOURCE/bpf_text" "$TMP/untyped"
text=$TMP/untyped/ebt_read.h
sed -i '/^static inline u64 ebt_task/,/^}/ s/^\t\treturn bpf_get_current_task();$/&\n\treturn *(volatile u64 *)(long)bpf_get_smp_processor_id();/' "$text"
! cmp -s "$text" "$EBT_SOURCE/bpf_text/ebt_read.h" || fail "the test's own change does nothing any more"

# run TEXT: events of a process, and of a thread that becomes another program, without what differs from run to run; the programs
# that were loaded.
run() {
	local name=$1
	(cd / && limit 90 strace -f -qq -e trace=bpf -e signal=none -o "$TMP/calls" "$EBT_BIN" --cache-dir "$EBT_CACHE" \
		--bpf-text "$TMP/$name" -J -- "$EBT_TOOLS/threadexec" "$EBT_TOOLS/nop" "$MARK" >"$TMP/all" 2>"$TMP/err") ||
		{ show "$TMP/err"; fail "$name: it did not run"; }
	# The tool's own line (pid and tid) is no object; the path of a cgroup comes from user space, in time or not.
	jq -cS 'select(type == "object") | select(.type == "exec" or .type == "exit")
		| ((.pid, .ppid, .tid, .vpid, .start_ns, .parent_start_ns, .lifetime_ns, .rtime_ns, .maxrss_bytes) |= (. != null and . > 0))
		| del(.ts, .mono_ns, .cpu, .seq, .utime_ns, .stime_ns, .cgroup)' "$TMP/all" >"$TMP/events.$name"
	grep -c 'prog_name="ebt_on_exec"' "$TMP/calls" >"$TMP/loads.$name"
}
run typed
run untyped
[ "$(cat "$TMP/loads.typed")" = 1 ] || fail "ebt_on_exec was loaded $(cat "$TMP/loads.typed") times: this kernel does not take it as it is"
[ "$(cat "$TMP/loads.untyped")" = 2 ] || fail "the wild read: ebt_on_exec was loaded $(cat "$TMP/loads.untyped") times, want 2"
[ "$(wc -l <"$TMP/events.typed")" = 3 ] || { show "$TMP/events.typed"; fail "want two execs and an exit"; }
diff "$TMP/events.typed" "$TMP/events.untyped" >&2 || fail "the two ways do not tell the same"
