#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# coverage.sh [LABEL…] - how much of src/ the tests reach: builds with clang's counters in build-cov/, runs the tests
# with these labels (unit golden fault kernel security tui demo; as root, some fifteen minutes), prints a table of the rooms and
# writes build-cov/unreached.txt: each function that no test reached. docs/coverage.md has the last run that was looked at.
#
# coverage.sh --of DIR - the table alone, of a build with gcc's --coverage whose tests have run: scripts/test.sh ends with
# the one of its sanitizer build (unit, golden and fault tests; what starts the real program is not in it).
#
# The counters are a file that each process maps at its start: those of the view count too, which may open nothing, ends by
# _exit and is killed now and then. A test that fails because of them (one looks at which files root opens) has counted still.
. "$(dirname "$0")/lib.sh"

DIR=$EBT_ROOT/build-cov

# table: "ROOM LINES REACHED FUNCTIONS REACHED" for each file on stdin, summed up by room.
table() {
	awk '
		function row(name, l, lr, f, fr) {
			printf "%-12s %7d %7.1f %% %9d %7.1f %%\n", name, l, l ? 100 * lr / l : 0, f, f ? 100 * fr / f : 0
		}
		{
			if (!($1 in lines)) order[++n] = $1
			lines[$1] += $2; reached[$1] += $3; functions[$1] += $4; called[$1] += $5
			L += $2; R += $3; F += $4; C += $5
		}
		END {
			printf "%-12s %7s %9s %9s %9s\n", "room", "lines", "reached", "functions", "reached"
			for (i = 1; i <= n; i++) row(order[i], lines[order[i]], reached[order[i]], functions[order[i]], called[order[i]])
			row("all", L, R, F, C)
		}'
}

# Of a gcc build: gcov adds up what all test programs left beside each object file.
of_gcc() {
	local dir
	dir=$(cd "$1" && pwd) || ebt_die "no build: $1"
	find "$dir/CMakeFiles" -name '*.gcda' | grep -E '/ebt_[a-z_]+\.dir/' >"$TMP/data" || ebt_die "$dir has no counters: build it with --coverage and run its tests"
	# Rooms of which no test ran have notes without data: gcov takes them as never reached.
	find "$dir/CMakeFiles" -path '*/ebt_*.dir/*' -name '*.gcno' | sed 's/gcno$/gcda/' |
		(cd "$TMP" && xargs -n 40 gcov --json-format --stdout 2>/dev/null) |
		jq -r --arg root "$EBT_ROOT/" '
			def plain: if test("[^/]+/[.][.]/") then sub("[^/]+/[.][.]/"; "") | plain else . end;
			.current_working_directory as $cwd | .files[] | (if .file | startswith("/") then .file else $cwd + "/" + .file end | plain) as $path |
			select($path | startswith($root)) | ($path | ltrimstr($root)) as $file | select($file | test("^src/.*[.]c$")) |
			[($file | sub("^src/"; "") | split("/")[:-1] | join("/")), (.lines | length), ([.lines[] | select(.count > 0)] | length),
			 (.functions | length), ([.functions[] | select(.execution_count > 0)] | length)] | join(" ")' | sort | table
}

of_clang() {
	local objects=("$DIR/execbig-top" -object "$DIR/execbig-compile")
	llvm-profdata-14 merge -sparse -o "$DIR/all.profdata" "$DIR"/profiles/*.profraw || ebt_die "the profiles cannot be read"
	llvm-cov-14 export -skip-expansions -instr-profile="$DIR/all.profdata" "${objects[@]}" >"$DIR/export.json" || ebt_die "llvm-cov failed"
	jq -r --arg root "$EBT_ROOT/" '.data[0].files[] | (.filename | ltrimstr($root)) as $file | select($file | test("^src/.*[.]c$")) |
		[($file | sub("^src/"; "") | split("/")[:-1] | join("/")), .summary.lines.count, .summary.lines.covered,
		 .summary.functions.count, .summary.functions.covered] | join(" ")' "$DIR/export.json" | sort | table
	jq -r --arg root "$EBT_ROOT/" '.data[0].functions[] | (.filenames[0] | ltrimstr($root)) as $file | select($file | test("^src/.*[.]c$")) |
		[$file, (.name | sub("^.*:"; "")), .count] | @tsv' "$DIR/export.json" |
		awk -F '\t' '{ n[$1 "\t" $2] += $3 } END { for (f in n) if (!n[f]) print f }' | sort >"$DIR/unreached.txt"
	echo "$(wc -l <"$DIR/unreached.txt") functions that no test reached: build-cov/unreached.txt"
}

TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
if [ "${1:-}" = --of ]; then
	[ $# = 2 ] || ebt_die "--of takes one directory"
	of_gcc "$2"
	exit
fi
for label in "$@"; do
	[[ $label =~ ^[a-z]+$ ]] || ebt_die "not a label: $label (unit, golden, fault, kernel, security, tui, demo)"
done
[ $# -gt 0 ] || set -- unit golden fault kernel security tui demo
ebt_install "${EBT_BUILD_PACKAGES[@]}" "${EBT_TEST_PACKAGES[@]}" llvm-14
mkdir -p "$DIR/profiles"
# The file's name is in the program: the compiler is started without an environment. Other users' processes write there too.
chmod 0777 "$DIR/profiles"
umask 0
flags="-fprofile-instr-generate=$DIR/profiles/%m%c.profraw -fcoverage-mapping -mllvm -runtime-counter-relocation -w"
ebt_build build-cov "" -DCMAKE_BUILD_TYPE=Debug -DEBT_TESTS=ON "-DCMAKE_C_COMPILER=$(command -v clang-14)" "-DCMAKE_C_FLAGS=$flags"
rm -f "$DIR"/profiles/*.profraw
ctest --test-dir "$DIR" -L "^($(IFS='|' && echo "$*"))\$" --output-on-failure >"$DIR/tests.log" 2>&1 || ebt_note "some tests failed: build-cov/tests.log"
tail -n 20 "$DIR/tests.log" | grep -E 'tests passed|tests failed' || true
of_clang
