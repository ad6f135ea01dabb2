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
PROGRAM=$TMP/saved
daemon_start --set normal-wait=1000000
[ "$(facts)" = "$before" ] || fail "after its end: $(facts), was $before"
[ -e "$broken.broken" ] && [ ! -e "$broken" ] || fail "the broken file is not set aside"
grep -q 'set aside' "$TMP/daemon.err" || fail "nothing said of the broken file"

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
daemon_stop
