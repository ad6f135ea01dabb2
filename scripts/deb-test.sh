#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# deb-test.sh [DIR] - installs the Debian packages of DIR (made by scripts/release.sh; without DIR it makes them) in a bare Debian 12
# root, uses them, upgrades them and purges them. Nothing may stay behind, and the service must not start by itself. Needs root; the
# root file system is kept in a cache directory. The last line is "N passed, N failed".
. "$(dirname "$0")/lib.sh"

CACHE=${XDG_CACHE_HOME:-/var/cache}/execbig-top-deb
BARE=$CACHE/bare
. "$(dirname "$0")/bare.sh"

mkdir -p "$CACHE"
WORK=$(mktemp -d -p "$CACHE")
ROOT=$WORK/root
LOG=$WORK/log
clean() {
	local mounted
	for mounted in sys proc; do
		if mountpoint -q "$ROOT/$mounted"; then umount "$ROOT/$mounted" || return; fi
	done
	rm -rf --one-file-system "$WORK"
}
trap clean EXIT

# says WORDS COMMAND…: the command prints these words, whatever its exit status.
says() {
	local words=$1 said
	shift
	said=$(inside "$@" 2>&1 || true)
	printf '%s\n' "$said"
	grep -qF -- "$words" <<<"$said"
}
# Everything that is in the root, but for what apt and dpkg keep about packages that were there once.
list_files() {
	(cd "$ROOT" && find . -xdev ! -path './var/cache/*' ! -path './var/lib/apt/*' ! -path './var/lib/dpkg/*' ! -path './var/log/*' \
		! -path './proc/*' ! -path './sys/*' ! -path './tmp/*' ! -path './var/lib/systemd/*' ! -name 'ld.so.cache' ! -name '*.pyc' ! -path './var/cache' | sort) >"$1"
}

if [ $# -gt 0 ]; then
	DEBS=$(realpath "$1")
	[ ! -d "$DEBS/debian" ] || DEBS=$DEBS/debian
else
	step "make the packages" env DEB_BUILD_OPTIONS=nocheck "$EBT_ROOT/scripts/release.sh" --snapshot "$WORK/release"
	DEBS=$WORK/release/debian
fi
main=$(find "$DEBS" -name 'execbig-top_*.deb') compile=$(find "$DEBS" -name 'execbig-top-compile_*.deb')
[ -f "$main" ] && [ -f "$compile" ] || ebt_die "$DEBS does not hold one package of each name"

# init-system-helpers and systemd: what starts services on most machines.
[ -f "$CACHE/made" ] || { step "debootstrap" make_bare "$BARE" --include=systemd && touch "$CACHE/made"; }
cp -a "$BARE" "$ROOT"
mount -t proc proc "$ROOT/proc"
mount -t sysfs sysfs "$ROOT/sys"
list_files "$WORK/before"
mkdir "$ROOT/tmp/debs"
cp "$main" "$compile" "$ROOT/tmp/debs"
main=/tmp/debs/$(basename "$main") compile=/tmp/debs/$(basename "$compile")

step "apt update" inside apt-get -qq update
step "install" inside apt-get -qq -y --no-install-recommends install "$main"
step "LLVM is not installed" sh -c '! ls "$1"/usr/lib/*/libLLVM*' sh "$ROOT"
step "the program starts" says "execbig-top" execbig-top --version
step "an exec is traced without a compiler" says "/bin/echo traced-here" execbig-top -e -- /bin/echo traced-here
step "the package with the compiler is named" says "execbig-top-compile" execbig-top --scratch 5000 -e -- /bin/true
step "the man page is installed" test -e "$ROOT/usr/share/man/man8/execbig-top.8.gz"
step "the service is not enabled" sh -c '! ls "$1"/etc/systemd/system/*.wants/execbig-top.service' sh "$ROOT"
step "the unit is installed" sh -c 'ls "$1"/lib/systemd/system/execbig-top.service' sh "$ROOT"
step "install the compiler" inside apt-get -qq -y --no-install-recommends install "$compile"
step "settings of one's own" says "/bin/echo compiled-here" execbig-top --scratch 5000 -e -- /bin/echo compiled-here
step "a lesson" inside execbig-top demo stack-limit

# The next version: the same files under a higher number.
for deb in "$main" "$compile"; do
	step "unpack $deb" dpkg-deb -R "$ROOT/$deb" "$WORK/next"
	sed -i 's/^Version: .*/&+next/; s/^\(Depends: .*execbig-top (= [^)]*\))/\1+next)/' "$WORK/next/DEBIAN/control"
	step "pack the next version" dpkg-deb -b "$WORK/next" "$ROOT/tmp/debs/next-$(basename "$deb")"
	rm -r "$WORK/next"
done
step "upgrade" inside apt-get -qq -y --no-install-recommends install "/tmp/debs/next-$(basename "$main")" "/tmp/debs/next-$(basename "$compile")"
step "the next version traces" says "/bin/echo upgraded" execbig-top -e -- /bin/echo upgraded
step "purge" inside apt-get -qq -y purge execbig-top execbig-top-compile
step "remove what came with it" inside apt-get -qq -y --purge autoremove
list_files "$WORK/after"
step "nothing stays behind" diff "$WORK/before" "$WORK/after"
step "no cache stays behind" test ! -e "$ROOT/var/cache/execbig-top"
echo "$passed passed, $failed failed"
