#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# clang-format would change nothing.
. "$(dirname "$0")/lib.sh"

command -v clang-format-14 >/dev/null || { echo "SKIP: needs clang-format-14"; exit 77; }
# One process for all: starting it for each file takes a hundred times as long.
mapfile -t files < <(project_files '*.c' '*.h')
while read -r file; do
	bad "$file: run clang-format-14 -i on it"
done < <(clang-format-14 --dry-run -Werror "${files[@]}" 2>&1 | sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: error: .*/\1/p' | sort -u)
finish
