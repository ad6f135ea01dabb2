#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What a filter let pass gets its end, whatever its process has become; -m looks at all arguments as they were passed.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

# ended TEXT: the process whose exec shows TEXT has an exit in the output. No argument of jq may match.
ended() {
	local pid
	pid=$(TEXT=$1 jq -r 'select(.type == "exec" and any(.args[]; contains(env.TEXT))) | .pid' "$TMP/out" | tail -1)
	[ -n "$pid" ] && jq -e -s --argjson pid "$pid" 'any(.type == "exit" and .pid == $pid)' "$TMP/out" >/dev/null
}

# -u: a shell of root that becomes nobody by an exec that is not wanted.
drops() {
	setpriv --reuid 65534 --regid 65534 --clear-groups sh -c 'exec true' "$MARK-inner"
	sleep 0.02
	ended "$MARK-inner"
}
ebt_launch "$TMP/out" -J -u real:root
wait_for 20 "the end of a process that changed its user" drops
ebt_stop

# -m: the exec behind it does not match; it is an end, and not listed.
chain() {
	sh -c "exec sleep 0.01" "$MARK-chain"
	sleep 0.02
	ended "$MARK-chain"
}
ebt_launch "$TMP/out" -J -m "$MARK-chain"
wait_for 20 "the end of a process that ran something else" chain
ebt_stop
jq -e -s 'any(.type == "replaced") and all(.type != "exec" or (.args | index("sleep") | not))' "$TMP/out" >/dev/null ||
	{ show "$TMP/out"; fail "-m: the image that matched is not replaced, or what replaced it is listed"; }

# -m: behind 90,000 bytes, over two arguments, with an apostrophe.
far() {
	"$EBT_TOOLS/nop" "$(printf '%090000d' 0)" "$MARK don't" stop
	sleep 0.02
	has "$MARK don" "$TMP/out"
}
ebt_launch "$TMP/out" -J -m "0 $MARK don't stop\$"
wait_for 20 "a match at the end of a long command line" far
ebt_stop

# -p: a number that is no process.
pid=4194000
while kill -0 $pid 2>/dev/null; do pid=$((pid - 1)); done
"$EBT_BIN" -J -p $pid >"$TMP/out" 2>"$TMP/err" && fail "-p $pid: accepted"
grep -q "no process of this number" "$TMP/err" || { show "$TMP/err"; fail "-p $pid: another reason"; }

# --cgroup: removed and made again, as a restart of a service does.
root=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
if [ -n "$root" ] && mkdir "$root/$MARK" 2>/dev/null; then
	trap 'rmdir "$root/$MARK" 2>/dev/null' EXIT
	in_cgroup() {
		sh -c 'echo $$ >"$1/cgroup.procs"; exec "$2" "$3"' - "$root/$MARK" "$EBT_TOOLS/nop" "$MARK-$1"
		sleep 0.02
		has "$MARK-$1" "$TMP/out"
	}
	ebt_launch "$TMP/out" -J --cgroup "/$MARK"
	wait_for 20 "an exec in the cgroup" in_cgroup first
	wait_for 20 "an empty cgroup" rmdir "$root/$MARK"
	mkdir "$root/$MARK" || fail "cannot make the cgroup again"
	wait_for 20 "an exec in the cgroup that was made again" in_cgroup second
	ebt_stop
fi
