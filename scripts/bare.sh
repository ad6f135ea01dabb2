# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
#
# bare.sh - what packages-test.sh and deb-test.sh share: a bare Debian 12 root, commands in it, and results. Whoever sources it has
# sourced lib.sh and sets ROOT, the root, and LOG, a file for the output of the step under way.

passed=0 failed=0
[ "$(id -u)" = 0 ] || ebt_die "run it as root: debootstrap and chroot need it"
ebt_install debootstrap

# step NAME COMMAND…: one result. After a failure nothing else is tried.
step() {
	local name=$1
	shift
	if "$@" >"$LOG" 2>&1; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	tail -n 30 "$LOG"
	echo "failed: $name"
	echo "$passed passed, $failed failed"
	exit 1
}

# inside COMMAND…: as root in $ROOT, with nothing of this environment.
inside() { chroot "$ROOT" /usr/bin/env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }

# make_bare DIR [OPTION…]: debootstrap, from the mirror that this machine takes its packages from.
make_bare() {
	local dir=$1 mirror
	shift
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' 2>/dev/null | sort | uniq -c | sort -rn | awk 'NR == 1 { print $2 }')
	rm -rf "$dir"
	debootstrap --variant=minbase "$@" bookworm "$dir" ${mirror:+"$mirror"}
}
