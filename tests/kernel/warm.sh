#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A warm start neither runs execbig-compile nor maps libbcc or LLVM; a cold one compiles in a process of its own.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need strace

# trace OUT OPTION…: what is executed and opened until COMMAND ended.
trace() {
	local out=$1
	shift
	strace -f -qq -e trace=execve,openat,open,mmap -o "$out" "$EBT_BIN" "$@" -J -- "$EBT_TOOLS/nop" "$MARK" >"$TMP/out" 2>"$TMP/err" ||
		{ show "$TMP/err"; fail "execbig-top $* under strace: exit status $?"; }
	grep -q -- "$MARK" "$TMP/out" || fail "nothing seen with $*"
}
mkdir -m 0700 "$TMP/cold"
trace "$TMP/cold.trace" --cache-dir "$TMP/cold"
grep -q 'execve(.*execbig-compile"' "$TMP/cold.trace" || fail "a cold start did not run execbig-compile: the check proves nothing"
grep -q 'open.*libbcc' "$TMP/cold.trace" || fail "a cold start did not open libbcc: the check proves nothing"
trace "$TMP/warm.trace" --cache-dir "$TMP/cold"
grep -q 'execve(.*execbig-compile"' "$TMP/warm.trace" && fail "a warm start runs execbig-compile"
grep -E -m 1 'open.*(libbcc|libLLVM|libclang)' "$TMP/warm.trace" && fail "a warm start opens the compiler's libraries"

# And while it runs, in either process, after a cold start too.
for options in "" --no-cache; do
	# shellcheck disable=SC2086 # nothing or one option
	ebt_start "$TMP/out" -J $options
	for pid in "$EBT_PID" "$(ebt_view_of "$EBT_PID")"; do
		grep -E 'libbcc|libLLVM|libclang' "/proc/$pid/maps" && fail "process $pid has the compiler's libraries mapped"
	done
	ebt_stop
done

# The cache directory is private and nothing in it is writable by others.
[ "$(stat -c '%u %a' "$TMP/cold")" = "0 700" ] || fail "cache directory: $(stat -c '%u %a' "$TMP/cold")"
[ -n "$(find "$TMP/cold" -type f)" ] || fail "no cache entry"
[ -z "$(find "$TMP/cold" \( -perm /077 -o ! -uid 0 \) -print)" ] || fail "a cache entry others may touch: $(ls -l "$TMP/cold")"
# --no-cache neither reads nor writes.
before=$(find "$TMP/cold" -type f -printf '%p %s %T@ %A@\n')
"$EBT_BIN" --cache-dir "$TMP/cold" --no-cache -J -- "$EBT_TOOLS/nop" >/dev/null 2>&1 || fail "--no-cache: exit status $?"
[ "$before" = "$(find "$TMP/cold" -type f -printf '%p %s %T@ %A@\n')" ] || fail "--no-cache touched the cache"
exit 0
