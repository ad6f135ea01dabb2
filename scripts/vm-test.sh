#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# vm-test.sh [--quick|--fetch] [KERNEL…] - the kernel tests on other kernels: 6.1, 6.1-rt, 6.12 (all three without an argument) or the
# name of a linux-image package. Each is fetched by apt with its headers, unpacked (never installed) into a cache, and booted
# in QEMU without KVM with this machine's root file system, read-only. Needs root (the guest reads every file) and a build:
# build/, or EBT_BUILD=DIR. --fetch only fetches. With --quick those tests that a kernel is most likely to break, and two machines side by side.
#
#   EBT_VM_TESTS="NAME…"  only these (docs/vm.md)      EBT_VM_OUT=DIR     results, default build/
#   EBT_VM_MEMORY=MB      default 2048                 EBT_VM_TIMEOUT=S   for one kernel, default 5400
#   EBT_VM_CPUS=N         default 2                    EBT_VM_PATIENCE=N  deadlines in the tests times N, default 8
#   EBT_VM_TEST_SECONDS=S for one test, default 900    EBT_VM_COMMAND=…   run this in the guest, in place of the tests
#
# Writes vm-KERNEL.xml (JUnit) and vm-KERNEL/ (a log each test, console.log), a table for each kernel, and at the end
# "N passed, N failed"; exit status 0 when none failed and every kernel ended in order.
. "$(dirname "$0")/lib.sh"

CACHE=${XDG_CACHE_HOME:-/var/cache}/execbig-top-vm
BUILD=$(readlink -f "${EBT_BUILD:-$EBT_ROOT/build}")
OUT=${EBT_VM_OUT:-$EBT_ROOT/build}
# What root over 9p and the writable parts need; those a kernel has built in are not in its package. What they depend on is
# found in the modules themselves.
MODULES=(virtio_pci 9p 9pnet_virtio overlay)

# What --quick runs: what the verifier, the hooks and the layout of a kernel may break, in a few minutes.
QUICK="image check fexit headers preempt unplug exits failed refused busy demo-lsm homeo_life"
# And on the real-time kernel, which is 6.1's source with other locks and other structures. The host's image is what all of
# these run, too; image, which proves it, would be a quarter of the time there.
QUICK_RT="check fexit preempt exits failed busy"
# On 6.12 without what 6.1 shows just as well: CI has half an hour for all.
QUICK_612="check fexit preempt unplug exits failed refused busy demo-lsm homeo_life"

# package_of KERNEL: the package that its meta package stands for today. What goes with it is headers_of.
package_of() {
	case $1 in
	6.1) meta_of linux-image-amd64 ;;
	6.1-rt) meta_of linux-image-rt-amd64 ;;
	6.12) meta_of linux-image-6.12-amd64 ;;
	linux-image-*) printf '%s\n' "$1" ;;
	*) ebt_die "not a kernel: $1 (6.1, 6.1-rt, 6.12, or a linux-image package)" ;;
	esac
}
headers_of() { printf 'linux-headers-%s\n' "${1#linux-image-}"; }
# The half of the headers that all flavours share.
common_of() { depends_of "$1" '^linux-headers-.*-common'; }
meta_of() { depends_of "$1" .; }
# The first that PACKAGE depends on and that is called like REGEX. Reads to the end: a closed pipe would end apt-cache.
depends_of() { apt-cache depends "$1" 2>/dev/null | awk -v like="$2" '$1 == "Depends:" && $2 ~ like && !n++ { print $2 }'; }

# unpack PACKAGE MORE…: their directory in $UNPACKED; what is there is used again.
unpack() {
	local dir=$CACHE/$1 new=$CACHE/.new.$$
	UNPACKED=$dir
	[ -f "$dir/.complete" ] && return
	rm -rf "$dir" "$new"
	mkdir -p "$new"
	ebt_note "fetching $*"
	# apt would give up root for this and then cannot write here.
	(cd "$new" && apt-get -qq -o APT::Sandbox::User=root download "$@" && for deb in ./*.deb; do dpkg-deb -x "$deb" . && rm "$deb" || exit; done) >&2 ||
		{ rm -rf "$new"; return 1; }
	touch "$new/.complete"
	mv "$new" "$dir"
}

# fetch KERNEL: $IMAGE and $HEADERS are directories with what its packages hold. What a list of packages names may be gone
# from the mirror by now: then the lists are fetched anew, once.
fetch() {
	local package headers common try
	for try in 1 2; do
		package=$(package_of "$1")
		headers=$(headers_of "$package")
		common=$(common_of "$headers")
		if [ -n "$package" ] && [ -n "$common" ] && unpack "$headers" "$common" && HEADERS=$UNPACKED && unpack "$package"; then
			IMAGE=$UNPACKED
			return
		fi
		[ "$try" = 2 ] || apt-get -qq update || break
	done
	[ -n "$package" ] || ebt_die "apt knows no package for $1: 6.12 needs bookworm-security or bookworm-backports among its sources"
	ebt_die "cannot fetch ${package}, $headers and ${common:-its common half}: see what apt said above"
}

# add_module DIR NAME: copies the module and first what it depends on, in the order of loading, into $INITRD/modules.
add_module() {
	local file need
	file=$(find "$1/lib/modules" -name "$2.ko*" -print -quit)
	[ -n "$file" ] && ! grep -qx "$2" "$INITRD/order" || return 0
	unpacked_module "$file" >"$INITRD/modules/$2.ko"
	for need in $(tr '\0' '\n' <"$INITRD/modules/$2.ko" | sed -n 's/^depends=//p' | tr ',' ' '); do
		add_module "$1" "$need"
	done
	printf '%s\n' "$2" >>"$INITRD/order"
}
unpacked_module() {
	case $1 in
	*.xz) xz -dc "$1" ;;
	*.zst) zstd -qdc "$1" ;;
	*) cat "$1" ;;
	esac
}

# make_initrd DIR FILE WORK: busybox, modules and vm-init.sh.
make_initrd() {
	local busybox module
	busybox=$(command -v busybox)
	INITRD=$3
	mkdir -p "$INITRD"/{bin,modules,proc,sys,dev,root}
	cp "$busybox" "$INITRD/bin/"
	ln -s busybox "$INITRD/bin/sh"
	cp "$EBT_ROOT/scripts/vm-init.sh" "$INITRD/init"
	chmod 0755 "$INITRD/init"
	: >"$INITRD/order"
	for module in "${MODULES[@]}"; do
		add_module "$1" "$module"
	done
	(cd "$INITRD" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$2"
}

# tests_of KERNEL: those that are to run there, nothing: all.
tests_of() {
	if [ -z "${EBT_VM_TESTS:-}" ] && [ "$quick" = yes ]; then
		case $1 in *-rt*) printf '%s\n' "$QUICK_RT" ;; 6.12) printf '%s\n' "$QUICK_612" ;; *) printf '%s\n' "$QUICK" ;; esac
	else
		printf '%s\n' "${EBT_VM_TESTS:-}"
	fi
}

# boot KERNEL: until it powers off; results in its directory. 1 when it did not end in order.
boot() {
	local out=$OUT/vm-$1 work=$WORK/$1 image status=0 pid
	fetch "$1"
	ebt_note "booting $(basename "$IMAGE")"
	image=$(find "$IMAGE/boot" -name 'vmlinuz-*' -print -quit)
	rm -rf "$out"
	mkdir -p "$out" "$work"
	make_initrd "$IMAGE" "$work/initrd.gz" "$work/initrd"
	cat >"$out/config" <<-END
		EBT_BUILD='$BUILD'
		EBT_SOURCE='$EBT_ROOT'
		EBT_HEADERS='$HEADERS'
		EBT_PATIENCE='${EBT_VM_PATIENCE:-8}'
		EBT_VM_TESTS='$(tests_of "$1")'
		EBT_VM_COMMAND='${EBT_VM_COMMAND:-}'
		CI='${CI:-}'
		TEST_SECONDS='${EBT_VM_TEST_SECONDS:-900}'
	END
	: >"$out/results"
	cp -a "$WORK/image" "$out/image"
	timeout "${EBT_VM_TIMEOUT:-5400}" qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp "${EBT_VM_CPUS:-2}" \
		-m "${EBT_VM_MEMORY:-2048}" -nodefaults -display none -no-reboot -serial "file:$out/console.log" \
		-kernel "$image" -initrd "$work/initrd.gz" -append "console=ttyS0 quiet panic=-1 random.trust_cpu=on" \
		-virtfs local,path=/,mount_tag=ebtroot,security_model=none,readonly=on,multidevs=remap \
		-virtfs "local,path=$out,mount_tag=ebtout,security_model=none" 2>"$out/qemu.log" &
	pid=$!
	# Its timeout passes the signal on.
	trap 'kill $pid' TERM
	wait "$pid" || status=$?
	[ -f "$out/done" ] && return
	printf 'boot\tfail\t0\tthe machine did not end in order (QEMU: %s)\n' "$status" >>"$out/results"
	{ cat "$out/qemu.log"; tail -n 40 "$out/console.log"; } >"$out/boot.log" 2>/dev/null
	return 1
}

# QEMU before 8.1 runs, one time in some fifty, a breakpoint that the guest's kernel has taken out of its text already (docs/vm.md,
# at the end): a guest that panics is booted a second time.
boot_twice() {
	boot "$1" && return
	grep -q 'Kernel panic' "$OUT/vm-$1/console.log" || return
	cp "$OUT/vm-$1/console.log" "$OUT/vm-$1-panic.log"
	ebt_note "$1 panicked ($OUT/vm-$1-panic.log): once more"
	boot "$1"
}

# wanted TEST: it is to run.
wanted() { local tests; tests=$(tests_of any); [[ -z $tests || " $tests " == *" $1 "* ]]; }

# host_images: those that the tests ask for, compiled here for this machine's kernel; the others must take them as they are. A
# compile takes a minute in a guest. Where this machine cannot trace, the guests compile.
host_images() {
	local options tries=100
	: >"$WORK/options"
	if wanted swap; then
		sed -n 's/^\t"\(--scratch .*\)"$/\1/p' "$EBT_ROOT/tests/kernel/swap.sh" |
			sed 's/--env=0//; s/--no-failed//; s/--failed/-x/' >"$WORK/options"
	fi
	! wanted auto || printf '%s\n' '--scratch 1K' '--scratch 5K' '--scratch 6K' '--ring 256K' >>"$WORK/options"
	! wanted swap_killed || printf '%s\n' '--scratch '{4K,6K,1192,1200,1208} >>"$WORK/options"
	! wanted swap_filters ||
		printf '%s\n' '-x --ring 32M' '-x --ring 32M --scratch 2K' '-x --transport perf --ring 16M'{,' --scratch 4K'} >>"$WORK/options"
	cat >>"$WORK/options" <<-END

		--args 1000
		--env
		--ring 16M
		--ring 64K
		--ring 64K --transport perf
		--transport perf
		--ring 64M
		--ring 64M --transport perf
		--ring 64K --scratch 512
		--scratch 1112
		--scratch 4096
		--scratch 512
		--scratch 32768
		-x
		-x --args 3
		-x --args 4096
		-x --ring 64M --env
		-x --scratch 16K
	END
	while read -r options; do
		# shellcheck disable=SC2086 # words
		"$BUILD/execbig-top" --cache-dir "$WORK/image" $options -J -- "$BUILD/tests/lib/nop" >/dev/null 2>"$WORK/host.err" ||
			{ ebt_note "no image from this machine: $(head -n 1 "$WORK/host.err")"; return; }
	done <"$WORK/options"
	"$BUILD/execbig-top" daemon --no-save --socket "$WORK/socket" --cache-dir "$WORK/image" >/dev/null 2>&1 &
	options=$!
	until [ -S "$WORK/socket" ] || [ $((tries -= 1)) = 0 ]; do sleep 0.1; done
	kill "$options"
	wait "$options" || true
}

# escape: text for XML, with no control bytes.
escape() { tr -cd '\11\12\15\40-\176' | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g'; }

# count RESULTS RESULT
count() { awk -F '\t' -v want="$2" '$2 == want { n++ } END { print n + 0 }' "$1"; }

# report KERNEL: JUnit from the results, a table on stdout.
report() {
	local out=$OUT/vm-$1 name result seconds why
	{
		printf '<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="vm-%s" tests="%s" failures="%s" skipped="%s">\n' "$1" \
			"$(wc -l <"$out/results")" "$(count "$out/results" fail)" "$(count "$out/results" skip)"
		printf '  <properties><property name="release" value="%s"/></properties>\n' "$(escape <"$out/release")"
		while IFS=$'\t' read -r name result seconds why; do
			printf '  <testcase classname="vm-%s" name="%s" time="%s">' "$1" "$name" "$seconds"
			case $result in
			skip) printf '<skipped message="%s"/>' "$(escape <<<"$why")" ;;
			fail) printf '<failure message="%s">%s</failure>' "$(escape <<<"$why")" "$(tail -n 60 "$out/$name.log" 2>/dev/null | escape)" ;;
			esac
			printf '</testcase>\n'
		done <"$out/results"
		printf '</testsuite>\n'
	} >"$OUT/vm-$1.xml"
	printf '\n%s (%s)\n' "$1" "$(cat "$out/release" 2>/dev/null || echo 'did not come up')"
	awk -F '\t' '{ printf "  %-24s %-5s %5d s  %s\n", $1, $2, $3, substr($4, 1, 110) }' "$out/results"
	passed=$((passed + $(count "$out/results" pass)))
	failed=$((failed + $(count "$out/results" fail)))
	skipped=$((skipped + $(count "$out/results" skip)))
}

side_by_side=1 quick=no fetch_only=no
if [ "${1:-}" = --quick ]; then
	shift
	side_by_side=2 quick=yes
elif [ "${1:-}" = --fetch ]; then
	shift
	fetch_only=yes
fi
[ $# -gt 0 ] || set -- 6.1 6.1-rt 6.12
for kernel in "$@"; do
	package_of "$kernel" >/dev/null
done
[ "$(id -u)" = 0 ] || ebt_die "this needs root: the guest reads this machine's files"
if [ "$fetch_only" = no ] && ! [[ -x $BUILD/execbig-top && -x $BUILD/tests/lib/nop ]]; then
	ebt_die "no build with tests in $BUILD: run scripts/test.sh or set EBT_BUILD"
fi
ebt_install "${EBT_VM_PACKAGES[@]}"
mkdir -p "$CACHE" "$OUT"
if [ "$fetch_only" = yes ]; then
	for kernel in "$@"; do
		fetch "$kernel"
	done
	exit
fi
OUT=$(readlink -f "$OUT")
# The guest needs a place for the modules of its kernel, and cannot make one.
mkdir -p /usr/lib/modules
WORK=$(mktemp -d)
PIDS=()
stop() {
	[ ${#PIDS[@]} = 0 ] || kill "${PIDS[@]}" 2>/dev/null
	rm -rf "$WORK"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mkdir -m 0700 "$WORK/image"
[ -n "${EBT_VM_COMMAND:-}" ] || host_images

# Fetched one after the other, run side by side.
for kernel in "$@"; do
	fetch "$kernel"
	rm -f "$OUT/vm-$kernel.xml"
done
for kernel in "$@"; do
	while [ "$(jobs -pr | wc -l)" -ge "$side_by_side" ]; do wait -n || true; done
	boot_twice "$kernel" &
	PIDS+=($!)
done
wait || true
PIDS=()
passed=0 failed=0 skipped=0
if [ -n "${EBT_VM_COMMAND:-}" ]; then
	for kernel in "$@"; do
		cat "$OUT/vm-$kernel/command.log"
		[ -f "$OUT/vm-$kernel/done" ] || ebt_die "the machine did not end in order: see $OUT/vm-$kernel/console.log"
	done
	exit
fi
for kernel in "$@"; do
	report "$kernel"
done
[ "$skipped" = 0 ] || printf '\n%s skipped: the table says why\n' "$skipped"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
