#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Every test that docs/security.md names exists, and each test of tests/security and tests/fault stands there.
. "$(dirname "$0")/lib.sh"

doc=docs/security.md
# file_of NAME: what the test of that name is made of.
file_of() {
	local test
	case $1 in
	unit_*)
		# unit_ROOM_NAME: a / in ROOM is a _ there.
		for test in tests/unit/*/test_*.c tests/unit/*/*/test_*.c; do
			[ "unit_$(dirname "${test#tests/unit/}" | tr / _)_$(basename "$test" .c | sed 's/^test_//')" != "$1" ] || echo "$test"
		done
		;;
	fuzz_*) echo "tests/fuzz/$1.c" ;;
	fault_alloc) echo tests/fault/alloc.c ;;
	*) echo "tests/${1%%_*}/${1#*_}.sh" ;;
	esac
}
names=$(grep -oE '`(unit|fuzz|fault|kernel|security|tui|check|demo)_[a-z0-9_]+`' "$doc" | tr -d '`' | sort -u)
[ "$(wc -l <<<"$names")" -ge 25 ] || bad "$doc names $(wc -l <<<"$names") tests only: is their form another one now?"
for name in $names; do
	[ -f "$(file_of "$name")" ] || bad "$doc names $name, but there is no $(file_of "$name")"
done
for file in tests/security/*.sh tests/fault/*.sh; do
	name=$(basename "$(dirname "$file")")_$(basename "$file" .sh)
	grep -qxF "$name" <<<"$names" || bad "$file: $doc does not name $name"
done
finish
