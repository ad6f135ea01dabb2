#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A compilation database from a recorded build is the one that Bear makes of the same build, for two projects.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need bear make cmake gcc x86_64-linux-gnu-gcc-12

# same NAME: $TMP/bear.json and $TMP/ours.json, in any order.
same() {
	jq -cS '.[]' "$TMP/bear.json" | sort >"$TMP/want"
	jq -cS '.[]' "$TMP/ours.json" | sort >"$TMP/got"
	[ "$(wc -l <"$TMP/want")" -ge "$2" ] || fail "$1: Bear has only $(wc -l <"$TMP/want") entries"
	diff "$TMP/want" "$TMP/got" >"$TMP/diff" || { show "$TMP/diff"; fail "$1: entries differ from Bear's"; }
	say "$1: $(wc -l <"$TMP/got") entries, as Bear's"
}
# ours COMMAND…: the same build, recorded.
ours() {
	"$EBT_BIN" --cache-dir "$EBT_CACHE" -e -w "$TMP/b.rec" -- "$@" >"$TMP/out" 2>&1 || { show "$TMP/out"; fail "$* fails when traced"; }
	"$EBT_BIN" export compile-commands -r "$TMP/b.rec" -o "$TMP/ours.json" 2>"$TMP/err" || { show "$TMP/err"; fail "no export"; }
	[ ! -s "$TMP/err" ] || { show "$TMP/err"; fail "the export has something to say"; }
}

cp -r "$EBT_SOURCE/tests/data/project-make" "$EBT_SOURCE/tests/data/project-cmake" "$TMP/"
cd "$TMP/project-make" || fail "no project"
bear --output "$TMP/bear.json" -- make -j2 >"$TMP/out" 2>&1 || { show "$TMP/out"; fail "make fails"; }
make clean >/dev/null
ours make -j2
same project-make 10
# Static and setuid tools are no different here; what Bear cannot see is not in its file.

cd "$TMP/project-cmake" || fail "no project"
cmake -S . -B out -G "Unix Makefiles" -DCMAKE_BUILD_TYPE=Release >"$TMP/out" 2>&1 || { show "$TMP/out"; fail "cmake fails"; }
bear --output "$TMP/bear.json" -- cmake --build out -j 2 >"$TMP/out" 2>&1 || { show "$TMP/out"; fail "the build fails"; }
cmake --build out --target clean
ours cmake --build out -j 2
same project-cmake 4

# Compilers and wrappers that are scripts, and wrappers in a row. Bear looks a wrapped compiler up in PATH and takes distcc
# behind ccache for the compiler: of these only the rest is compared.
mkdir "$TMP/scripts" "$TMP/bin" && cd "$TMP/scripts" || fail "no directory"
printf '#!/bin/sh\nexec /usr/bin/gcc "$@"\n' >"$TMP/bin/cc"
printf '#!/usr/bin/perl -w\nexec "/usr/bin/gcc", @ARGV;\n' >"$TMP/bin/g++"
printf '#!/usr/bin/env bash\n/usr/bin/gcc "$@"\n' >"$TMP/bin/gcc"
printf '#!/bin/sh\nexec "$@"\n' | tee "$TMP/bin/ccache" >"$TMP/bin/distcc"
chmod +x "$TMP/bin/"*
for i in a b c d e f; do echo "int $i;" >$i.c; done
cp a.c x.c
cat >build.sh <<'B'
PATH=$TMP/bin:$PATH
cc -c -o a.o a.c
g++ -c -o x.o x.c
gcc -O2 -c b.c
ccache "$TMP/bin/cc" -c -o c.o c.c
distcc /usr/bin/gcc -c -o d.o d.c
ccache gcc -c -o e.o e.c
ccache distcc gcc -c -o f.o f.c
B
export TMP
bear --output "$TMP/bear.json" -- sh build.sh >"$TMP/out" 2>&1 || { show "$TMP/out"; fail "the scripts fail"; }
jq 'map(if .file | test("/[ef][.]c$") then .arguments |= ["gcc"] + .[index("-c"):] else . end)' "$TMP/bear.json" >"$TMP/known" &&
	mv "$TMP/known" "$TMP/bear.json"
ours sh build.sh
same scripts 7

# What is not whole is said, not guessed.
cd "$TMP/project-make" && make clean >/dev/null
"$EBT_BIN" --cache-dir "$EBT_CACHE" -e --args 40 -w "$TMP/cut.rec" -- make >"$TMP/out" 2>&1 || fail "make fails with --args"
"$EBT_BIN" export compile-commands -r "$TMP/cut.rec" -o "$TMP/cut.json" 2>"$TMP/err" || fail "no export of cut events"
grep -q 'not all of its command line is known' "$TMP/err" || { show "$TMP/err"; fail "cut command lines are not reported"; }
jq -e 'all(.[]; .arguments | all(length > 0))' "$TMP/cut.json" >/dev/null || fail "cut.json is not a database"
[ "$(jq length "$TMP/cut.json")" -lt "$(jq length "$TMP/ours.json")" ] || [ "$(jq '[.[] | select(.output)] | length' "$TMP/cut.json")" -lt 8 ] ||
	fail "cut command lines are in the database"
