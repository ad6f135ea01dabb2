#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Command line: every bad value ends with 2 and one sentence that names option and value; help and version with 0.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"


[ -x "$EBT_BIN" ] || fail "not built: $EBT_BIN"

run() {
	limit 20 "$EBT_BIN" "$@" >"$TMP/out" 2>"$TMP/err" </dev/null
	STATUS=$?
}
# usage NAME VALUE ARG…: exit status 2, nothing on stdout, stderr names both.
usage() {
	local name=$1 value=$2
	shift 2
	run "$@"
	[ "$STATUS" = 2 ] || { show "$TMP/err"; fail "$*: exit status $STATUS, want 2"; }
	[ -s "$TMP/out" ] && { show "$TMP/out"; fail "$*: output on stdout"; }
	head -n 1 "$TMP/err" | grep -q '^execbig-top: ' || { show "$TMP/err"; fail "$*: no sentence"; }
	grep -qF -- "$name" "$TMP/err" && grep -qF -- "$value" "$TMP/err" || { show "$TMP/err"; fail "$*: does not name $name and $value"; }
	[ "$(wc -l <"$TMP/err")" -le 2 ] || { show "$TMP/err"; fail "$*: more than a sentence and a hint"; }
}
bad() { usage "$1" "$2" "$1" "$2" -J; }

usage --nonsense --nonsense --nonsense
usage Y Y -Y
usage demolition demolition demolition
for value in 511 0 32769 33K -1 12x '' 99999999999999999999 1e3; do bad --scratch "$value"; done
for value in 5000 4096 32K 0 1 3M -4096 abc 2G 8G 18446744073709551616; do bad --ring "$value"; done
for value in -1 abc 1.5 99999999999999999999; do bad --args "$value"; done
for value in 0 -1 abc '' nan inf; do bad --delay "$value"; done
for value in 0 -3 abc; do bad --iterations "$value"; done
for value in abc -1 1,x 99999999999 ''; do bad --pid "$value"; done
for value in no-such-user-here 99999999999; do bad --user "$value"; done
for value in '(' '[a' 'a{2,1}'; do bad --comm "$value"; bad --match "$value"; done
for value in abc -1 0 99999999; do bad --poll "$value"; done
usage --scratch --scratch --scratch
usage --events --events -J -e

for arg in --help --usage --version -V; do
	run "$arg"
	[ "$STATUS" = 0 ] || fail "$arg: exit status $STATUS"
	[ -s "$TMP/out" ] && [ ! -s "$TMP/err" ] || fail "$arg: not on stdout alone"
done
run --help
[ "$(awk 'length > 80' "$TMP/out" | wc -l)" = 0 ] || fail "--help is wider than 80 columns: $(awk 'length > 80' "$TMP/out" | head -n 1)"
for option in --batch --delay --iterations --events --json --pid --user --comm --match --scratch --ring --args --print-bpf --bpf-text \
	--cache-dir --no-cache; do
	grep -q -- "$option" "$TMP/out" || fail "--help does not name $option"
done
run --print-bpf
[ "$STATUS" = 0 ] && grep -q 'BPF_PERCPU_ARRAY' "$TMP/out" || { show "$TMP/err"; fail "--print-bpf: status $STATUS"; }
# So is an output that is closed, or cannot be written: before anything is traced, and where a command only prints.
"$EBT_TOOLS/recgen" "$TMP/a.rec" 40 || fail "no recording"
for what in '' -J -e -b --csv '-w -' "-r $TMP/a.rec -J" "-r $TMP/a.rec -b" "export json -r $TMP/a.rec" "export perfetto -r $TMP/a.rec" \
	--help --usage --version --print-bpf --list-columns --print-completion=bash 'help export' check demo; do
	for closed in '>&-' '1</dev/null'; do
		# shellcheck disable=SC2086 # $what is words
		case $closed in
		'>&-') limit 20 "$EBT_BIN" $what 2>"$TMP/err" >&- ;;
		*) limit 20 "$EBT_BIN" $what 2>"$TMP/err" 1</dev/null ;;
		esac
		[ $? = 1 ] || fail "$what $closed: exit status $?"
		[ "$(wc -l <"$TMP/err")" = 1 ] && grep -qE 'standard output is closed|Bad file descriptor' "$TMP/err" || { show "$TMP/err"; fail "$what $closed: want one sentence"; }
	done
done
limit 20 "$EBT_BIN" -r "$TMP/a.rec" -q -w "$TMP/b.rec" >&- || fail "-q -w FILE >&-: exit status $?"
limit 20 "$EBT_BIN" export json -r "$TMP/a.rec" -o "$TMP/b.json" >&- || fail "export -o FILE >&-: exit status $?"
# A full disk is an error, not silence.
if [ -c /dev/full ]; then
	for what in --help --version --print-bpf check demo; do
		limit 20 "$EBT_BIN" "$what" >/dev/full 2>"$TMP/err"
		[ $? = 1 ] || fail "$what >/dev/full: exit status $?"
		[ "$(wc -l <"$TMP/err")" = 1 ] && grep -q 'No space left on device' "$TMP/err" || { show "$TMP/err"; fail "$what >/dev/full: want one sentence"; }
	done
fi
exit 0
