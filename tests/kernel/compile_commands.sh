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

# Sources that the build removed are left out, as Bear does; so do variables and response files count that only an environment
# or a file names. Versions without a dash, languages by -x and precompiled headers are taken.
mkdir "$TMP/kinds" && cd "$TMP/kinds" || fail "no directory"
ln -s "$(command -v gcc)" gcc12
echo 'int a;' | tee a.c b.c c.txt >d.c
echo '#define X' >pch.h
echo '-c "b.c" -o b.o' >all.rsp
cat >build.sh <<'B'
echo 'int main;' >conftest.c; gcc -c conftest.c; rm -f conftest.*
gcc -c -o a.o a.c
gcc -x c-header pch.h -o pch.h.gch
gcc -x c -c c.txt -o c.o
CPATH=:inc gcc -c -o d.o d.c
B
bear --output "$TMP/bear.json" -- sh build.sh >"$TMP/out" 2>&1 || { show "$TMP/out"; fail "the kinds fail"; }
"$EBT_BIN" --cache-dir "$EBT_CACHE" -e --env -w "$TMP/b.rec" -- sh build.sh >"$TMP/out" 2>&1 || { show "$TMP/out"; fail "the kinds fail when traced"; }
"$EBT_BIN" export compile-commands -r "$TMP/b.rec" -o "$TMP/ours.json" 2>"$TMP/err" || { show "$TMP/err"; fail "no export of the kinds"; }
grep -q '^execbig-top: warning: 1 compilations are not in the database: their source file' "$TMP/err" || { show "$TMP/err"; fail "the missing source is not reported"; }
# Bear leaves a file out whose name has no ending that it knows; we follow -x.
jq 'map(select(.file | endswith("c.txt") | not))' "$TMP/ours.json" >"$TMP/known"
[ "$(jq length "$TMP/ours.json")" = "$(($(jq length "$TMP/known") + 1))" ] || fail "-x c: c.txt is not in the database"
jq 'map(select(.file | endswith("c.txt") | not))' "$TMP/bear.json" >"$TMP/bear2" && mv "$TMP/bear2" "$TMP/bear.json"
mv "$TMP/known" "$TMP/ours.json"
same kinds 3
printf './gcc12 -c a.c -o a12.o\ngcc @all.rsp\n' >build.sh
ours sh build.sh
jq -e 'any(.arguments == [$c, "-c", "-o", "a12.o", "a.c"])' --arg c "$PWD/gcc12" "$TMP/ours.json" >/dev/null || { show "$TMP/ours.json"; fail "gcc12 is not taken for a compiler"; }
jq -e 'any(.arguments[1:] == ["-c", "-o", "b.o", "b.c"])' "$TMP/ours.json" >/dev/null || { show "$TMP/ours.json"; fail "the response file was not read"; }

# A response file that others may not read stays closed, and a database with entries is not replaced by an empty one.
chmod 700 "$TMP" && install -m 600 -o 12345 all.rsp secret.rsp
echo 'gcc @secret.rsp' >build.sh
"$EBT_BIN" --cache-dir "$EBT_CACHE" -e -w "$TMP/b.rec" -- sh build.sh >"$TMP/out" 2>&1 || fail "the build fails"
! "$EBT_BIN" export compile-commands -r "$TMP/b.rec" -o "$TMP/ours.json" 2>"$TMP/err" || fail "an empty database is a success"
grep -q 'keeps its contents' "$TMP/err" && [ "$(jq length "$TMP/ours.json")" = 2 ] || { show "$TMP/err"; fail "the database was replaced by an empty one"; }

# --append keeps what the new recording does not have; --compiler adds a name.
ln -sf "$(command -v gcc)" mycompiler
echo './mycompiler -c d.c' >build.sh
"$EBT_BIN" --cache-dir "$EBT_CACHE" -e -w "$TMP/b.rec" -- sh build.sh >"$TMP/out" 2>&1 || fail "the build fails"
"$EBT_BIN" export compile-commands -r "$TMP/b.rec" -o "$TMP/ours.json" --append --compiler mycompiler 2>"$TMP/err" || { show "$TMP/err"; fail "no --append"; }
[ "$(jq -r '[.[].file | sub(".*/"; "")] | sort | join(" ")' "$TMP/ours.json")" = "a.c b.c d.c" ] || { show "$TMP/ours.json"; fail "--append: other entries"; }

# What is not whole is said, not guessed.
cd "$TMP/project-make" && make clean >/dev/null
"$EBT_BIN" --cache-dir "$EBT_CACHE" -e --args 40 -w "$TMP/cut.rec" -- make >"$TMP/out" 2>&1 || fail "make fails with --args"
"$EBT_BIN" export compile-commands -r "$TMP/cut.rec" -o "$TMP/cut.json" 2>"$TMP/err" || fail "no export of cut events"
grep -q 'not all of its command line is known' "$TMP/err" || { show "$TMP/err"; fail "cut command lines are not reported"; }
jq -e 'all(.[]; .arguments | all(length > 0))' "$TMP/cut.json" >/dev/null || fail "cut.json is not a database"
[ "$(jq '[.[] | select(.output)] | length' "$TMP/cut.json")" -lt 8 ] ||
	fail "cut command lines are in the database"
