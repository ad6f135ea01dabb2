#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# docs_options.sh BINARY SOURCE_DIR: every option of --help stands in the man page and in README.md, and neither names a
# long option in a place of its own that --help does not know.
set -uo pipefail
export LC_ALL=C.UTF-8

[ $# = 2 ] || {
	echo "usage: docs_options.sh BINARY SOURCE_DIR" >&2
	exit 2
}
binary=$1
man=$2/docs/execbig-top.8
readme=$2/README.md
bad=0

complain() {
	printf '%s\n' "$*"
	bad=$((bad + 1))
}

help=$("$binary" --help) || complain "--help fails"
# An option's own line: blanks, maybe a short one, the long one.
long=$(printf '%s\n' "$help" | sed -nE 's/^ +(-[A-Za-z], )?--([a-z][a-z-]*).*/\2/p' | sort -u)
short=$(printf '%s\n' "$help" | sed -nE 's/^ +-([A-Za-z]), --.*/\1/p' | sort -u)
[ "$(printf '%s\n' "$long" | wc -l)" -ge 10 ] || complain "--help names too few options: is its form another one now?"
[ -f "$man" ] || complain "$man is missing"
[ -f "$readme" ] || complain "$readme is missing"
[ "$bad" = 0 ] || exit 1

# mdoc: ".It Fl b , Fl -batch"
man_long=$(sed -nE 's/^\.It .*Fl -([a-z][a-z-]*).*/\1/p' "$man" | sort -u)
man_short=$(sed -nE 's/^\.It Fl ([A-Za-z]) .*/\1/p' "$man" | sort -u)
for option in $long; do
	grep -qxF -- "$option" <<<"$man_long" || complain "--$option is in --help but has no .It line in docs/execbig-top.8"
	grep -qE -- "(^|[^a-z-])--$option([^a-z-]|\$)" "$readme" || complain "--$option is in --help but not in README.md"
done
for option in $short; do
	grep -qxF -- "$option" <<<"$man_short" || complain "-$option is in --help but has no .It line in docs/execbig-top.8"
	grep -qE -- "(^|[^A-Za-z-])-$option([^A-Za-z-]|\$)" "$readme" || complain "-$option is in --help but not in README.md"
done
for option in $man_long; do
	grep -qxF -- "$option" <<<"$long" || complain "--$option is in docs/execbig-top.8 but not in --help"
done
for option in $man_short; do
	grep -qxF -- "$option" <<<"$short" || complain "-$option is in docs/execbig-top.8 but not in --help"
done
# In README a table row or list item that begins with options is a promise.
for option in $(sed -nE 's/^[|*-] *`?(-[A-Za-z],? +)?--([a-z][a-z-]*).*/\2/p' "$readme" | sort -u); do
	grep -qxF -- "$option" <<<"$long" || complain "--$option is in README.md but not in --help"
done
[ "$bad" = 0 ] || {
	echo "$bad found"
	exit 1
}
