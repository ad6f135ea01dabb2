#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A working directory and an environment that somebody else prepared: while root compiles nothing of it is looked at, run or
# written to; what is read from there for the terminal is read as the user.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../tui/tui.sh"

need_kernel
need_tui
need strace
USER_ID=12345
PARTS=$(dirname "$(readlink -f "$EBT_BIN")")
COMPILER=$PARTS/execbig-compile
HEADERS=$PARTS/kinclude
[ -x "$COMPILER" ] && [ -d "$HEADERS" ] || fail "no compiler and headers beside $EBT_BIN"

# Headers of every name that ours have and one that only this place has, in each directory a search could take them from;
# programs of the names that could be started.
EVIL=$TMP/evil
mkdir -p "$EVIL/tmp" "$EVIL/bin"
for dir in "$EVIL" "$EVIL/include" "$EVIL/kinclude/include"; do
	for name in $(cd "$HEADERS/include" && find . -name '*.h') stddef.h stdint.h asm/types.h ebt_planted.h; do
		mkdir -p "$dir/$(dirname "$name")"
		echo '#error planted' >"$dir/$name"
	done
done
for name in execbig-compile clang clang-14 cc ld sh uname modprobe xz tar nop; do
	printf '#!/bin/sh\necho "$0" >>%q/ran\n' "$EVIL" | tee "$EVIL/$name" >"$EVIL/bin/$name"
	chmod 0755 "$EVIL/$name" "$EVIL/bin/$name"
done
poison=(BCC_KERNEL_SOURCE="$EVIL" BCC_KERNEL_MODULES_DIR="$EVIL" BCC_KERNEL_MODULES_SUFFIX=/ BCC_LINUX_VERSION_CODE=1
	CPATH="$EVIL" C_INCLUDE_PATH="$EVIL/include" CPLUS_INCLUDE_PATH="$EVIL" OBJC_INCLUDE_PATH="$EVIL" COMPILER_PATH="$EVIL/bin"
	CCC_OVERRIDE_OPTIONS="+-I$EVIL" DEPENDENCIES_OUTPUT="$EVIL/dependencies" CC_PRINT_OPTIONS=1 CC_PRINT_OPTIONS_FILE="$EVIL/options"
	TMPDIR="$EVIL/tmp" TMP="$EVIL/tmp" TEMP="$EVIL/tmp" HOME="$EVIL" XDG_CACHE_HOME="$EVIL" XDG_CONFIG_HOME="$EVIL" PATH="$EVIL/bin:$EVIL:.:"
	LLVM_SYMBOLIZER_PATH="$EVIL/bin/sh" SHELL="$EVIL/bin/sh" IFS=/ ENV="$EVIL/sh" BASH_ENV="$EVIL/sh" LOCPATH="$EVIL" NLSPATH="$EVIL/%N"
	LC_ALL=zz_ZZ.UTF-8 TERMINFO="$EVIL/terminfo" TERMINFO_DIRS="$EVIL/terminfo" TERMCAP="$EVIL/termcap")
strace=$(command -v strace)
chown -R "$USER_ID:$USER_ID" "$EVIL"
cd "$EVIL" || fail "no $EVIL"
listing() { find "$EVIL" -printf '%p %y %s %u %T@\n' | sort; }
listing >"$TMP/before"

# Whole program, compiling: it works, and no path in there was asked for before the user was.
run() {
	env -i "${poison[@]}" SUDO_UID=$USER_ID SUDO_GID=$USER_ID "$strace" -f -qq -v -s 4096 --seccomp-bpf -e trace=%file,setresuid,chdir,execve \
		-o "$TMP/trace" "$EBT_BIN" "$@" -J -- "$EBT_TOOLS/nop" "$MARK" >"$TMP/out" 2>"$TMP/err" </dev/null
}
# Lines of $TMP/trace with a path below $EVIL, or one that is not absolute by a process that is still there; by root.
root_touched() {
	awk -v evil="\"$EVIL" '
		$2 ~ /^setresuid\(/ { user[$1] = 1; next }
		$2 ~ /^chdir\("\// && !index($0, evil) { moved[$1] = 1; next }
		user[$1] || $2 ~ /^execve\(/ { next }
		index($0, evil) || !moved[$1] && /\((AT_FDCWD, )?"[^\/"]/ { print }' "$TMP/trace" >"$TMP/touched"
	[ ! -s "$TMP/touched" ]
}
run --no-cache || { show "$TMP/err"; fail "in a poisoned environment: exit status $?"; }
has "$MARK" "$TMP/out" || fail "in a poisoned environment nothing is seen"
root_touched || { show "$TMP/touched"; fail "root looked at what somebody else has prepared"; }
grep -F "execve(\"$COMPILER\"" "$TMP/trace" >"$TMP/exec" || fail "the compiler was not started: the check would prove nothing"
grep -qE '\], \["PATH=/usr/bin:/bin", "LC_ALL=C"\](\)| <unf)' "$TMP/exec" || { show "$TMP/exec"; fail "the compiler has another environment"; }
pid=$(sed 's/ .*//' "$TMP/exec")
grep -qE "^$pid +chdir\(\"/\"\)" "$TMP/trace" || fail "the compiler does not work in /"
awk -v pid="$pid" '$1 == pid' "$TMP/trace" | grep -cF "\"$HEADERS/" >"$TMP/count" || fail "the compiler reads no header: the trace proves nothing"
grep -oE '^[0-9]+ +execve\("[^"]*"' "$TMP/trace" | sed 's/.*"\(.*\)"/\1/' | sort -u >"$TMP/ran"
printf '%s\n' "$EBT_BIN" "$COMPILER" "$EBT_TOOLS/nop" | sort -u | cmp -s - "$TMP/ran" || { show "$TMP/ran"; fail "other programs were started"; }

# A header that is only there is not found; the same text and environment, straight to the compiler: it is.
cp -r "$EBT_SOURCE/bpf_text" "$TMP/text"
sed -i '1i #include <ebt_planted.h>' "$TMP/text/stubs.bpf.c"
run --no-cache --bpf-text "$TMP/text" && fail "a planted header was included"
grep -q "'ebt_planted.h' file not found" "$TMP/err" || { show "$TMP/err"; fail "not refused because the header is not there"; }
root_touched || { show "$TMP/touched"; fail "root looked at what somebody else has prepared"; }
"$EBT_BIN" --bpf-text "$TMP/text" --print-bpf >"$TMP/text.c" || fail "--print-bpf"
for variable in CPATH C_INCLUDE_PATH; do
	env -i "$variable=$EVIL" "$COMPILER" --headers "$HEADERS" <"$TMP/text.c" >/dev/null 2>"$TMP/err" && fail "a text with #error compiles"
	grep -q 'error: planted' "$TMP/err" || { show "$TMP/err"; fail "$variable does nothing: the check above proves nothing"; }
done
[ ! -e "$EVIL/ran" ] || { show "$EVIL/ran"; fail "a planted program was run"; }
listing | diff "$TMP/before" - >"$TMP/diff" || { show "$TMP/diff"; fail "something was written there"; }

# On a terminal: its description is looked for in TERMINFO, by the user alone.
cd "$TMP" || fail "no $TMP"
tui_open 100 30
tui_line "clear; TERMINFO='$EVIL/terminfo' LOCPATH='$EVIL' LC_ALL=zz_ZZ.UTF-8 SUDO_UID=$USER_ID SUDO_GID=$USER_ID strace -f -qq -s 4096 -e trace=%file,setresuid -o '$TMP/trace' '$EBT_BIN' --cache-dir '$EBT_CACHE'; echo \"ended=\$?\""
tui_wait 30 'F1 ?Help' "the F-key bar"
tui_keys q
tui_wait 20 'ended=0' "the end"
grep -qF "\"$EVIL/terminfo" "$TMP/trace" || fail "TERMINFO is not looked at: the check proves nothing"
root_touched || { show "$TMP/touched"; fail "root looked at TERMINFO or LOCPATH"; }
