# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
#
# lib.sh - the files of the project, and how a check reports.

set -uo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
BAD=0

bad() {
	printf '%s\n' "$*"
	BAD=$((BAD + 1))
}

finish() {
	[ "$BAD" = 0 ] || {
		echo "$BAD found"
		exit 1
	}
	exit 0
}

# project_files NAME…: files of the project with these name patterns, none made by a build. With git, what git would add.
project_files() {
	if git -c safe.directory='*' rev-parse --git-dir >/dev/null 2>&1; then
		git -c safe.directory='*' ls-files --cached --others --exclude-standard -- "$@" | sort -u | while read -r file; do
			[ -f "$file" ] && printf '%s\n' "$file"
		done
	else
		local names=() name
		for name in "$@"; do names+=(-o -name "$name"); done
		find . -name 'build*' -prune -o -name .git -prune -o -type f \( "${names[@]:1}" \) -print | sed 's|^\./||' | sort
	fi
}
