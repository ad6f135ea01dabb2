#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# analyze.sh [cppcheck|tidy|deep|gcc]… - static analysis of src/ and ui/; without a name cppcheck, tidy and gcc (by hand;
# they take minutes). tidy is clang-tidy with .clang-tidy and a path search of bounded depth; deep is the
# same without the bound, which takes ten times as long. Needs compile_commands.json of a build: build/, or EBT_BUILD.
# Exit status 0 when nothing was found. What is not reported is listed with its reason, here and in .clang-tidy.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
BUILD=${EBT_BUILD:-$PWD/build}
DB=$BUILD/compile_commands.json
TMP=$(mktemp -d) || exit 1
trap 'rm -rf "$TMP"' EXIT

die() {
	printf 'analyze.sh: %s\n' "$*" >&2
	exit 1
}
[ -f "$DB" ] || die "$DB is missing: build first (scripts/test.sh), or name another build by EBT_BUILD"
need() { command -v "$1" >/dev/null || die "$1 is not installed (Debian: apt-get install $2)"; }

# Our sources in the build, one a line.
sources() {
	jq -r '.[].file' "$DB" | grep -E "^$PWD/(src|ui)/.*\.c$" | sort -u | while read -r file; do
		[ -f "$file" ] && printf '%s\n' "$file" # a list may be older than the tree
	done
}

# Not reported by cppcheck 2.10, everywhere:
#	resourceLeak, memleak, leakReturnValNotUsed: it does not know cleanup attributes, nor that /dev/null is opened for 0 to 2.
#	…Called: names and directories are read by processes that have one thread.
#	unknownMacro: LIBBPF_OPTS and HASH_ITER; internalAstError: its own, at valid conditional expressions with comments.
# and in one file each:
#	nullPointer: accept4 may be given NULL.
#	negativeIndex: the index is negative only where the function has returned.
#	returnDanglingLifetime: a function that returns the array it was given.
#	invalidPrintfArgType_uint: STACK_MAX, a positive constant.
#	ctuPointerArith: one past the end of the buffer, from which it counts down.
#	ctuuninitvar: the message that is filled in there.
run_cppcheck() {
	local off id
	need cppcheck cppcheck
	off=(resourceLeak memleak leakReturnValNotUsed getpwnamCalled getpwuidCalled getpwentCalled getgrnamCalled
		getgrgidCalled readdirCalled unknownMacro internalAstError nullPointer:src/app/control.c
		nullPointer:src/homeo/server.c negativeIndex:src/app/lab_stack.c returnDanglingLifetime:ui/details_field.c
		invalidPrintfArgType_uint:ui/scr_lab.c ctuPointerArith:src/decode/path.c ctuuninitvar:src/app/protocol.c)
	mkdir "$TMP/cppcheck"
	cppcheck --quiet --std=c11 --enable=warning,performance,portability --library=posix,gnu --inline-suppr \
		--error-exitcode=1 -j "$(nproc)" --cppcheck-build-dir="$TMP/cppcheck" --template='{file}:{line}: {message} [{id}]' \
		$(for id in "${off[@]}"; do printf -- "--suppress=%s " "$id"; done) \
		-Isrc -I. -Ibpf_text -D_GNU_SOURCE -DEBT_VERSION='"0"' -DEBT_BCC_VERSION='"0"' src ui
}

# One file a process: with several, clang-tidy 14 takes every va_list after the first file for uninitialized.
tidy() {
	need clang-tidy-14 clang-tidy-14
	sources | xargs -P "$(nproc)" -I '{}' clang-tidy-14 --quiet -p "$BUILD" --extra-arg=-Wno-unknown-warning-option "$@" '{}' \
		>"$TMP/tidy" 2>"$TMP/tidy.err" && return
	cat "$TMP/tidy"
	grep -v ' warnings\? generated\|Suppressed\|Use -' "$TMP/tidy.err"
	return 1
}
# Those that the unbounded search adds and that were looked at: values it cannot follow through an out parameter or a list.
run_tidy() { tidy --extra-arg=-Xclang --extra-arg=-analyzer-config --extra-arg=-Xclang --extra-arg=mode=shallow; }
run_deep() { tidy; }

# gcc 12, with the flags of the build. Not reported: file, kind, why.
gcc_known() {
	sed 's/ *#.*//' <<-'END'
		src/app/app.c null-dereference			# every define of ours has a "="
		src/base/container.c use-of-uninitialized-value	# a structure assigned whole
		src/homeo/ph.c malloc-leak			# kept in the table whose address it came from
		src/homeo/settings.c use-of-uninitialized-value	# memcpy of an integer, taken for its bytes
		src/sink/json_string.c use-of-uninitialized-value # the same
		src/model/filter.c null-dereference		# ids from first to next are there
		src/model/history.c null-dereference		# the same
		src/model/snapshot.c null-dereference		# as many as were reserved
		src/sink/compile_commands.c malloc-leak		# kept in a hash table
		src/transport/parts_read.c mismatching-deallocation # gcc 12 does not know reallocarray
	END
}
run_gcc() {
	need gcc gcc
	# Without optimization and its checked copies: the calls are then as they were written.
	jq -r '.[] | select(.file | test("/(src|ui)/[^:]*\\.c$")) | "\(.file)\t\(.command)"' "$DB" |
		awk -F '\t' -v root="$PWD/" 'index($1, root "src/") == 1 || index($1, root "ui/") == 1 {
			sub(/ -o .*/, "", $2); gsub(/-D_FORTIFY_SOURCE=2|-Werror/, "", $2)
			print $2 " -O0 -fanalyzer -o /dev/null -c " $1 " 2>&1 || echo " $1 ": does not compile: warning: [-Wanalyzer-none]"
		}' >"$TMP/commands"
	(cd "$BUILD" && xargs -P "$(nproc)" -d '\n' -n 1 bash -c <"$TMP/commands") >"$TMP/gcc.all"
	gcc_known >"$TMP/known"
	grep 'warning:.*\[-Wanalyzer' "$TMP/gcc.all" | sed "s|^$PWD/||" | sort -u | while read -r line; do
		kind=${line##*-Wanalyzer-}
		grep -qxF "${line%%:*} ${kind%]}" "$TMP/known" || printf '%s\n' "$line"
	done >"$TMP/gcc"
	cat "$TMP/gcc"
	[ ! -s "$TMP/gcc" ]
}

need jq jq
status=0
for tool in "${@:-cppcheck}" $([ $# -gt 0 ] || echo tidy gcc); do
	case $tool in
	cppcheck | tidy | deep | gcc) "run_$tool" || { echo "$tool: see above" && status=1; } ;;
	*) die "not a tool: $tool (cppcheck, tidy, deep, gcc)" ;;
	esac
done
exit "$status"
