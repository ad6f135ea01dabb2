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

nobody=$(id -u nobody) nogroup=$(id -g nobody)
unset SUDO_UID SUDO_GID
ebt_start "$TMP/out" -J
check "$nobody" "$nogroup"
ebt_stop
export SUDO_UID=12345 SUDO_GID=23456
ebt_start "$TMP/out" -J
check 12345 23456
ebt_stop
# Nonsense and root in SUDO_UID never mean: keep root.
for uid in 0 -1 4294967295 abc ''; do
	export SUDO_UID=$uid SUDO_GID=$uid
	ebt_start "$TMP/out" -J
	check "$nobody" "$nogroup"
	ebt_stop
done
