#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# vm-init.sh - process 1 of the machine that vm-test.sh boots (busybox, which the root file system has too): mounts the root
# file system of the host read-only, memory where something is written, and runs vm-guest.sh in it.

bb=/bin/busybox
end() {
	echo "vm-init: $*"
	$bb sync
	$bb poweroff -f
}

$bb mount -t proc proc /proc
$bb mount -t sysfs sysfs /sys
$bb mount -t devtmpfs dev /dev
for module in $($bb cat /order); do
	$bb insmod "/modules/$module.ko" || echo "vm-init: $module does not load"
done

options=trans=virtio,version=9p2000.L,msize=262144
$bb mount -t 9p -o "ro,$options,cache=loose" ebtroot /root || end "no root"
# The results come in by a directory of the memory file system over /mnt, as does what is tested: both may be anywhere
# below what is covered next.
$bb mount -t tmpfs tmpfs /root/mnt
$bb mkdir /root/mnt/out /root/mnt/build /root/mnt/source
$bb mount -t 9p -o "rw,$options" ebtout /root/mnt/out || end "no place for results"
. /root/mnt/out/config
$bb mkdir -p /root/mnt/build/tests
$bb cp -a "/root$EBT_BUILD/execbig-top" "/root$EBT_BUILD/execbig-compile" "/root$EBT_BUILD/execbig-top.service" \
	"/root$EBT_BUILD/kinclude" "/root$EBT_BUILD/images" /root/mnt/build/
$bb cp -a "/root$EBT_BUILD/tests/lib" /root/mnt/build/tests/
$bb mount --bind "/root$EBT_SOURCE" /root/mnt/source
$bb mount --bind "/root$EBT_HEADERS/usr/src" /root/usr/src
$bb mount --bind "/root$EBT_HEADERS/lib/modules" /root/usr/lib/modules
for dir in tmp run var/cache var/tmp root; do
	[ -d "/root/$dir" ] && $bb mount -t tmpfs tmpfs "/root/$dir"
done
$bb chmod 1777 /root/tmp /root/var/tmp
$bb mount -t proc proc /root/proc
$bb mount -t sysfs sysfs /root/sys
$bb mount -t devtmpfs dev /root/dev
$bb mkdir -p /root/dev/pts /root/dev/shm
$bb ln -s /proc/self/fd /root/dev/fd
for name in 0:stdin 1:stdout 2:stderr; do
	$bb ln -s "fd/${name%:*}" "/root/dev/${name#*:}"
done
$bb mount -t devpts devpts /root/dev/pts
$bb mount -t tmpfs tmpfs /root/dev/shm
$bb mount -t cgroup2 cgroup2 /root/sys/fs/cgroup
$bb mount -t tracefs tracefs /root/sys/kernel/tracing
$bb mount -t bpf bpf /root/sys/fs/bpf
$bb mount -t securityfs securityfs /root/sys/kernel/security
$bb ifconfig lo 127.0.0.1 up
$bb hostname vm

# Not by chroot: in a mount namespace of its own a process would then have another root than it thinks.
exec $bb switch_root /root /bin/sh -c "/bin/bash /mnt/source/scripts/vm-guest.sh </dev/null; sync; exec $bb poweroff -f"
