#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The filters of system calls: what they are for is refused, and each call on the lists is one that some run makes.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../tui/tui.sh"

need_kernel
need_tui
need strace

# Refused, as root without capabilities and as nobody.
for who in view files; do
	for as in "" "setpriv --reuid 65534 --regid 65534 --clear-groups"; do
		# shellcheck disable=SC2086 # words
		$as "$EBT_ATTACKS/sandboxed" "$who" >"$TMP/tried" 2>"$TMP/err" || { show "$TMP/err"; fail "$who: no filter"; }
		grep ALLOWED "$TMP/tried" >"$TMP/allowed" && { show "$TMP/allowed"; fail "$who: the filter lets these through"; }
		[ "$(wc -l <"$TMP/tried")" -ge 30 ] || fail "$who: only $(wc -l <"$TMP/tried") calls were tried"
	done
done

# Used: the system calls of all processes after they have set their filter, over the forms of a run.
: >"$TMP/trace"
# Of each process in $TMP/one what comes behind its seccomp().
behind_filter() {
	awk '$2 ~ /^seccomp\(/ && /SET_MODE_FILTER/ { on[$1] = 1; next }
		on[$1] && match($2, /^[a-z0-9_]+\(/) { print substr($2, 1, RLENGTH - 1) }' "$TMP/one" | sort -u >>"$TMP/trace"
}
traced() {
	timeout 60 strace -f -qq -o "$TMP/one" "$EBT_BIN" --cache-dir "$EBT_CACHE" "$@" >"$TMP/out" 2>"$TMP/err" </dev/null ||
		{ show "$TMP/err"; fail "$*: exit status $?"; }
	behind_filter
}
traced -J -- "$EBT_TOOLS/nop" "$MARK"
traced -J -w "$TMP/rec" --sqlite "$TMP/db" --metrics "$TMP/metrics" -- "$EBT_TOOLS/nop" "$MARK"
traced -e -w "$TMP/parts" --rotate 64K:3 -- sh -c 'for i in $(seq 24); do "$1" "$(head -c 60000 /dev/urandom | base64 -w 0)"; done' - "$EBT_TOOLS/nop"
[ -s "$TMP/parts.1" ] && [ -s "$TMP/parts.2" ] || fail "a rotated recording has fewer parts: $(ls "$TMP")"
traced -b -d 0.2 -n 2
traced -e -r "$TMP/rec"
traced -J --transport perf -- "$EBT_TOOLS/nop" "$MARK"
# The view on a terminal: screens, a new size, a suspended job, the end.
tui_open 100 30
tui_line "clear; strace -f -qq -o '$TMP/one' '$EBT_BIN' --cache-dir '$EBT_CACHE'; echo \"ended=\$?\""
tui_wait 30 'F1 ?Help' "the F-key bar"
for key in 2 3 4 5; do tui_keys "$key"; done
tui_wait 20 'Lab' "the Lab"
tui_keys 2
tui_resize 120 35
tui_keys Enter
tui_keys Escape
tui_keys q
tui_keys q
tui_wait 20 'ended=' "the end"
behind_filter
sort -u "$TMP/trace" >"$TMP/used"
# Lists of sandbox.c, and those that stand there for what a short run does not do (see docs/security.md).
sed -n '/^static const int allowed/,/^};/p' "$EBT_SOURCE/src/app/sandbox.c" | grep -o 'SCMP_SYS([a-z0-9_]*)' | sed 's/.*(\(.*\))/\1/' |
	sort -u >"$TMP/listed"
sed -n '/<!-- rare -->/,/<!-- end -->/p' "$EBT_SOURCE/docs/security.md" | grep -o '`[a-z0-9_]*`' | tr -d '`' | sort -u >"$TMP/rare"
[ "$(wc -l <"$TMP/listed")" -gt 20 ] && [ -s "$TMP/rare" ] || fail "the lists were not found"
comm -23 "$TMP/listed" "$TMP/used" | comm -23 - "$TMP/rare" >"$TMP/unused"
[ ! -s "$TMP/unused" ] || fail "allowed, but no run makes these calls and docs/security.md gives no reason: $(tr '\n' ' ' <"$TMP/unused")"
comm -13 "$TMP/listed" "$TMP/rare" >"$TMP/unknown"
[ ! -s "$TMP/unknown" ] || fail "docs/security.md names calls that no filter allows: $(tr '\n' ' ' <"$TMP/unknown")"
say "$(wc -l <"$TMP/listed") calls listed, $(comm -12 "$TMP/listed" "$TMP/used" | wc -l) seen in these runs"
