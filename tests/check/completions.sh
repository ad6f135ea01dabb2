#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The completions for shells: each is a script that its shell accepts, and those of bash and fish give what is asked of them.
. "$(dirname "$0")/lib.sh"

[ -x "${EBT_BIN:-}" ] || { echo "SKIP: needs execbig-top"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for shell in bash zsh fish; do
	"$EBT_BIN" --print-completion "$shell" >"$dir/$shell" || bad "--print-completion $shell: status $?"
	command -v "$shell" >/dev/null || { echo "no $shell here: its completion is not tried"; continue; }
	"$shell" -n "$dir/$shell" || bad "$shell does not accept its completion"
done

# in_bash WORD…: what bash offers for the last word.
in_bash() {
	# shellcheck disable=SC2016 # the inner shell expands
	bash -c 'source "$1"; shift; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _execbig_top 2>&1; echo "${COMPREPLY[*]}"' - "$dir/bash" execbig-top "$@"
}
in_fish() { fish --no-config -c "source $dir/fish; complete -C 'execbig-top $*'" | cut -f 1 | paste -s -d ' '; }
# offers WANTED WORD…: bash offers exactly these words, and fish the same in any order (of --name=value, it repeats the name).
offers() {
	local wanted=$1 got
	shift
	got=$(in_bash "$@")
	[ "$got" = "$wanted" ] || bad "bash: $*: '$got', want '$wanted'"
	command -v fish >/dev/null || return 0
	got=$(in_fish "${*// = /=}" | sed 's/--[a-z]*=//g' | tr ' ' '\n' | sort | paste -s -d ' ')
	[ "$got" = "$(tr ' ' '\n' <<<"${wanted//=/}" | sort | paste -s -d ' ')" ] || bad "fish: $*: '$got', want '$wanted'"
}
offers check ch
offers "comm command cgroup" -g c
offers perfetto -d 3 export perf
offers "perfetto compile-commands json csv" export ""
offers "train test" homeostasis ""
offers "kill default" respond name ""
offers export help ex
offers "--output=" homeostasis train --o
offers btf --headers bt
offers /etc/os-release export json -r /etc/os-rel
offers "--socket=" ps --so
[ "$(in_bash --group = pa)" = parent ] || bad "bash: --group=pa: '$(in_bash --group = pa)'"
[ "$(in_bash -- ls /etc/passw | tr ' ' '\n' | grep -cx /etc/passwd)" = 1 ] || bad "bash: a file behind -- is not offered"
[[ " $(in_bash "") " == *" check demo export "* ]] || bad "bash: no commands: $(in_bash "")"
finish
