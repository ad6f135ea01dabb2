#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Without privilege, without BTF, without tracefs: what works goes on, what cannot ends with one sentence.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

# A copy that any user may run.
mkdir "$TMP/bin"
cp "$EBT_BIN" "$TMP/bin/"
chmod 0755 "$TMP/bin" "$TMP/bin/"*

# sentence STATUS WORD WHAT: exit status as wanted, one line that has WORD.
sentence() {
	[ "$STATUS" = "$1" ] || { show "$TMP/err"; fail "$3: exit status $STATUS, want $1"; }
	[ "$(wc -l <"$TMP/err")" = 1 ] || { show "$TMP/err"; fail "$3: not one sentence"; }
	grep -q '^execbig-top: ' "$TMP/err" && grep -qiE -- "$2" "$TMP/err" || { show "$TMP/err"; fail "$3: does not say /$2/"; }
	[ ! -s "$TMP/out" ] || { show "$TMP/out"; fail "$3: output on stdout"; }
}
run() {
	limit 30 "$@" >"$TMP/out" 2>"$TMP/err" </dev/null
	STATUS=$?
}

for mode in -J -e -b; do
	run setpriv --reuid 65534 --regid 65534 --clear-groups "$TMP/bin/execbig-top" "$mode"
	sentence 77 'root|sudo' "$mode as nobody"
done
run setpriv --bounding-set=-all "$TMP/bin/execbig-top" -J
sentence 77 'CAP_|capabilit|privilege|permi' "root without capabilities"
run setpriv --bounding-set=-bpf,-sys_admin,-perfmon "$TMP/bin/execbig-top" -J
sentence 77 'CAP_|capabilit|privilege|permi' "root without CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN"
run setpriv --bounding-set=-all,+bpf,+perfmon --inh-caps=-all "$TMP/bin/execbig-top" -J
sentence 77 'CAP_SETUID' "root who cannot become another user"
run unshare --user --map-root-user "$TMP/bin/execbig-top" -J
sentence 77 'user namespace' "root of a user namespace"
run sh -c 'ulimit -n 40; exec "$@"' - "$EBT_BIN" -J -- "$EBT_TOOLS/nop"
sentence 69 'only 40 files .*ulimit -n' "40 files"
run sh -c 'ulimit -s 64; exec "$@"' - "$EBT_BIN" -J -- "$EBT_TOOLS/nop"
sentence 69 'stack may have only 64K.*ulimit -s' "a stack of 64K"
# In a pid namespace the kernel's ids are not ours: what needs them is refused, the rest traces.
in_namespace() { run unshare --pid --fork --mount-proc --kill-child "$@"; }
for wants in "-J -- $EBT_TOOLS/nop" "-J -p 1" "daemon --profiles $TMP/none" "-b --homeostasis"; do
	# shellcheck disable=SC2086 # words
	in_namespace "$EBT_BIN" $wants
	sentence 69 'pid namespace .*--pid=host' "in a pid namespace: $wants"
done
in_namespace "$EBT_BIN" --cache-dir "$EBT_CACHE" check
[ "$STATUS" = 0 ] && grep -q 'process ids *off' "$TMP/out" || { show "$TMP/out" "$TMP/err"; fail "check in a pid namespace: exit status $STATUS, want 0"; }
in_namespace sh -c 'exec 3>&1; "$1" --cache-dir "$2" -J -n 1 -m "$4" >&3 & while kill -0 $! 2>/dev/null; do "$3" "$4"; done' - "$EBT_BIN" "$EBT_CACHE" "$EBT_TOOLS/nop" "$MARK-namespace"
grep -q -- "$MARK-namespace" "$TMP/out" || { show "$TMP/err"; fail "in a pid namespace: no exec was seen"; }
# What shows nothing of others needs no privilege.
run setpriv --reuid 65534 --regid 65534 --clear-groups "$TMP/bin/execbig-top" --version
[ "$STATUS" = 0 ] || fail "--version as nobody: exit status $STATUS"

# hidden COMMAND [OPTION]: with a mount namespace that COMMAND has changed.
hidden() {
	limit 30 unshare --mount sh -c 'mount --make-rprivate / && '"$1"' && shift && exec "$@"' - x \
		"$EBT_BIN" ${2:---cache-dir "$EBT_CACHE"} -J -- "$EBT_TOOLS/nop" "$MARK" >"$TMP/out" 2>"$TMP/err" </dev/null
	STATUS=$?
}
unshare --mount true 2>/dev/null || skip "no mount namespaces"
hidden 'for d in /sys/kernel/tracing /sys/kernel/debug; do ! [ -d $d ] || mount -t tmpfs -o size=4k,mode=0 none $d; done'
[ "$STATUS" = 0 ] && grep -q -- "$MARK" "$TMP/out" || { show "$TMP/err"; fail "without tracefs: exit status $STATUS, want 0"; }
hidden 'mount -t tmpfs -o size=4k none /sys/kernel/btf; for d in /lib/modules /usr/src; do ! [ -d $d ] || mount -t tmpfs -o size=4k none $d; done' --no-cache
sentence 69 'btf|headers' "without BTF and headers"
hidden 'mount --bind /dev/null /sys/kernel/btf/vmlinux; for d in /lib/modules /usr/src; do ! [ -d $d ] || mount -t tmpfs -o size=4k none $d; done' --no-cache
sentence 69 'btf' "with an empty BTF file"
hidden 'mount -t tmpfs -o size=4k none /var; mount -o remount,ro /var'
[ "$STATUS" = 0 ] && grep -q -- "$MARK" "$TMP/out" || { show "$TMP/err"; fail "with a read-only /var: exit status $STATUS, want 0"; }

# The reader of a pipe goes away: a quiet end.
pipe_end() {
	"$EBT_TOOLS/nop" "$MARK-pipe"
	gone "$EBT_PID"
}
mkfifo "$TMP/pipe"
"$EBT_BIN" --cache-dir "$EBT_CACHE" -J >"$TMP/pipe" 2>"$TMP/err" </dev/null &
EBT_PID=$!
SPAWNED+=("$EBT_PID")
exec 8<"$TMP/pipe"
first_line() {
	"$EBT_TOOLS/nop" "$MARK-pipe"
	read -r -t 0.05 -u 8 _
}
wait_for 10 "a first line in the pipe" first_line
exec 8<&-
wait_for 10 "the reader of the pipe is gone: it ends" pipe_end
[ -s "$TMP/err" ] && { show "$TMP/err"; fail "a closed pipe: words on stderr"; }
# A full disk is said.
limit 30 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- "$EBT_TOOLS/nop" >/dev/full 2>"$TMP/err"
STATUS=$?
: >"$TMP/out"
sentence 1 'space|write' "stdout is a full device"
# Installed, it needs neither the checkout nor the build tree: cold, so that compiler and include tree are found.
if command -v cmake >/dev/null && [ -f "$(dirname "$EBT_BIN")/cmake_install.cmake" ]; then
	cmake --install "$(dirname "$EBT_BIN")" --prefix "$TMP/installed" >"$TMP/out" 2>&1 || { show "$TMP/out"; fail "cmake --install"; }
	run strace -f -qq -e trace=execve,openat -o "$TMP/trace" "$TMP/installed/bin/execbig-top" --no-cache -J -- "$EBT_TOOLS/nop"
	[ "$STATUS" = 0 ] || { show "$TMP/err"; fail "installed, cold: exit status $STATUS"; }
	# The file that is opened or run, not the arguments: the checkout may hold the build tree, and the command stands there.
	sed -nE 's/^[0-9]+ +(execve\(|openat\([^,]+, )"([^"]*)".*/\2/p' "$TMP/trace" >"$TMP/paths"
	grep -q -- "^$TMP/installed/.*/execbig-compile\$" "$TMP/paths" || fail "installed, cold: strace saw no compiler"
	grep -F -- "$EBT_SOURCE/" "$TMP/paths" | grep -vF -- "$EBT_TOOLS/" >"$TMP/used"
	[ -s "$TMP/used" ] && { show "$TMP/used"; fail "installed, it uses files of the checkout"; }
fi
# The program alone, without its compiler: a sentence that names it.
run "$TMP/bin/execbig-top" --no-cache -J -- "$EBT_TOOLS/nop"
sentence 1 'execbig-compile' "without execbig-compile"
exit 0
