#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A compilation database from a recorded build is Bear's, for C projects that are not ours: bzip2 (one Makefile), Lua (a Makefile
# below another) and zlib (a configure script, and objects for a shared library), as Debian has their sources.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need bear make gcc apt-get

# fetch PACKAGE FILE SHA256: the source of an installable package lies beside it on the mirror. Fetched by apt, which knows
# where that is and through which proxy; unpacked, with the patches of nobody.
fetch() {
	local url try helper=/usr/lib/apt/apt-helper
	url=$(apt-get --print-uris download "$1" 2>/dev/null | sed -n "s/^'\(.*\)\/[^/]*' .*/\1/p")
	[ -n "$url" ] || skip "apt does not know where $1 is"
	for try in 1 2 3; do
		"$helper" -o APT::Sandbox::User=root download-file "$url/$2" "$TMP/$2" "SHA256:$3" >"$TMP/fetch" 2>&1 && break
		[ "$try" -lt 3 ] || { show "$TMP/fetch"; skip "cannot fetch $url/$2"; }
	done
	mkdir "$TMP/$1"
	tar -C "$TMP/$1" --strip-components=1 -xf "$TMP/$2" || fail "cannot unpack $2"
	cd "$TMP/$1" || fail "no $1"
}

# compare NAME ENTRIES CLEAN BUILD: the same build for both; at least so many entries.
compare() {
	bear --output "$TMP/bear.json" -- sh -c "$4" >"$TMP/out" 2>&1 || { tail "$TMP/out"; fail "$1 does not build"; }
	sh -c "$3" >/dev/null 2>&1
	"$EBT_BIN" --cache-dir "$EBT_CACHE" -e -w "$TMP/b.rec" -- sh -c "$4" >"$TMP/out" 2>&1 || { tail "$TMP/out"; fail "$1 does not build when traced"; }
	"$EBT_BIN" export compile-commands -r "$TMP/b.rec" -o "$TMP/ours.json" 2>"$TMP/err" || { show "$TMP/err"; fail "$1: no export"; }
	[ ! -s "$TMP/err" ] || { show "$TMP/err"; fail "$1: the export has something to say"; }
	jq -cS '.[]' "$TMP/bear.json" | sort >"$TMP/want"
	jq -cS '.[]' "$TMP/ours.json" | sort >"$TMP/got"
	[ "$(wc -l <"$TMP/want")" -ge "$2" ] || fail "$1: Bear has only $(wc -l <"$TMP/want") entries"
	diff "$TMP/want" "$TMP/got" >"$TMP/diff" || { show "$TMP/diff"; fail "$1: entries differ from Bear's"; }
	say "$1: $(wc -l <"$TMP/got") entries, as Bear's"
}

# -O0: it is who is called, not what comes out.
fetch bzip2 bzip2_1.0.8.orig.tar.gz ab5a03176ee106d3f0fa90e381da478ddae405918153cca248e682cd0c4a2269
compare bzip2 9 "make clean" "make -j2 CFLAGS='-O0 -D_FILE_OFFSET_BITS=64' libbz2.a bzip2 bzip2recover"
fetch lua5.4 lua5.4_5.4.4.orig.tar.gz 164c7849653b80ae67bec4b7473b884bf5cc8d2dca05653475ec2ed27b9ebf61
compare Lua 34 "make clean" "make -j2 linux MYCFLAGS=-O0"
fetch zlib1g zlib_1.2.13.dfsg.orig.tar.bz2 71feb7947e3c00ef125f83b79a4e529bde31171e5babe48b391f06758d1ab0a1
./configure >"$TMP/out" 2>&1 || { show "$TMP/out"; fail "zlib cannot be configured"; }
compare zlib 34 "make clean" "make -j2 CFLAGS='-O0 -fPIC'"
