#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Every long option of --help is in README or the manual, and every option README names exists.
. "$(dirname "$0")/lib.sh"

[ -x "${EBT_BIN:-}" ] || { echo "SKIP: needs execbig-top"; exit 77; }
[ -f README.md ] || { bad "no README.md"; finish; }
"$EBT_BIN" --help | grep -oE -- '(^|[ ,[])--[a-z][a-z-]+' | tr -d ' ,[' | sort -u >"${TMPDIR:-/tmp}/ebt-options.$$"
trap 'rm -f "${TMPDIR:-/tmp}/ebt-options.$$"' EXIT
[ -s "${TMPDIR:-/tmp}/ebt-options.$$" ] || bad "--help names no option"
while read -r option; do
	grep -qrF -- "$option" README.md docs || bad "$option is in --help but not in README.md or docs"
done <"${TMPDIR:-/tmp}/ebt-options.$$"
finish
