#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The filters of system calls: what they are for is refused, and each call on the lists is one that some run makes.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../tui/tui.sh"

need_kernel
need_tui
need strace
# The zone's file is asked for, as on most machines.
unset TZ

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
# The calls that failed with EPERM behind the filter: a run that needs nothing more has none. Two do not count. sysinfo: qsort would
# like to know how much memory there is, and goes on without. kill(PID, 0) is answered EPERM by the kernel where the process runs as
# another user. strace prints a call in two lines when another process runs in between.
refused() {
	awk '$2 ~ /^seccomp\(/ && /SET_MODE_FILTER/ { on[$1] = 1; next }
		$2 ~ /^kill\(/ { asks[$1] = / kill\([0-9]+, 0[ )]/ }
		on[$1] && /= -1 EPERM/ && !/^[0-9]+ +(sysinfo\(|<\.\.\. sysinfo resumed>)/ && !(/(^[0-9]+ +kill\(|<\.\.\. kill resumed>)/ && asks[$1])' "$TMP/one" >"$TMP/refused"
	[ ! -s "$TMP/refused" ] || { show "$TMP/refused"; fail "$*: the filter refused what this run asked for"; }
}
traced() {
	local cache=(--cache-dir "$EBT_CACHE")
	[ "$1" != export ] || cache=()
	timeout 60 strace -f -qq -o "$TMP/one" "$EBT_BIN" "${cache[@]}" "$@" >"$TMP/out" 2>"$TMP/err" </dev/null ||
		{ show "$TMP/err"; fail "$*: exit status $?"; }
	behind_filter
	refused "$*"
}
traced -J -- "$EBT_TOOLS/nop" "$MARK"
traced -J -w "$TMP/rec" --sqlite "$TMP/db" --metrics "$TMP/metrics" -- "$EBT_TOOLS/nop" "$MARK"
# Again, over what is there, by relative names, as the user of sudo.
cd "$TMP" || fail "no $TMP"
mkdir user && chown 12345:12345 user && chmod 0711 "$TMP"
for round in 1 2; do
	(cd user && SUDO_UID=12345 SUDO_GID=12345 traced --csv -w rec --sqlite db --metrics metrics -x --env --homeostasis -- "$EBT_TOOLS/nop" "$MARK") || exit 1
done
[ "$(sqlite3 user/db 'select count(distinct run) from exec')" = 2 ] || fail "the second run is not in the database"
traced -e -w "$TMP/parts" --rotate 64K:3 -- sh -c 'for i in $(seq 24); do "$1" "$(head -c 60000 /dev/urandom | base64 -w 0)"; done' - "$EBT_TOOLS/nop"
[ -s "$TMP/parts.1" ] && [ -s "$TMP/parts.2" ] || fail "a rotated recording has fewer parts: $(ls "$TMP")"
traced -b -d 0.2 -n 2
traced -e -r "$TMP/rec"
traced -J -r "$TMP/parts" --sqlite "$TMP/again" -w "$TMP/whole"
traced -b -r "$TMP/parts.1"
for format in perfetto compile-commands json csv; do rm -f "$TMP/exported"; traced export "$format" -r "$TMP/parts" -o "$TMP/exported"; done
traced -J --transport perf -- "$EBT_TOOLS/nop" "$MARK"
# The view on a terminal: screens, a new size, a suspended job, the end.
tui_open 100 30
mkdir "$TMP/settings"
tui_line "clear; XDG_CONFIG_HOME='$TMP/settings' strace -f -qq -o '$TMP/one' '$EBT_BIN' --cache-dir '$EBT_CACHE' -w '$TMP/live.rec'; echo \"ended=\$?\""
tui_wait 30 'F1 ?Help' "the F-key bar"
for key in 2 3 4 5; do tui_keys "$key"; done
tui_wait 20 'Lab' "the Lab"
tui_keys 3
tui_resize 120 35
tui_keys Enter
tui_keys Escape
tui_exec "$MARK-details"
tui_keys 2 End Enter
tui_keys Escape
tui_keys S Tab Right W
tui_wait 20 'settings written' "that the settings are written"
tui_keys Escape
"$EBT_BIN" tune --pid "$(pgrep -f -o -x -- "$EBT_BIN --cache-dir $EBT_CACHE -w $TMP/live.rec")" --scratch 4K >"$TMP/tuned" 2>&1 || { show "$TMP/tuned"; fail "not tuned"; }
tui_keys q
tui_keys q
tui_wait 20 'ended=' "the end"
behind_filter
refused "on a terminal"
sort -u "$TMP/trace" >"$TMP/used"
# Lists of sandbox.c, and those that stand there for what a short run does not do (see docs/security.md).
sed -n '/^static const int allowed/,/^};/p' "$EBT_SOURCE/src/confine/sandbox.c" | grep -o 'SCMP_SYS([a-z0-9_]*)' | sed 's/.*(\(.*\))/\1/' |
	sort -u >"$TMP/listed"
sed -n '/<!-- rare -->/,/<!-- end -->/p' "$EBT_SOURCE/docs/security.md" | grep -o '`[a-z0-9_]*`' | tr -d '`' | sort -u >"$TMP/rare"
[ "$(wc -l <"$TMP/listed")" -gt 20 ] && [ -s "$TMP/rare" ] || fail "the lists were not found"
comm -23 "$TMP/listed" "$TMP/used" | comm -23 - "$TMP/rare" >"$TMP/unused"
[ ! -s "$TMP/unused" ] || fail "allowed, but no run makes these calls and docs/security.md gives no reason: $(tr '\n' ' ' <"$TMP/unused")"
comm -13 "$TMP/listed" "$TMP/rare" >"$TMP/unknown"
[ ! -s "$TMP/unknown" ] || fail "docs/security.md names calls that no filter allows: $(tr '\n' ' ' <"$TMP/unknown")"
say "$(wc -l <"$TMP/listed") calls listed, $(comm -12 "$TMP/listed" "$TMP/used" | wc -l) seen in these runs"
