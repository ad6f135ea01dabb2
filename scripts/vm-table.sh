#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# vm-table.sh FILE… - the JUnit files of vm-test.sh as a table in Markdown, a line each kernel: for docs/vm.md.
. "$(dirname "$0")/lib.sh"

[ $# -gt 0 ] || ebt_die "which results? vm-table.sh build/vm-*.xml"
# attribute NAME: of the first tag on stdin that has it.
attribute() { sed -n "s/.*[ <]$1=\"\([^\"]*\)\".*/\1/p" | head -n 1; }
# names KIND FILE: test cases that hold such an element.
names() { sed -n "s/.*<testcase [^>]*name=\"\([^\"]*\)\".*<$1 .*/\1/p" "$2" | paste -sd, | sed 's/,/, /g'; }

echo '| kernel | tests | failed | not to be shown there |'
echo '|---|---|---|---|'
for file in "$@"; do
	[ -r "$file" ] || ebt_die "no such file: $file"
	release=$(sed -n 's/.*name="release" value="\([^"]*\)".*/\1/p' "$file")
	tests=$(attribute tests <"$file")
	failed=$(names failure "$file") skipped=$(names skipped "$file")
	printf '| %s | %s | %s | %s |\n' "${release:-did not come up}" "$tests" "${failed:-0}" "${skipped:-}"
done
