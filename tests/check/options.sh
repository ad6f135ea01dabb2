#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# docs/execbig-top.8 agrees with --help: the manual's OPTIONS are those of execbig-top itself, each command has a
# line in its SYNOPSIS and a subsection in its COMMANDS that names the options that only this command has, and README.md
# names no option that no help knows.
. "$(dirname "$0")/lib.sh"

[ -x "${EBT_BIN:-}" ] || { echo "SKIP: needs execbig-top"; exit 77; }
man=docs/execbig-top.8
readme=README.md
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# options_in FILE: the options that a help lists, with their dashes, one a line.
options_in() { sed -nE 's/^ +(-[A-Za-z]), (--[a-z][a-z-]*).*/\1\n\2/p; s/^ +(--[a-z][a-z-]*).*/\1/p' "$1" | sort -u; }
# commands_in FILE: the commands that a help lists.
commands_in() { sed -n '/^ Commands/,/^ [A-Z][a-z ]*:$/p; /^ Commands of/,/^ Output/p' "$1" | sed -nE 's/^  ([a-z]+) .*/\1/p' | sort -u; }
# man_section NAME [SUBSECTION]: that section of the manual, or the subsection whose title has the word.
man_section() { awk -v name="$1" -v sub_name="${2:-}" '
	/^\.Sh / { on = $0 == ".Sh " name; title = "" }
	/^\.Ss / { title = " " substr($0, 5) " " }
	on && (sub_name == "" || index(title, " " sub_name " "))' "$man"; }
# mdoc: ".It Fl b , Fl -batch"
man_options() { sed -nE 's/^\.It Fl ([A-Za-z]) , Fl -([a-z][a-z-]*).*/-\1\n--\2/p; s/^\.It Fl -([a-z][a-z-]*).*/--\1/p' | sort -u; }

"$EBT_BIN" --help >"$dir/help" || bad "--help fails"
options_in "$dir/help" >"$dir/options"
[ "$(wc -l <"$dir/options")" -ge 40 ] || bad "--help names too few options: is its form another one now?"
man_section OPTIONS | man_options >"$dir/man"
while read -r option; do
	bad "$option is in --help but has no .It line in OPTIONS of $man"
done < <(comm -23 "$dir/options" "$dir/man")
while read -r option; do
	bad "$option is in OPTIONS of $man but not in --help"
done < <(comm -13 "$dir/options" "$dir/man")
commands_in "$dir/help" >"$dir/commands"
[ "$(wc -l <"$dir/commands")" -ge 10 ] || bad "--help names too few commands: is its form another one now?"
"$EBT_BIN" help homeostasis >"$dir/below" || bad "help homeostasis fails"
commands_in "$dir/below" | sed 's/^/homeostasis /' >>"$dir/commands"
cp "$dir/options" "$dir/known"
while read -r command; do
	# shellcheck disable=SC2086 # a command is one word or two
	"$EBT_BIN" help $command >"$dir/command" || bad "help $command fails"
	options_in "$dir/command" | tee -a "$dir/known" >"$dir/own"
	[ "$command" != homeostasis ] || continue
	man_section SYNOPSIS | grep -qE "^\.Cm ([a-z]+ \| )*$command( |\$)" || bad "$command is not in SYNOPSIS of $man"
	[ -n "$(man_section COMMANDS "$command")" ] || bad "$command has no .Ss in COMMANDS of $man"
	while read -r option; do
		bad "$option of $command is neither in OPTIONS nor in COMMANDS of $man"
	done < <(comm -23 "$dir/own" <(man_section COMMANDS "$command" | man_options | sort -u - "$dir/man"))
	while read -r option; do
		[[ $command == homeostasis* ]] || bad "$option is in COMMANDS of $man but not in the help of $command"
	done < <(comm -13 "$dir/own" <(man_section COMMANDS "$command" | man_options))
done <"$dir/commands"
sort -u -o "$dir/known" "$dir/known"
while read -r option; do
	grep -qxF -- "$option" "$dir/known" || bad "$option is in COMMANDS of $man but in no help"
done < <(man_section COMMANDS | man_options)
while read -r command; do
	grep -qxF -- "$command" "$dir/commands" || bad "$command is in COMMANDS of $man but not in --help"
done < <(man_section COMMANDS | sed -nE 's/^\.Ss //p' | sed -E 's/ (Op|Ar).*//; s/ , /\n/g')
# Options of this program stand in README behind its name, or by themselves in backquotes.
while read -r option; do
	grep -qxF -- "$option" "$dir/known" || bad "$option is in $readme but in no help"
done < <({ grep -oE 'execbig-top [^|`]*' "$readme"; grep -oE '`--[a-z][a-z-]*' "$readme"; } | grep -oE -- '--[a-z][a-z-]*' | sort -u)
finish
