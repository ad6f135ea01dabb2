#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# clang-format would change nothing.
. "$(dirname "$0")/lib.sh"

command -v clang-format-14 >/dev/null || { echo "SKIP: needs clang-format-14"; exit 77; }
while read -r file; do
	clang-format-14 --dry-run -Werror "$file" >/dev/null 2>&1 || bad "$file: run clang-format-14 -i on it"
done < <(project_files '*.c' '*.h')
finish
