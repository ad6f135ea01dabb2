#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Files: length, licence line, no trace of the machine they were written on, shell that parses.
. "$(dirname "$0")/lib.sh"

while read -r file; do
	lines=$(wc -l <"$file")
	[ "$lines" -le 500 ] || bad "$file: $lines lines, at most 500 (better 400)"
	[ "$lines" -le 400 ] || [ "$lines" -gt 500 ] || echo "note: $file has $lines lines"
done < <(project_files '*.c' '*.h' '*.sh' '*.cmake' '*CMakeLists.txt')

while read -r file; do
	head -n 3 "$file" | grep -q 'SPDX-License-Identifier: ' || bad "$file: no SPDX line at the top"
done < <(project_files '*.c' '*.h' '*.sh' '.ci/run')

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
finish
