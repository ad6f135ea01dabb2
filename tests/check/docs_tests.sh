#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Every test that docs/security.md names exists, and each test of tests/security and tests/fault stands there.
. "$(dirname "$0")/lib.sh"

doc=docs/security.md
# File of each test: of unit_ROOM_NAME it is tests/unit/ROOM/test_NAME.c, where a / in ROOM is a _ in the test's name.
declare -A unit
for file in tests/unit/*/test_*.c tests/unit/*/*/test_*.c; do
	name=${file#tests/unit/} room=${file#tests/unit/}
	room=${room%/*} name=${name##*/test_}
	unit[unit_${room//\//_}_${name%.c}]=$file
done
file_of() {
	case $1 in
	unit_*) echo "${unit[$1]:-tests/unit/$1}" ;;
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
