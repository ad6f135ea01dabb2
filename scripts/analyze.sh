#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# analyze.sh [cppcheck|tidy|deep|gcc]… - static analysis of src/; without a name cppcheck, tidy and gcc (the last
# two take minutes and are run by hand). cppcheck takes seconds, looks at tests/ as well and is one of the tests. tidy
# is clang-tidy with .clang-tidy and a path search of bounded depth; deep is the same without the bound, which takes ten
# times as long. Exit status 0 when nothing was found. What is not reported is listed with its reason, here, in
# .clang-tidy and where the sources say NOLINT.
#
# All but cppcheck need compile_commands.json of a build: build/, or EBT_BUILD. What a tool said of a file is kept in
# analyze/ there and holds until the file, a header of it or the tool's settings change: a run that was cut goes on
# where it was; analyze/log says how far it is. EBT_JOBS: processes at a time.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
BUILD=$(realpath -m "${EBT_BUILD:-build}")
KEPT=$BUILD/analyze
JOBS=${EBT_JOBS:-$(nproc)}
TMP=$(mktemp -d) || exit 1
trap 'rm -rf "$TMP"' EXIT
export LC_ALL=C BUILD KEPT ROOT=$PWD

die() {
	printf 'analyze.sh: %s\n' "$*" >&2
	exit 1
}
need() { command -v "$1" >/dev/null || die "$1 is not installed (Debian: apt-get install $2)"; }

# What cppcheck has to know of headers that it does not read; a macro that it does not know ends the check of a file.
cppcheck_macros() {
	cat <<-'END'
		#define LIBBPF_OPTS(type, name, ...) struct type name = { .sz = sizeof(struct type), __VA_ARGS__ }
		#define HASH_ITER(hh, head, el, next) \
			for ((el) = (head), (next) = (el) ? (el)->hh.next : NULL; (el); (el) = (next), (next) = (next) ? (next)->hh.next : NULL)
		#define json_array_foreach(a, i, v) for ((i) = 0; (i) < json_array_size(a) && ((v) = json_array_get(a, i)); (i)++)
	END
}

# Not reported by cppcheck 2.10: what, where, why.
cppcheck_known() {
	sed 's/[[:space:]]*#.*//' <<-'END'
		resourceLeak			# it does not know cleanup attributes
		memleak				# the same
		leakReturnValNotUsed		# /dev/null is opened for 0 to 2; tests open what they must not be able to
		leakNoVarFunctionCall:tests/*	# the same
		invalidPrintfArgType_uint	# positive constants; gcc looks at formats
		getpwnamCalled			# names and directories are read by processes that have one thread
		getpwuidCalled			# the same
		getpwentCalled			# the same
		getgrnamCalled			# the same
		getgrgidCalled			# the same
		readdirCalled			# the same
		ttynameCalled:tests/*		# the same
		strtokCalled:tests/*		# the same
		nullPointer:src/processes/loader/tune_socket.c	# accept4 may be given NULL
		nullPointer:src/homeostasis/server.c	# the same
		nullPointer:tests/lib/habits.c	# a system call that is to fail
		ignoredReturnValue:tests/lib/habits.c # a system call that is to be seen
		returnDanglingLifetime:src/ui/screens/details_fields.c # a function that returns the array it was given
		arrayIndexOutOfBoundsCond:src/ui/screens/bpf_insn.c # a list of the kernel's header, which it does not read
		ctuPointerArith:src/decode/path.c # one past the end of the buffer, from which it counts down
		ctuuninitvar:src/ipc/protocol.c	# the message that is filled in there
		uninitvar:tests/unit/model/test_rate.c # n entries of the array were written
		legacyUninitvar:tests/unit/recording/test_file.c # written by the function that is given it
		unknownEvaluationOrder:tests/unit/ui/feed.h # a member has the name of the variable
	END
}
run_cppcheck() {
	need cppcheck cppcheck
	mkdir "$TMP/cppcheck"
	cppcheck_macros >"$TMP/macros.h"
	cppcheck_known >"$TMP/known"
	cppcheck --quiet --std=c11 --enable=warning,performance,portability --library=posix,gnu --error-exitcode=1 \
		-j "$JOBS" --cppcheck-build-dir="$TMP/cppcheck" --template='{file}:{line}: {message} [{id}]' \
		--suppressions-list="$TMP/known" --include="$TMP/macros.h" -Isrc -I. -Ibpf_text -D_GNU_SOURCE -D__x86_64__ \
		-DEBT_VERSION='"0"' -DEBT_BCC_VERSION='"0"' src tests
}

# For the two that search paths: a hash function that they do not see into. With uthash's own, at every place of use, gcc
# is not done with a file in minutes, and clang takes the key for uninitialized.
HASH='-DHASH_FUNCTION(key,len,out)=do {'
HASH+=' extern unsigned some_hash(const void *, unsigned long); (out) = some_hash(key, len); } while (0)'
export HASH

# one TOOL "FILE<tab>COMMAND": what the tool says of the file is in $KEPT/TOOL/FILE, below a line that says what it read.
one() {
	local tool=$1 file command out key start=$SECONDS
	IFS=$'\t' read -r file command <<<"$2"
	out=$KEPT/$tool/$file
	key=$({
		bash -c "cd '$BUILD' && $command -E -CC '$ROOT/$file'" 2>&1
		cat .clang-tidy
		declare -p HASH
		declare -f "look_$tool" look_deep
	} | sha256sum)
	[ -f "$out" ] && [ "$(head -n 1 "$out")" = "$key" ] && return
	mkdir -p "${out%/*}"
	{
		printf '%s\n' "$key"
		"look_$tool" "$ROOT/$file" "$command"
	} >"$out.new" || {
		cat "$out.new" >&2
		return 255 # it did not run to its end: so does xargs
	}
	mv "$out.new" "$out"
	printf '%(%F %T)T %s %s: %u lines, %u s\n' -1 "$tool" "$file" "$(tail -n +2 "$out" | wc -l)" \
		"$((SECONDS - start))" >>"$KEPT/log"
}
export -f one

# every TOOL: one of each of our sources in the build; prints what was said of them.
every() {
	local file command tool=$1
	need jq jq
	[ -f "$BUILD/compile_commands.json" ] ||
		die "$BUILD/compile_commands.json is missing: build first (scripts/test.sh), or name another build by EBT_BUILD"
	# A list may be older than the tree.
	jq -r '.[] | "\(.file)\t\(.command)"' "$BUILD/compile_commands.json" | sort -u -t $'\t' -k 1,1 |
		while IFS=$'\t' read -r file command; do
			[[ $file == "$PWD"/src/*.c && -f $file ]] &&
				printf '%s\t%s\n' "${file#"$PWD"/}" "${command% -o *}"
		done >"$TMP/sources"
	[ -s "$TMP/sources" ] || die "no source of this tree in $BUILD/compile_commands.json"
	export -f "look_$tool"
	# shellcheck disable=SC2016 # $@ is that bash's
	xargs -P "$JOBS" -d '\n' -n 1 bash -c 'one "$@"' one "$tool" <"$TMP/sources" || die "$tool: not done with all files"
	cut -f 1 "$TMP/sources" | while read -r file; do tail -n +2 "$KEPT/$tool/$file"; done
}

# One file a process: with several, clang-tidy 14 takes every va_list after the first file for uninitialized.
look_deep() {
	clang-tidy-14 --quiet -p "$BUILD" --extra-arg=-Wno-unknown-warning-option --extra-arg="$HASH" "${@:3}" "$1" 2>&1 |
		grep -v ' warnings\? generated\|Suppressed\|Use -'
	[ "${PIPESTATUS[0]}" -lt 126 ]
}
look_tidy() { look_deep "$1" "$2" --extra-arg=-Xclang --extra-arg=-analyzer-config --extra-arg=-Xclang --extra-arg=mode=shallow; }
run_tidy() {
	need clang-tidy-14 clang-tidy-14
	export -f look_deep
	every "${1:-tidy}" >"$TMP/tidy"
	cat "$TMP/tidy"
	[ ! -s "$TMP/tidy" ]
}
run_deep() { run_tidy deep; }

# Not reported by gcc 12: file, function, kind, why.
gcc_known() {
	sed 's/[[:space:]]*#.*//' <<-'END'
		src/cli/dispatch.c dispatch_print_bpf null-dereference # every define of ours has a "="
		src/processes/view/transport_handover.c ebt_held_add malloc-leak # kept in the list that it is copied to
		src/lab/parse.c make_insns malloc-leak # kept in the list of programs
		src/lab/parse.c make_lines malloc-leak # the same
		src/cgroup/container.c ebt_container_find use-of-uninitialized-value # a structure assigned whole
		src/compile/convert.c take_progs malloc-leak # kept in the image, which the caller frees
		src/compile/convert.c take_relocs malloc-leak # the same
		src/homeostasis/profile.c ebt_ph_set_row malloc-leak # kept in the table whose address it came from
		src/homeostasis/settings.c ebt_ph_setting_set use-of-uninitialized-value # memcpy of an integer, taken for its bytes
		src/model/exe_counts.c ebt_exes_arrived malloc-leak # kept in a hash table
		src/model/exe_counts.c ebt_exes_sync malloc-leak # the same
		src/model/filter.c ebt_filter_add null-dereference # ids from first to next are there
		src/model/history.c drop_oldest null-dereference # the same
		src/model/snapshot.c fill_group null-dereference # as many as were reserved
		src/export/compile_commands.c take_exec malloc-leak # kept in a hash table
		src/sink/json_string.c copy_plain use-of-uninitialized-value # memcpy of an integer, taken for its bytes
	END
}
# Without optimization and its checked copies: the calls are then as they were written.
look_gcc() {
	local command=${2//-D_FORTIFY_SOURCE=2/}
	(cd "$BUILD" && bash -c "${command//-Werror/} '$HASH' -O0 -fanalyzer -o /dev/null -c '$1'") 2>&1
}
run_gcc() {
	need gcc gcc
	every gcc >"$TMP/gcc.all"
	gcc_known >"$TMP/known"
	# "FILE: In function 'NAME':" is said before the warnings in it.
	sed -n "s|$PWD/||g; s/: In function '\(.*\)':\$/ \1/p; s/^\([^:]*:[^ ]* warning: .*\)\$/\1/p" "$TMP/gcc.all" |
		awk '!/warning:/ { name = $2; next } { print name "\t" $0 }' | sort -u | while IFS=$'\t' read -r name line; do
		kind=${line##*\[-Wanalyzer-}
		grep -qxF "${line%%:*} $name ${kind%]}" "$TMP/known" || printf '%s (in %s)\n' "$line" "$name"
	done >"$TMP/gcc"
	cat "$TMP/gcc"
	[ ! -s "$TMP/gcc" ]
}

status=0
for tool in "${@:-cppcheck}" $([ $# -gt 0 ] || echo tidy gcc); do
	case $tool in
	cppcheck | tidy | deep | gcc) "run_$tool" || { echo "$tool: see above" && status=1; } ;;
	*) die "not a tool: $tool (cppcheck, tidy, deep, gcc)" ;;
	esac
done
exit "$status"
