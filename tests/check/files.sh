#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Files: length, licence line, no trace of the machine they were written on, shell that parses.
. "$(dirname "$0")/lib.sh"

# Sources have at most 400 lines, tests and scripts at most 500; a room, a folder below src/, has at most 5,000.
while read -r lines file; do
	most=500
	[[ $file == tests/* || $file == scripts/* ]] || most=400
	[ "$lines" -le $most ] || bad "$file: $lines lines, at most $most"
done < <(project_files '*.c' '*.h' '*.sh' '*.cmake' '*CMakeLists.txt' | xargs -r -d '\n' wc -l | grep -v ' total$')
while read -r lines room; do
	[ "$lines" -le 5000 ] || bad "src/$room: $lines lines in one room, at most 5000"
done < <(project_files 'src/*.c' 'src/*.h' | xargs -r -d '\n' wc -l | grep -v ' total$' |
	awk '{ sub(/^src\//, "", $2); sub(/\/?[^\/]*$/, "", $2); n[$2] += $1 } END { for (r in n) print n[r], r }')

while read -r file; do
	bad "$file: no SPDX line at the top"
done < <(project_files '*.c' '*.h' '*.sh' '.ci/run' | xargs -r -d '\n' awk 'FNR == 1 { if (name && !found) print name; name = FILENAME; found = 0 }
	FNR <= 3 && /SPDX-License-Identifier: / { found = 1 } END { if (!found) print name }')

while read -r file; do
	bash -n "$file" || bad "$file: bash does not parse it"
	# Sourced files say so instead of naming an interpreter.
	head -n 1 "$file" | grep -q '^# shellcheck shell=bash' || [ -x "$file" ] || bad "$file: not executable"
done < <(project_files '*.sh' '.ci/run')

# Where this checkout is, whose home, which host: none of it belongs into a file. A top-level directory that every system
# has, or whose name the project uses for a directory of its own, proves nothing.
traces=("$PWD/" "$(uname -r)")
top=$(cut -d / -f 2 <<<"$PWD")
[[ " home root tmp usr var opt srv mnt build builds " == *" $top "* ]] ||
	grep -qE "(^|/)$top/" <<<"$(project_files '*')" || traces+=("/$top/")
[[ ${HOME:-} != /home/* ]] || traces+=("$HOME/")
for trace in "${traces[@]}"; do
	while read -r hit; do
		bad "$hit: a path or name of this machine ($trace)"
	done < <(project_files '*' | xargs -r -d '\n' grep -InF -- "$trace" | cut -c 1-160)
done
while read -r hit; do
	bad "$hit: spaces or tabs at the end of a line"
done < <(project_files '*.c' '*.h' '*.sh' '*.cmake' '*CMakeLists.txt' | xargs -r -d '\n' grep -nE '[[:blank:]]+$' | cut -c 1-120)
# A comment, message or document names only documents that are in the tree. Names with a variable or in capitals are patterns.
while IFS=: read -r file line name; do
	[ -f "$name" ] || [ -f "$(dirname "$file")/$name" ] || [ -f "docs/$name" ] || bad "$file:$line: there is no document $name"
done < <(project_files '*.c' '*.h' '*.sh' '*.cmake' '*CMakeLists.txt' '*.md' '*.8' |
	xargs -r -d '\n' grep -noP '(?<![\w/$}.-])(\.\./)*(?!\S*(NAME|NN-|DIR/))[A-Za-z0-9_][\w./-]*\.md\b')
# Every fork is made by confine/child.c, so that no child inherits what it was not given.
while read -r hit; do
	bad "$hit: only confine/child.c may fork; use ebt_child_fork"
done < <(project_files 'src/*.c' | grep -vx 'src/confine/child.c' | xargs -r -d '\n' grep -nE '\b(v?fork|close_range|posix_spawnp?|popen|system)\(' |
	cut -c 1-120)
finish
