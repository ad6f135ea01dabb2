#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Anything wrong with a cache entry means: compile again, put a good one in its place, never load it.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

run() {
	limit 30 "$EBT_BIN" --cache-dir "$1" -J -- "$EBT_TOOLS/nop" "$MARK" >"$TMP/out" 2>"$TMP/err"
	STATUS=$?
	[ "$STATUS" = 0 ] || { show "$TMP/err"; fail "$2: exit status $STATUS"; }
	grep -q -- "$MARK" "$TMP/out" || fail "$2: nothing seen"
	[ "$(wc -l <"$TMP/err")" -le 1 ] || { show "$TMP/err"; fail "$2: more than one sentence"; }
}

good=$TMP/good
mkdir -m 0700 "$good"
run "$good" "cold"
mapfile -t names < <(cd "$good" && ls)
[ ${#names[@]} -gt 0 ] || fail "no entry in the cache"

# check WHAT: $dir holds a bad $entry; after a run it holds the good one, in a new file of root's, and nothing else new.
check() {
	local inode
	inode=$(stat -c %i "$dir/$entry" 2>/dev/null)
	run "$dir" "$entry: $1"
	[ -f "$dir/$entry" ] && [ ! -L "$dir/$entry" ] || fail "$entry: $1: no regular file afterwards"
	cmp -s "$good/$entry" "$dir/$entry" || fail "$entry: $1: the entry afterwards is not the good one"
	[ "$(stat -c '%u %a' "$dir/$entry")" = "$(stat -c '%u %a' "$good/$entry")" ] || fail "$1: $(ls -l "$dir/$entry")"
	[ "$(stat -c %i "$dir/$entry")" != "$inode" ] || fail "$entry: $1: the bad entry was used or written in place"
	[ "$(ls "$dir")" = "$(ls "$good")" ] || fail "$entry: $1: left behind: $(ls "$dir")"
}
fresh() {
	dir=$TMP/dir
	rm -rf "$dir"
	cp -a "$good" "$dir"
}
# poke OFFSET: turns over the bits of one byte.
poke() {
	local byte
	byte=$(od -An -tu1 -j "$1" -N 1 "$dir/$entry")
	printf "\\x$(printf %x $((byte ^ 255)))" | dd of="$dir/$entry" bs=1 seek="$1" conv=notrunc status=none
}

fresh
inodes=$(stat -c %i "$dir"/*)
run "$dir" "good entries"
[ "$(stat -c %i "$dir"/*)" = "$inodes" ] || fail "good entries were written again: the checks would prove nothing"

spoil() {
	local size offset length
	size=$(stat -c %s "$good/$entry")
	for offset in 0 4 8 16 40 $((size / 3)) $((size / 2)) $((size - 9)) $((size - 1)); do
		fresh
		poke "$offset"
		check "byte $offset of $size turned over"
	done
	for length in 0 1 7 64 $((size / 2)) $((size - 1)); do
		fresh
		truncate -s "$length" "$dir/$entry"
		check "cut to $length of $size bytes"
	done
	fresh
	printf x >>"$dir/$entry"
	check "a byte too many"
	fresh
	head -c "$size" /dev/urandom >"$dir/$entry"
	check "random bytes"
	fresh
	chown 65534 "$dir/$entry"
	check "owned by somebody else"
	fresh
	chmod 0666 "$dir/$entry"
	check "writable by all"
	fresh
	mv "$dir/$entry" "$TMP/elsewhere"
	ln -s "$TMP/elsewhere" "$dir/$entry"
	check "a symbolic link"
	cmp -s "$good/$entry" "$TMP/elsewhere" || fail "$entry: wrote through the link"
	fresh
	rm "$dir/$entry"
	mkfifo "$dir/$entry"
	check "a FIFO"
}
for entry in "${names[@]}"; do spoil; done

# The directory itself: somebody else's, writable by all, somebody else's link. The run works, the entry in it is neither used nor kept.
for what in owner mode link file missing; do
	fresh
	case $what in
	owner) chown 65534 "$dir" ;;
	mode) chmod 0777 "$dir" ;;
	link) mv "$dir" "$TMP/real.$$" && ln -s "$TMP/real.$$" "$dir" && chown -h 65534 "$dir" ;;
	file) rm -r "$dir" && touch "$dir" ;;
	missing) rm -r "$dir" ;;
	esac
	strace -f -qq -e trace=execve -o "$TMP/trace" "$EBT_BIN" --cache-dir "$dir" -J -- "$EBT_TOOLS/nop" "$MARK" >"$TMP/out" 2>"$TMP/err" ||
		{ show "$TMP/err"; fail "cache directory, $what: exit status $?"; }
	grep -q -- "$MARK" "$TMP/out" || fail "cache directory, $what: nothing seen"
	grep -q 'execve(.*execbig-compile"' "$TMP/trace" || fail "cache directory, $what: an entry from it was loaded"
	rm -rf "$TMP/real.$$"
done
# Two at once on an empty cache: both run, one set of entries.
fresh
rm "$dir"/*
for n in 1 2 3; do
	spawn "$TMP/out.$n" "$TMP/err.$n" limit 30 "$EBT_BIN" --cache-dir "$dir" -J -- "$EBT_TOOLS/nop" "$MARK"
	pids[n]=$SPAWN_PID
done
for n in 1 2 3; do
	end_of "${pids[n]}" 30
	[ "$STATUS" = 0 ] || { show "$TMP/err.$n"; fail "at once, number $n: exit status $STATUS"; }
done
diff -r "$good" "$dir" >"$TMP/diff" || { show "$TMP/diff"; fail "at once: other entries than one run alone writes"; }
