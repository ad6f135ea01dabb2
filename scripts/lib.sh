# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
#
# lib.sh - what scripts/run.sh and scripts/test.sh share: packages, build. Quiet and quick when there is nothing to do.

set -euo pipefail
EBT_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# To build and run. README's table has the same list.
EBT_BUILD_PACKAGES=(build-essential cmake ninja-build pkg-config libbpfcc-dev libbpf-dev libelf-dev libncurses-dev
	libjansson-dev libzstd-dev libsqlite3-dev libcap-ng-dev libseccomp-dev uthash-dev libxxhash-dev
	zlib1g-dev)
# To test: the framework, drivers, and the tracers the benchmarks compare with.
EBT_TEST_PACKAGES=(libcmocka-dev tmux clang-14 libclang-rt-14-dev clang-format-14 cppcheck libbpf-tools bpftrace strace jq bear sqlite3
	bpftool procps util-linux sudo zsh dash locales)
# To measure (scripts/bench.sh): more tracers, charts.
EBT_BENCH_PACKAGES=(bpfcc-tools linux-perf sysdig forkstat extrace acct auditd gnuplot-nox python3)
# To boot other kernels (scripts/vm-test.sh).
EBT_VM_PACKAGES=(qemu-system-x86 busybox-static xz-utils zstd jq bpftool sqlite3)

ebt_note() { printf '%s\n' "$*" >&2; }
ebt_die() {
	ebt_note "$(basename "$0"): $*"
	exit 1
}

# ebt_as_root COMMAND…: as root, by sudo where needed.
ebt_as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1; then
		sudo -- "$@"
	else
		ebt_die "this needs root and there is no sudo: run it as root"
	fi
}

# Those of the packages that are not installed.
ebt_missing() {
	local have
	have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' || true)
	comm -23 <(printf '%s\n' "$@" | sort -u) <(printf '%s\n' "$have" | sort -u)
}

# ebt_install PACKAGE…: exactly what is missing, nothing when nothing is.
ebt_install() {
	local missing log
	if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
		ebt_tools_there || ebt_die "this is not Debian: install what these Debian packages hold and try again: $*"
		return 0
	fi
	mapfile -t missing < <(ebt_missing "$@")
	[ ${#missing[@]} -gt 0 ] || return 0
	[ "$(id -u)" = 0 ] || command -v sudo >/dev/null 2>&1 ||
		ebt_die "these packages are missing and only root can install them: ${missing[*]}"
	ebt_note "installing ${missing[*]}"
	log=$(mktemp)
	if ! { ebt_as_root apt-get -qq update &&
		ebt_as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 --no-install-recommends install "${missing[@]}"; } \
		>"$log" 2>&1; then
		cat "$log" >&2
		rm -f "$log"
		ebt_die "could not install: ${missing[*]}"
	fi
	rm -f "$log"
}

# Not Debian: good enough to try the build when its tools and libraries answer.
ebt_tools_there() {
	command -v cmake >/dev/null && command -v ninja >/dev/null && command -v cc >/dev/null && command -v pkg-config >/dev/null &&
		pkg-config --exists libbcc libbpf libelf ncursesw jansson libzstd sqlite3 libcap-ng libseccomp libxxhash zlib
}

# A checkout that belongs to a user stays theirs: root builds in it as that user (who may then also build without sudo).
ebt_as_owner() {
	local uid gid
	if [ "$(id -u)" != 0 ]; then
		"$@"
		return
	fi
	read -r uid gid < <(stat -c '%u %g' "$EBT_ROOT")
	if [ "$uid" != 0 ] && setpriv --reuid "$uid" --regid "$gid" --clear-groups test -w "$EBT_ROOT" 2>/dev/null; then
		setpriv --reuid "$uid" --regid "$gid" --clear-groups -- "$@"
	else
		"$@"
	fi
}

# ebt_build DIR TARGETS CMAKE-OPTION…: TARGETS is "" for all. Says nothing unless something is built or fails.
ebt_build() {
	local dir=$EBT_ROOT/$1 targets=$2 home='' log
	shift 2
	if [ -f "$dir/CMakeCache.txt" ]; then
		home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$dir/CMakeCache.txt")
		# A checkout that was moved or copied: the old paths are all through it.
		[ "$home" = "$EBT_ROOT" ] || rm -rf "$dir"
	fi
	mkdir -p "$dir"
	# What an earlier build by root left in a user's checkout.
	if [ "$(id -u)" = 0 ] && [ "$(stat -c %u "$dir")" != "$(stat -c %u "$EBT_ROOT")" ]; then
		chown -R --reference="$EBT_ROOT" "$dir"
	fi
	log=$(mktemp)
	chmod 0666 "$log"
	if ! ebt_configured "$dir" "$@"; then
		ebt_note "configuring $(basename "$dir")"
		ebt_as_owner cmake -S "$EBT_ROOT" -B "$dir" -G Ninja "$@" >"$log" 2>&1 || ebt_failed "$log" "cmake failed"
	fi
	# shellcheck disable=SC2086 # targets are words
	ebt_as_owner ninja -C "$dir" $targets 2>&1 | tee "$log" | ebt_say_once "building $(basename "$dir")" ||
		ebt_failed "$log" "the build failed"
	rm -f "$log"
}

# Says TEXT as soon as ninja on stdin has something to build.
ebt_say_once() {
	grep -qm 1 '\] \(Building\|Linking\|Generating\)' && ebt_note "$1"
	cat >/dev/null
}

ebt_failed() {
	grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Generating) |^-- ' "$1" >&2
	rm -f "$1"
	ebt_die "$2"
}

# ebt_configured DIR -DNAME=VALUE…: the cache is there and has these values.
ebt_configured() {
	local dir=$1 option name
	shift
	[ -f "$dir/CMakeCache.txt" ] && [ -f "$dir/build.ninja" ] || return 1
	for option in "$@"; do
		name=${option#-D}
		grep -q "^${name%%=*}:[A-Z]*=${name#*=}\$" "$dir/CMakeCache.txt" || return 1
	done
}
