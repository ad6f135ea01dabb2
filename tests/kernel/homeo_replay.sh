#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# `homeostasis train` and `test` on published traces: the values of an independent script, to the last one; gzipped or not;
# a line a trace on request; a wrong word or a broken file is one sentence.
. "$(dirname "$0")/../lib/test.sh"

data=$EBT_SOURCE/tests/data/syscall-traces
homeo() { timeout 60 "$EBT_BIN" homeostasis "$@"; }
value() { sed -n "s/^$1 //p" "$TMP/out"; }

# train NAME TRACES CALLS DISTINCT PAIRS BITS NEW FREEZE
train() {
	echo mine >"$TMP/$1.ph.new"
	homeo train "$data/$1-normal.txt.gz" -o "$TMP/$1.ph" >"$TMP/out" || fail "train $1"
	[ "$(cat "$TMP/$1.ph.new" 2>&1)" = mine ] && [ -z "$(ls "$TMP" | grep tmp)" ] || fail "train $1: other files: $(ls "$TMP")"
	local got
	got="$(value traces) $(value calls | head -n 1) $(value 'distinct calls') $(value pairs) $(value bits) $(value 'calls with new pairs') $(value 'first freeze')"
	[ "$got" = "${*:2}" ] || fail "train $1: $got, not ${*:2}"
}
# tested PROFILE TRACES ANOMALOUS MISSED LFC
tested() {
	homeo "test" "$TMP/$1.ph" "$data/$2.txt.gz" >"$TMP/out" || fail "test $2"
	local got
	got="$(value 'anomalous calls') $(value 'missed pairs') $(value 'max LFC')"
	[ "$got" = "${*:3}" ] || fail "test $2: $got, not ${*:3}"
}
train login 24 8906 46 619 1728 401 at call 257
train ps 19 6144 22 249 738 191 never
train inetd 3 541 35 325 769 139 never
tested login login-homegrown 58 150 32
tested login login-recovered 296 862 59
tested ps ps-homegrown 149 319 13
tested ps ps-recovered 146 571 14
tested inetd inetd-intrusion 357 1865 128
tested login login-normal 0 0 0

# The same without gzip: times and the checksum of them are the only bytes that differ.
gzip -dc "$data/login-normal.txt.gz" >"$TMP/plain"
homeo train "$TMP/plain" -o "$TMP/plain.ph" >/dev/null || fail "train without gzip"
cmp -l "$TMP/plain.ph" "$TMP/login.ph" >"$TMP/differ"
[ "$(wc -l <"$TMP/differ")" -le 24 ] && [ "$(stat -c %s "$TMP/plain.ph")" = "$(stat -c %s "$TMP/login.ph")" ] || fail "gzip or not makes another profile"
tested plain login-recovered 296 862 59

# A line a trace adds up to the whole.
homeo "test" --per-trace "$TMP/login.ph" "$data/login-homegrown.txt.gz" "$data/login-recovered.txt.gz" >"$TMP/out" || fail "per trace"
awk '/^ +[0-9]/ { n++; calls += $2; anomalous += $3; missed += $4; if ($5 > lfc) lfc = $5 }
	/^anomalous calls/ { ok = anomalous == $3 } /^missed pairs/ { ok = ok && missed == $3 } /^max LFC/ { ok = ok && lfc == $3 } END { exit !(ok && n == 13) }' "$TMP/out" ||
	{ show "$TMP/out"; fail "the traces do not add up"; }

# says STATUS TEXT ARG…
says() {
	homeo "${@:3}" >"$TMP/said" 2>&1
	[ $? = "$1" ] || fail "${*:3}: not exit status $1"
	grep -qF -- "$2" "$TMP/said" && [ "$(wc -l <"$TMP/said")" = 1 ] || { show "$TMP/said"; fail "${*:3} does not say '$2'"; }
}
printf '1 2\n1 many\n' >"$TMP/bad"
head -c 3000 "$data/login-normal.txt.gz" >"$TMP/cut.gz"
says 1 "$TMP/bad line 2: not \"TRACE CALL\"" train "$TMP/bad" -o "$TMP/x"
{ printf '1 2\n# %0600d\n' 0 | tr 0 ' ' && printf '1 %0300d\n' 3; } >"$TMP/bad"
says 1 "$TMP/bad line 3: too long a line" train "$TMP/bad" -o "$TMP/x"
printf '1 2\n1 2\0\n' >"$TMP/bad"
says 1 "$TMP/bad line 2: a NUL byte" train "$TMP/bad" -o "$TMP/x"
says 1 "cannot open $TMP/none" train "$TMP/none" -o "$TMP/x"
says 1 "cannot use the profile $TMP/bad" "test" "$TMP/bad" "$TMP/plain"
says 1 "$TMP/cut.gz" train "$TMP/cut.gz" -o "$TMP/x"
says 2 "-o PROFILE" train "$TMP/plain"
says 2 "one file of traces or more" "test" "$TMP/login.ph"
says 2 "'learn' is no command of homeostasis" learn "$TMP/plain"
# The profile is put in the place of a file alone.
mkfifo "$TMP/fifo" && mkdir "$TMP/dir" && ln -s none "$TMP/link"
says 1 "cannot write $TMP/fifo: it is a FIFO" train "$TMP/plain" -o "$TMP/fifo"
says 1 "cannot write $TMP/dir: it is a directory" train "$TMP/plain" -o "$TMP/dir"
# A link of ours is followed, one of another user's is not.
homeo train "$TMP/plain" -o "$TMP/link" >/dev/null && [ -s "$TMP/none" ] || fail "train -o does not follow a link of ours"
chown -h 65534 "$TMP/link"
says 1 "'link' on the way is a symbolic link of user 65534" train "$TMP/plain" -o "$TMP/link"
[ -p "$TMP/fifo" ] && [ -d "$TMP/dir" ] && [ -L "$TMP/link" ] || fail "train -o replaced something: $(ls -l "$TMP")"
if mknod "$TMP/null" c 1 3 2>/dev/null; then
	says 1 "cannot write $TMP/null: it is a device" train "$TMP/plain" -o "$TMP/null"
	[ -c "$TMP/null" ] || fail "train -o replaced a device: $(ls -l "$TMP/null")"
fi
[ ! -e "$TMP/x" ] || fail "a profile from what cannot be read"
