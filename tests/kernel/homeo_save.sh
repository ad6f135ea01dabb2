#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What was saved is there after SIGKILL; what was learned is there after the end; a broken file is set aside; the socket is
# not for everybody.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../lib/homeo.sh"

need_kernel
daemon_start --set normal-wait=1000000
program saved
runs 20 "$PROGRAM" plain
ask normalize "$PROGRAM" >/dev/null
"$PROGRAM" list /etc
facts() { ask profiles count | jq -c --arg exe "$PROGRAM" 'select(.exe == $exe) | [.exe,.key,.state,.calls,.train_count,.new_calls,.distinct_calls,.pairs,.anomalies]'; }
inspected() { ask inspect "$PROGRAM" | jq -S -c '.before |= sort_by(.call)' | sort; }
before=$(facts)
inspected >"$TMP/pairs.before"
[ -n "$before" ] || fail "no profile"
ask save | jq -e '.saved > 0' >/dev/null || fail "nothing saved"
[ -z "$(ls "$PROFILES" | grep -v '\.ph$')" ] || fail "leftovers: $(ls "$PROFILES")"
[ "$(stat -c %a "$PROFILES")" = 700 ] || fail "the directory is open to others"
daemon_stop KILL

daemon_start --set normal-wait=1000000
[ "$(facts)" = "$before" ] || fail "after SIGKILL: $(facts), was $before"
inspected >"$TMP/pairs.after"
cmp -s "$TMP/pairs.before" "$TMP/pairs.after" || fail "the pairs are not the same"
runs 5 "$PROGRAM" plain
"$PROGRAM" plain /nowhere
[ "$(field "$PROGRAM" anomalies)" -ge 1 ] || fail "no anomaly after loading"
before=$(facts)
daemon_stop
[ "$STATUS" = 0 ] || fail "exit status $STATUS"

# At its end it saves; a file that is broken does no harm but to itself.
victim=$(find "$PROFILES" -name '*.ph' -size +1k | head -n 1)
program other
[ -n "$victim" ] || fail "no file"
key=$(printf '%s' "$before" | jq -r '.[1] | gsub(":"; "-")')
for f in "$PROFILES"/*.ph; do
	[ "$(basename "$f" .ph)" = "$key" ] || { broken=$f && break; }
done
printf 'x' | dd of="$broken" bs=1 seek=100 conv=notrunc 2>/dev/null
ln -s "$broken" "$PROFILES/link.ph"
PROGRAM=$TMP/saved
daemon_start --set normal-wait=1000000
[ "$(facts)" = "$before" ] || fail "after its end: $(facts), was $before"
[ -e "$broken.broken" ] && [ ! -e "$broken" ] || fail "the broken file is not set aside"
grep -q 'set aside' "$TMP/daemon.err" || fail "nothing said of the broken file"
grep -q 'profile link.ph: it is a symbolic link; set aside as link.ph.broken' "$TMP/daemon.err" || { show "$TMP/daemon.err"; fail "nothing said of the link"; }
[ -L "$PROFILES/link.ph.broken" ] || fail "the link is not set aside"

daemon_stop

# SIGKILL at any moment, in the middle of saving too: nothing is broken, and what was there an interval ago is there again.
PROFILES=$TMP/killed
daemon_start --set normal-wait=1000000 --set save-interval=1
program busy
(while :; do "$PROGRAM" plain; done) >/dev/null 2>&1 &
SPAWNED+=($!)
worker=$!
wait_for 5 "its profile exists" eval '[ -n "$(field "$PROGRAM" key)" ]'
file=$PROFILES/$(field "$PROGRAM" key | tr : -).ph
saved_after() { [ "$(stat -c %.Y "$file" 2>/dev/null)" != "$1" ]; }
for pause in 0.31 0.02 0.67; do
	before=$(field "$PROGRAM" calls)
	# The save under way may have read the profile before that; the next one has not.
	for i in 1 2; do
		wait_for 10 "it is saved every second" saved_after "$(stat -c %.Y "$file" 2>/dev/null)"
	done
	sleep "$pause" # any moment of the interval
	daemon_stop KILL
	daemon_start --set normal-wait=1000000 --set save-interval=1
	after=$(field "$PROGRAM" calls)
	[ "${after:-0}" -ge "$before" ] || fail "$before calls an interval before the SIGKILL, ${after:-none} after it"
	[ -z "$(find "$PROFILES" -name '*.broken')" ] || fail "broken by SIGKILL: $(ls "$PROFILES")"
done
kill "$worker"

# An inode that is used again is another program.
program first
runs 5 "$PROGRAM" plain
slot=$(field "$PROGRAM" slot)
inode=$(stat -c %i "$PROGRAM")
rm "$PROGRAM"
for ((i = 0; i < 200; i++)); do
	cp "$EBT_TOOLS/habits" "$TMP/again-$i"
	[ "$(stat -c %i "$TMP/again-$i")" != "$inode" ] || break
done
if [ "$i" -lt 200 ]; then
	"$TMP/again-$i" plain
	[ "$(field "$TMP/again-$i" slot)" != "$slot" ] || fail "a file with the inode of one that is gone has its profile"
	[ "$(field "$TMP/again-$i" slot)" -gt 0 ] || fail "a file with the inode of one that is gone has no profile"
else
	say "this filesystem did not use inode $inode again"
fi

# Another user may not even connect.
if command -v setpriv >/dev/null; then
	chmod 0755 "$TMP"
	setpriv --reuid=65534 --regid=65534 --clear-groups "$EBT_BIN" status --socket "$SOCKET" >"$TMP/nobody" 2>&1 && fail "nobody is served"
	daemon_stop
	daemon_start --group nogroup
	setpriv --reuid=65534 --regid=65534 --clear-groups "$EBT_BIN" status --socket "$SOCKET" >"$TMP/nobody" 2>&1 || { show "$TMP/nobody"; fail "a member of the group is not served"; }
	setpriv --reuid=65533 --regid=65533 --clear-groups "$EBT_BIN" status --socket "$SOCKET" >"$TMP/nobody" 2>&1 && fail "another group is served"
fi
"$EBT_BIN" daemon --socket "$SOCKET" --no-save --cache-dir "$EBT_CACHE" >"$TMP/second" 2>&1 && fail "two daemons at one socket"
daemon_answers || fail "the first daemon was disturbed"

# Two with one directory would overwrite each other's profiles.
refused() {
	local what=$1 sentence=$2
	shift 2
	limit 30 "$EBT_BIN" daemon --cache-dir "$EBT_CACHE" "$@" >"$TMP/refused" 2>&1
	[ $? = 1 ] && grep -qF "$sentence" "$TMP/refused" && [ "$(wc -l <"$TMP/refused")" = 1 ] || { show "$TMP/refused"; fail "$what"; }
}
refused "two daemons with one directory" "the profiles' directory $PROFILES is in use by another" --socket "$TMP/sock2" --profiles "$PROFILES"
[ ! -e "$TMP/sock2" ] || fail "a socket of a daemon that was refused"

# Only a socket nobody listens at makes room.
echo text >"$TMP/file" && mkdir "$TMP/directory" && ln -s none "$TMP/link" && chown -h 65534 "$TMP/link"
refused "a file at --socket" "cannot listen at $TMP/file: it is a file" --no-save --socket "$TMP/file"
refused "a directory at --socket" "cannot listen at $TMP/directory: it is a directory" --no-save --socket "$TMP/directory"
refused "another user's link at --socket" "cannot write $TMP/link: 'link' on the way is a symbolic link of user 65534" --no-save --socket "$TMP/link"
[ "$(cat "$TMP/file")" = text ] && [ -d "$TMP/directory" ] && [ -L "$TMP/link" ] || fail "--socket replaced something: $(ls -l "$TMP")"

# Its own end: what stands at its name by then stays, and what cannot be saved is a failure.
program last
runs 5 "$PROGRAM" plain
rm -r "$PROFILES" "$SOCKET"
echo text >"$SOCKET"
daemon_stop
[ "$STATUS" = 1 ] || fail "exit status $STATUS though nothing could be saved"
grep -q 'not every profile could be saved' "$TMP/daemon.err" || { show "$TMP/daemon.err"; fail "not said that it could not be saved"; }
[ "$(cat "$SOCKET")" = text ] || fail "removed what was not its socket"
rm "$SOCKET"

# Nothing is kept: save says so.
daemon_start --no-save
"$EBT_BIN" save --socket "$SOCKET" >"$TMP/saved.out" 2>"$TMP/saved.err"
[ $? = 1 ] && [ ! -s "$TMP/saved.out" ] && grep -q 'nothing is saved.*--no-save' "$TMP/saved.err" || { show "$TMP/saved.err"; fail "save with --no-save"; }
daemon_stop
[ "$STATUS" = 0 ] || fail "with --no-save: exit status $STATUS"

# Beside the view: what cannot be kept at the end is said, and is its status where the command has none.
limit 60 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J --homeostasis --profiles "$TMP/view" -- rm -rf "$TMP/view" >"$TMP/out" 2>"$TMP/err" </dev/null
STATUS=$?
[ "$STATUS" = 1 ] && grep -q 'not every profile could be saved' "$TMP/err" || { show "$TMP/err"; fail "nothing could be saved beside the view: exit status $STATUS, want 1"; }
