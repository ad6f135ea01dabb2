#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# exe and cwd of execs, compared with /proc/PID/exe and /proc/PID/cwd while the processes live.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

ebt_start "$TMP/out" -J
# Process ids, one a line, each with what it is for.
: >"$TMP/pids"
asleep() { [ "$(cat "/proc/$1/comm" 2>/dev/null)" = "$2" ]; }

# begin WHAT COMM COMMAND…: a process that will execute and then wait as COMM.
begin() {
	local what=$1 comm=$2
	shift 2
	spawn /dev/null "$TMP/err" "$@"
	wait_for 10 "$what: it waits (stderr: $(head -c 200 "$TMP/err" 2>/dev/null))" asleep "$SPAWN_PID" "$comm"
	printf '%s %s\n' "$SPAWN_PID" "$what" >>"$TMP/pids"
}

sleep=$(readlink -f "$(command -v sleep)")
begin "plain" sleep sleep 1000
begin "in the root directory" sleep env -C / sleep 1000
begin "in proc" sleep env -C /proc/sys/kernel sleep 1000
begin "in sysfs" sleep env -C /sys/kernel sleep 1000

dir="$TMP/with blank, \"quotes\", newline
and ümlaut"
mkdir -p "$dir/$(printf 'raw\377byte')"
cp "$sleep" "$dir/wait er"
begin "unusual names" "wait er" env -C "$dir" "./wait er" 1000
begin "bytes that are not UTF-8" sleep env -C "$dir/$(printf 'raw\377byte')" sleep 1000

ln -s "$dir" "$TMP/link"
begin "by symlinks" "wait er" env -C "$TMP/link" "$TMP/link/wait er" 1000

deep=$TMP
for i in $(seq 120); do deep=$deep/dir$i; done
mkdir -p "$deep"
begin "120 directories deep" sleep env -C "$deep" sleep 1000

mkdir "$TMP/mount"
mkdir "$TMP/lower" && cp "$sleep" "$TMP/lower/mounted"
begin "bind mount in its own namespace" mounted unshare --mount sh -c 'mount --make-rprivate / && mount --bind "$1" "$2" && cd "$2" && exec ./mounted 1000' - \
	"$TMP/lower" "$TMP/mount"
begin "tmpfs on tmpfs" twice unshare --mount sh -c 'mount --make-rprivate / && mount -t tmpfs none "$1" && mkdir "$1/a" && mount -t tmpfs none "$1/a" &&
	mkdir "$1/a/b" && cp "$2" "$1/a/b/twice" && cd "$1/a/b" && exec "$1/a/b/twice" 1000' - "$TMP/mount" "$sleep"
begin "mounted over itself" covered unshare --mount sh -c 'mount --make-rprivate / && mount -t tmpfs none "$1" && mount -t tmpfs none "$1" &&
	cp "$2" "$1/covered" && cd "$1" && exec ./covered 1000' - "$TMP/mount" "$sleep"
if unshare --mount sh -c 'mount --make-rprivate / && mount -t tmpfs none "$1" && mkdir "$1/l" "$1/u" "$1/w" "$1/m" &&
	mount -t overlay none -o "lowerdir=$1/l,upperdir=$1/u,workdir=$1/w" "$1/m"' - "$TMP/mount" 2>/dev/null; then
	begin "overlay" layered unshare --mount sh -c 'mount --make-rprivate / && mount -t tmpfs none "$1" && mkdir "$1/l" "$1/u" "$1/w" "$1/m" && cp "$2" "$1/l/layered" &&
		mount -t overlay none -o "lowerdir=$1/l,upperdir=$1/u,workdir=$1/w" "$1/m" && cd "$1/m" && exec ./layered 1000' - "$TMP/mount" "$sleep"
fi
# A root of its own, as containers have: pivot_root, and the old one is gone.
begin "pivot_root" inner unshare --mount --propagation private sh -c 'mount -t tmpfs none "$1" && mkdir "$1/old" "$1/bin" && cp "$2" "$1/bin/inner" && cd "$1" && pivot_root . old &&
	exec /bin/inner' - "$TMP/mount" "$EBT_TOOLS/waiter"

compared=0
while read -r pid what; do
	here() { [ -n "$(seen "$TMP/out" ".type == \"exec\" and .pid == $pid" | tail -n 1 | tee "$TMP/object")" ]; }
	wait_for 10 "$what: its exec is shown" here
	for k in exe cwd; do
		# As bytes. A link as the process itself sees it: what lies above its root is no part of it.
		readlink -n "/proc/$pid/$k" >"$TMP/link.want"
		if jq -e "has(\"${k}_b64\")" "$TMP/object" >/dev/null; then
			jq -r ".${k}_b64" "$TMP/object" | base64 -d
		else
			jq -j ".$k" "$TMP/object"
		fi >"$TMP/link.got"
		cmp -s "$TMP/link.want" "$TMP/link.got" ||
			fail "$what: .$k is $(od -An -c "$TMP/link.got" | head -n 4 | tr -d '\n'), /proc/$pid/$k is $(od -An -c "$TMP/link.want" | head -n 4 | tr -d '\n')"
	done
	jq -e '.flags == []' "$TMP/object" >/dev/null || fail "$what: flags $(jq -c .flags "$TMP/object")"
	compared=$((compared + 1))
done <"$TMP/pids"
[ "$compared" -ge 12 ] || fail "only $compared processes compared"

ebt_stop
check_accounting "$TMP/out"
say "$compared processes: exe and cwd as in /proc"
