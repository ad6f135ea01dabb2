#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What the caller had open reaches no process of ours, however it is used; COMMAND has all of it, and /dev/fd/N still works.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
echo secret >"$TMP/secret"
mkdir "$TMP/settings"

# holders PID: processes below it that hold the file, by name.
holders() {
	local child
	for child in $(children_of "$1"); do
		find "/proc/$child/fd" -lname "$TMP/secret" 2>/dev/null | grep -q . && cat "/proc/$child/comm"
		holders "$child"
	done
}
# everyone PID: the names of all processes below it.
everyone() {
	local child
	for child in $(children_of "$1"); do
		cat "/proc/$child/comm" 2>/dev/null
		everyone "$child"
	done
}
ready() { ebt_probe "$TMP/out" && everyone "$EBT_PID" | grep -qx execbig-write && everyone "$EBT_PID" | grep -qx execbig-homeo; }
# Descriptors of low, middle and high numbers.
exec 3<"$TMP/secret" 9<"$TMP/secret" 77<"$TMP/secret" 300<"$TMP/secret"
ebt_launch "$TMP/out" -J -w "$TMP/rec" --sqlite "$TMP/db" --metrics "$TMP/metrics" --homeostasis
exec 3<&- 9<&- 77<&- 300<&-
wait_for 20 "view, writer and monitor run" ready
held=$(holders "$EBT_PID")
[ -z "$held" ] || fail "the caller's file is held by: $held"
ebt_stop

# The compiler: a slow text is not needed, as strace tells what it has when it begins.
if command -v strace >/dev/null; then
	limit 60 strace -f -qq -e trace=close_range,execve -o "$TMP/trace" "$EBT_BIN" --no-cache -J --scratch 3000 -- "$EBT_TOOLS/nop" \
		9<"$TMP/secret" >/dev/null 2>"$TMP/err" || { show "$TMP/err"; fail "exit status $?"; }
	pid=$(awk '/execve\(.*execbig-compile/ { print $1 }' "$TMP/trace")
	[ -n "$pid" ] || fail "no compiler was started"
	awk -v pid="$pid" '$1 == pid && /close_range\(3, 4294967295, 0\) += 0/' "$TMP/trace" | grep -q . ||
		fail "the compiler keeps descriptors above 2"
fi

# COMMAND has what its caller gave it, as a job server's descriptors or a lock, and none of ours.
exec 9<"$TMP/secret" 300<"$TMP/secret"
find /proc/self/fd -maxdepth 1 -printf '%f\n' | sort >"$TMP/plain"
limit 30 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- sh -c 'find /proc/self/fd -maxdepth 1 -printf "%f\n" | sort >"$1"; cat <&9' - "$TMP/inner" \
	>"$TMP/out" 2>"$TMP/err" || { show "$TMP/err"; fail "exit status $?"; }
exec 9<&- 300<&-
diff "$TMP/plain" "$TMP/inner" >"$TMP/diff" || { show "$TMP/diff"; fail "COMMAND has other descriptors than without execbig-top"; }
cat "$TMP/out" "$TMP/err" | grep -qx secret || fail "COMMAND cannot read what it was given"
if command -v make >/dev/null; then
	printf 'all: a b c d\na b c d:\n\t@%s %s-$@\n' "$EBT_TOOLS/nop" "$MARK" >"$TMP/inner.mk"
	printf 'all:\n\t+@%s --cache-dir %s -e -- make -f %s/inner.mk\n' "$EBT_BIN" "$EBT_CACHE" "$TMP" >"$TMP/outer.mk"
	limit 60 make -j3 -f "$TMP/outer.mk" >"$TMP/out" 2>&1 || { show "$TMP/out"; fail "make below make: status $?"; }
	grep -qi 'jobserver' "$TMP/out" && { show "$TMP/out"; fail "make lost its job server"; }
	for part in a b c d; do has "$MARK-$part" "$TMP/out" || fail "make did not run $part"; done
fi

# Files that are named by descriptor: a file, a pipe, and the export's source and output.
limit 30 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -w /dev/fd/3 -- "$EBT_TOOLS/nop" "$MARK-by-fd" 3>"$TMP/by-fd.rec" >/dev/null || fail "-w /dev/fd/3: $?"
limit 30 "$EBT_BIN" -J -r /dev/fd/4 4<"$TMP/by-fd.rec" >"$TMP/out" && has "$MARK-by-fd" "$TMP/out" || fail "-r /dev/fd/4 of what -w /dev/fd/3 wrote"
limit 30 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -w /dev/fd/12 -- "$EBT_TOOLS/nop" "$MARK-piped" 12> >(cat >"$TMP/piped.rec"; : >"$TMP/piped.end") >/dev/null ||
	fail "-w into a pipe: $?"
wait_for 10 "the pipe's reader ends" test -e "$TMP/piped.end"
limit 30 "$EBT_BIN" -J -r "$TMP/piped.rec" >"$TMP/out" && has "$MARK-piped" "$TMP/out" || fail "the recording that went through a pipe"
limit 30 "$EBT_BIN" export json -r /dev/fd/5 -o /dev/fd/6 5<"$TMP/by-fd.rec" 6>"$TMP/exported" || fail "export by descriptors: $?"
has "$MARK-by-fd" "$TMP/exported" || fail "the export by descriptors is empty"
before=$(stat -c '%F %i' /dev/stdout)
limit 30 "$EBT_BIN" export json -r "$TMP/by-fd.rec" -o /dev/stdout >"$TMP/exported" || fail "export to /dev/stdout: $?"
[ "$(stat -c '%F %i' /dev/stdout)" = "$before" ] || fail "/dev/stdout was replaced"
has "$MARK-by-fd" "$TMP/exported" || fail "the export to /dev/stdout is empty"
