#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The process that sees attacker-chosen bytes has nothing: no capability, no root, no way to get them.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

# status_of PID FIELD: the value(s), tabs made spaces.
status_of() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status" | tr '\t' ' '; }
# check WANT-UID WANT-GID
check() {
	local view field caps
	view=$(ebt_view_of "$EBT_PID") || fail "no view"
	for field in CapInh CapPrm CapEff CapBnd CapAmb; do
		caps=$(status_of "$view" "$field")
		[ "$caps" = 0000000000000000 ] || fail "view $field is $caps"
	done
	[ "$(status_of "$view" NoNewPrivs)" = 1 ] || fail "view NoNewPrivs is $(status_of "$view" NoNewPrivs)"
	[ "$(status_of "$view" Seccomp)" = 2 ] || fail "view Seccomp is $(status_of "$view" Seccomp)"
	[ "$(status_of "$view" Uid)" = "$1 $1 $1 $1" ] || fail "view uids are $(status_of "$view" Uid), want $1"
	[ "$(status_of "$view" Gid)" = "$2 $2 $2 $2" ] || fail "view gids are $(status_of "$view" Gid), want $2"
	[ "$(status_of "$view" Groups)" = "" ] || [ "$(status_of "$view" Groups)" = "$2 " ] ||
		fail "view has groups $(status_of "$view" Groups)"
	[ "$(status_of "$EBT_PID" Uid | cut -d ' ' -f 1)" = 0 ] || fail "the loader is not root: the check proves nothing"
	# Neither it nor the loader may be traced or read by that user: no way back in through the loader.
	setpriv --reuid "$1" --regid "$2" --clear-groups cat "/proc/$EBT_PID/environ" >/dev/null 2>&1 &&
		fail "uid $1 can read the loader's environment"
	return 0
}

# own: the view of root without sudo has a uid that no process but those that it starts and no account has.
own() {
	local view uid pid
	view=$(ebt_view_of "$EBT_PID") || fail "no view"
	uid=$(status_of "$view" Uid | cut -d ' ' -f 1)
	[ "$uid" -ge 61184 ] && [ "$uid" -le 65519 ] || fail "the view's uid is $uid, want one from 61184 to 65519"
	getent passwd "$uid" >/dev/null && fail "uid $uid is an account"
	check "$uid" "$uid"
	for pid in $(grep -l "^Uid:.*[[:space:]]$uid[[:space:]]" /proc/[0-9]*/status 2>/dev/null | tr -dc '0-9\n'); do
		# The lister is a child of a child of the view, which has ended.
		[ "$pid" = "$view" ] || [ "$(status_of "$pid" PPid)" = "$view" ] || [ "$(status_of "$pid" Name)" = execbig-lister ] ||
			[ ! -d "/proc/$pid" ] || fail "process $pid has uid $uid too, and the view did not start it"
	done
	setpriv --reuid nobody --regid nogroup --clear-groups kill -STOP "$view" 2>/dev/null && fail "a process of nobody can stop the view"
	printf '%s\n' "$uid" >>"$TMP/uids"
}

unset SUDO_UID SUDO_GID
ebt_start "$TMP/out" -J
own
# Another run beside it has another one.
first=$EBT_PID
ebt_start "$TMP/out2" -J
own
[ "$(sort -u "$TMP/uids" | wc -l)" = 2 ] || fail "two views have one uid: $(cat "$TMP/uids")"
ebt_stop
EBT_PID=$first
# Whoever may stop the view all the same is noticed.
kill -STOP "$(ebt_view_of "$EBT_PID")"
wait_for 10 "the loader says that the view is stopped" grep -q 'the view is stopped: .*kill -CONT' "$TMP/out.err"
kill -CONT "$(ebt_view_of "$EBT_PID")"
wait_for 10 "the loader says that the view goes on" grep -q 'the view goes on' "$TMP/out.err"
ebt_stop
export SUDO_UID=12345 SUDO_GID=23456
ebt_start "$TMP/out" -J
check 12345 23456
ebt_stop
# Nonsense and root in SUDO_UID never mean: keep root.
for uid in 0 -1 4294967295 abc ''; do
	export SUDO_UID=$uid SUDO_GID=$uid
	ebt_start "$TMP/out" -J
	own
	ebt_stop
done

# With file capabilities, as a user without rights: it traces, but no text and no headers of that user's become a program.
unset SUDO_UID SUDO_GID
if command -v setcap >/dev/null; then
	chmod 0755 "$TMP"
	mkdir "$TMP/bin"
	cp -r "$EBT_BIN" "$(dirname "$EBT_BIN")/execbig-compile" "$(dirname "$EBT_BIN")/kinclude" "$TMP/bin"
	chmod -R a+rX "$TMP/bin"
	cp -r "$EBT_SOURCE/bpf_text" "$TMP/text"
	chown -R 12345 "$TMP/text"
	limited() { limit 60 setpriv --reuid 12345 --regid 12345 --clear-groups "$TMP/bin/execbig-top" "$@" >"$TMP/out" 2>"$TMP/err"; }
	setcap cap_bpf,cap_perfmon+ep "$TMP/bin/execbig-top" || fail "setcap"
	if limited -e -- /bin/true; then
		for option in --bpf-text=$TMP/text --headers=$TMP/text; do
			limited -e "$option" -- /bin/true && fail "with file capabilities $option is taken"
			grep -q 'file capabilities or setuid' "$TMP/err" || { show "$TMP/err"; fail "with file capabilities $option: no sentence"; }
		done
		# The compiler runs as that user, who must not be able to reach into it: its output becomes a program.
		spawn "$TMP/out" "$TMP/err" setpriv --reuid 12345 --regid 12345 --clear-groups "$TMP/bin/execbig-top" --no-cache --scratch 4K -e -- /bin/true
		tracer=$SPAWN_PID
		compiler() { COMPILER=$(pgrep -u 12345 -x execbig-compile); }
		wait_for 10 "the compiler" compiler
		setpriv --reuid 12345 --regid 12345 --clear-groups cat "/proc/$COMPILER/environ" >/dev/null 2>&1 &&
			alive "$COMPILER" && fail "the user who started it can read the compiler's memory"
		end_of "$tracer" 60
		[ "$STATUS" = 0 ] || { show "$TMP/err"; fail "with file capabilities and a compilation: exit status $STATUS"; }
		limited demo null-check --bpf-text="$TMP/text" && fail "with file capabilities a lesson takes a text"
		grep -q 'file capabilities or setuid' "$TMP/err" || { show "$TMP/err"; fail "with file capabilities a lesson takes a text: no sentence"; }
	else
		say "no tracing with file capabilities here: $(tail -n 1 "$TMP/err")"
	fi
fi
