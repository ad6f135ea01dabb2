#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What is shown is so: the file of an exec beside arguments that do not name it, the time of day in a time namespace, the end of a
# recording that stopped after -n frames.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
# line COMMAND…: what -e -x shows in its last column of the execs that bash's last command makes.
lines() { "$EBT_BIN" --cache-dir "$EBT_CACHE" -e -x -- bash -c "$1" 2>/dev/null; }

nop=$(realpath "$EBT_TOOLS/nop")
lines "exec -a '' '$nop' $MARK-empty" | grep -qF "($nop) '' $MARK-empty" || fail "an empty first argument hides the file"
lines "exec -a innocent '$nop' $MARK-forged" | grep -qF "($nop) innocent $MARK-forged" || fail "another first argument hides the file"
lines "exec -a nop '$nop' $MARK-plain" | grep -qF " nop $MARK-plain" || fail "a file is shown that the arguments name"
lines "exec -a nop '$nop' $MARK-plain" | grep -qF "($nop)" && fail "a file is shown that the arguments name"
lines "exec -a gcc /no/such/file $MARK-failed" >"$TMP/failed"
grep -F ENOENT "$TMP/failed" | grep -qF "(/no/such/file) gcc $MARK-failed" || { show "$TMP/failed"; fail "a failed exec has no file"; }
mkdir "$TMP/fails"
lines "'$EBT_TOOLS/fails' '$TMP/fails' $MARK-fails" >"$TMP/failed"
grep -qF "('') $MARK-fails empty-name" "$TMP/failed" || { show "$TMP/failed"; fail "an empty file name is not shown"; }
grep -qF "(file name unknown) $MARK-fails bad-name" "$TMP/failed" || { show "$TMP/failed"; fail "nothing says that a file name could not be read"; }

"$EBT_BIN" --cache-dir "$EBT_CACHE" -w "$TMP/some.rec" -b -d 1 -n 1 >/dev/null || fail "-b -n 1: exit status $?"
"$EBT_BIN" -r "$TMP/some.rec" -e >/dev/null 2>"$TMP/replayed" || fail "-r: exit status $?"
grep -q 'no end' "$TMP/replayed" && fail "a recording of -b -n 1 has no end"

if unshare --time --fork --monotonic 86400 true 2>/dev/null; then
	before=$(date +%s)
	unshare --time --fork --monotonic 86400 --boottime 864000 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- "$nop" >"$TMP/shifted" || fail "in a time namespace: exit status $?"
	at=$(date -d "$(jq -r 'select(.type == "exec") | .ts' "$TMP/shifted" | head -n 1)" +%s)
	[ "$at" -ge $((before - 2)) ] && [ "$at" -le $(($(date +%s) + 2)) ] || fail "in a time namespace an exec is $((at - before)) s off"
fi
# A user that comes while it runs, one that takes its number over, and nobody after that, in a mount namespace with an /etc/passwd of its own.
cat >"$TMP/user.sh" <<'SH'
passwd=$1 names=$2 out=$3
shift 3
mount --bind "$passwd" /etc/passwd || exit 77
before=$(cat "$passwd")
"$@" -- bash -c '# The name is looked up when the line is written, so that the next change waits for it.
run() { setpriv --reuid 64321 --regid 65534 --clear-groups "$nop" "$1"; for _ in {1..100}; do grep -q "^[^ ]* *[^ ]*/nop $1\$" "$out" && return; sleep 0.1; done; }
passwd=$1 nop=$2 before=$3 out=$4
user() { printf "%s\\n%s\\n" "$before" "$1:x:64321:65534::/:/bin/false" >"$passwd"; }
user ebtlate; run late; user ebtnext; run next; printf "%s\\n" "$before" >"$passwd"; run none' - "$passwd" "$names" "$before" "$out"
SH
cp /etc/passwd "$TMP/passwd"
cp "$nop" "$TMP/nop"
chmod 0755 "$TMP" "$TMP/nop"
if unshare -m bash "$TMP/user.sh" "$TMP/passwd" "$TMP/nop" "$TMP/users" "$EBT_BIN" --cache-dir "$EBT_CACHE" -e -o user,command >"$TMP/users" 2>"$TMP/users.err"; then
	for line in 'ebtlate .*nop late' 'ebtnext .*nop next' '64321 .*nop none'; do
		grep -q "^$line" "$TMP/users" || { show "$TMP/users"; fail "no line like '$line': a user that came, took a number over, or went"; }
	done
elif [ $? != 77 ]; then
	show "$TMP/users.err"
	fail "execbig-top in a mount namespace"
fi
say "files, names, a recording's end and the time of day are right"
