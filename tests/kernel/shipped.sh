#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The first start ever: the images that the build made serve it, and no compiler runs. One that cannot be trusted or is
# damaged is not used, and that is said.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need strace
unshare --mount true 2>/dev/null || skip "no mount namespaces"

dir=$TMP/program
fresh() {
	rm -rf "$dir"
	mkdir -m 0755 "$dir"
	cp -a "$(dirname "$EBT_BIN")"/{execbig-top,execbig-compile,kinclude,images} "$dir/" || fail "the build made no images"
}
# run WHAT [OPTION…]: with an empty /var/cache, as after an installation. STATUS, $TMP/out, $TMP/err; COMPILED is yes or no.
run() {
	local what=$1
	shift
	limit 60 unshare --mount sh -c 'mount --make-rprivate / && mount -t tmpfs -o mode=0755 none /var/cache && exec "$@"' - \
		strace -f -qq -e trace=execve -o "$TMP/trace" "$dir/execbig-top" "$@" -J -- "$EBT_TOOLS/nop" "$MARK" >"$TMP/out" 2>"$TMP/err" </dev/null ||
		{ show "$TMP/err"; fail "$what: exit status $?"; }
	grep -q -- "$MARK" "$TMP/out" || { show "$TMP/err"; fail "$what: nothing seen"; }
	COMPILED=no
	! grep -q "execve(\"$dir/execbig-compile\"" "$TMP/trace" || COMPILED=yes
}
# refused WHAT WORDS: compiled, and one line says why the image was not used.
refused() {
	run "$1"
	[ "$COMPILED" = yes ] || fail "$1: the image was used"
	[ "$(wc -l <"$TMP/err")" = 1 ] && grep -qE -- "$2" "$TMP/err" || { show "$TMP/err"; fail "$1: not one line with /$2/"; }
}

fresh
run "first start"
[ "$COMPILED" = no ] || fail "the first start ran the compiler"
[ ! -s "$TMP/err" ] || { show "$TMP/err"; fail "first start: words on stderr"; }
run "first start, another setting" --scratch 4096
[ "$COMPILED" = yes ] || fail "4096 bytes of scratch come from an image of the default settings"
run "first start, --no-cache" --no-cache
[ "$COMPILED" = yes ] || fail "--no-cache took an image"

for image in "$dir"/images/image-*; do
	printf x | dd of="$image" bs=1 seek=$(($(stat -c %s "$image") / 2)) conv=notrunc status=none
done
refused "a damaged image" "damaged"
fresh
rm "$dir"/images/image-*
run "no image"
[ "$COMPILED" = yes ] || fail "without images, nothing was compiled"
[ ! -s "$TMP/err" ] || { show "$TMP/err"; fail "no image: words on stderr"; }
fresh
chmod 0777 "$dir/images"
refused "a directory that everybody may write" "images.*not used"
fresh
chown 65534 "$dir/images"
refused "a directory of somebody else's" "images.*not used"
fresh
chown 65534 "$dir"/images/image-*
refused "images of somebody else's" "not a regular file that only uid 0"
exit 0
