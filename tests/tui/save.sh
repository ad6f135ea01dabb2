#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Saving: W writes the execs of the list or of the whole history as JSON or CSV, live and in a replay, with the rights of the
# user; what is there already is asked about or stays.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel
need jq

mkdir "$TMP/here"
tui_open 80 24
tui_line "cd '$TMP/here'"
tui_start -m "$MARK"
for n in 1 2 3; do tui_exec "$MARK" "one-$n"; done
tui_exec "$MARK" "two words"
tui_wait 5 "nop $MARK 'two words'"
# name NAME: types it in place of the one that is offered.
name() {
	tui_keys C-u
	tui_type "$1"
	tui_keys Enter
}

# The list as the filter leaves it.
tui_keys F4
tui_type 'one-'
tui_keys Enter
tui_wait_not 5 'two words'
press Rows W
tui_wait 5 'JSON, list' "the menu"
tui_keys Enter
tui_wait 5 '^File: execs-[0-9]+-[0-9]+\.json$' "a name to begin with"
name list.json
tui_wait 5 'saved [0-9]+ events to list.json' "that it was saved"
[ "$(jq -r 'select(.type == "exec") | .args[2]' "$TMP/here/list.json" | tr '\n' ' ')" = "one-1 one-2 one-3 " ] ||
	{ show "$TMP/here/list.json"; fail "not the execs of the list"; }
[ "$(jq -r 'select(.type == "exit") | .exit_code' "$TMP/here/list.json" | sort -u)" = 0 ] || fail "their exits are not there"
jq -s -e 'map(.mono_ns) | . == sort' "$TMP/here/list.json" >/dev/null || fail "not in the order of time"
[ "$(stat -c %a "$TMP/here/list.json")" = 600 ] || fail "others may read it"

# The whole history, as a table.
press Rows W
tui_wait 5 'CSV, all'
tui_keys End Up Enter
name all.csv
tui_wait 5 'saved [0-9]+ events to all.csv'
head -n 1 "$TMP/here/all.csv" | grep -q '^type,ts,' || fail "no line of titles"
grep -q 'two words' "$TMP/here/all.csv" || fail "what the filter hides is not in the whole history"

# The whole history as a recording, which has the same events.
tui_type W
tui_wait 5 'recording, all'
tui_keys End Enter
name all.rec
tui_wait 5 'saved [0-9]+ events to all.rec'
"$EBT_BIN" -J -r "$TMP/here/all.rec" | jq -r 'select(.type == "exec" or .type == "exit") | [.ts, .type, .pid, .comm, .args, .exe, .cwd, .cgroup, .uid, .ret, .exit_code, .lifetime_ns] | @json' >"$TMP/replayed"
[ -s "$TMP/replayed" ] || fail "the recording is empty"
tui_type W
tui_keys Down Down Down Enter
name all.json
tui_wait 5 'saved [0-9]+ events to all.json'
jq -r '[.ts, .type, .pid, .comm, .args, .exe, .cwd, .cgroup, .uid, .ret, .exit_code, .lifetime_ns] | @json' "$TMP/here/all.json" >"$TMP/saved"
head -n "$(wc -l <"$TMP/replayed")" "$TMP/saved" | diff - "$TMP/replayed" >"$TMP/diff" || { show "$TMP/diff"; fail "JSON and recording differ"; }

# Refused, with the text kept: outside, where root without sudo may not; a hidden file; somebody's file.
echo precious >"$TMP/here/mine"
tui_type W
tui_keys Enter
name "$TMP/x.json"
tui_wait 5 'root saves only to the directory' "outside"
tui_wait 5 "^File: .*x.json$" "the text stays"
name .bashrc
tui_wait 5 'begins with a dot' "a hidden file"
name mine
tui_wait 5 'was not written by this program' "somebody's file"
# A file of ours is asked about.
name list.json
tui_wait 5 'list.json is there: replace it\?' "the question"
tui_keys Escape
tui_wait 5 '^File: list.json$' "back to the name"
tui_keys Enter
tui_wait 5 'replace it\?'
tui_exec "$MARK" one-4
tui_keys Enter
tui_wait 5 'saved [0-9]+ events to list.json' "replaced"
grep -q one-3 "$TMP/here/list.json" || fail "the new file lacks an exec"
tui_keys q
tui_wait 10 'ended=0'
[ "$(cat "$TMP/here/mine")" = precious ] || fail "somebody's file was replaced"
[ "$(ls -A "$TMP/here" | tr '\n' ' ')" = "all.csv all.json all.rec list.json mine " ] || { ls -A "$TMP/here"; fail "something is left"; }

# A replay, as a user who owns a directory.
"$EBT_TOOLS/recgen" "$TMP/one.rec" 20000 || fail "recgen"
chmod 0644 "$TMP/one.rec"
chmod 0711 "$TMP"
mkdir "$TMP/user"
mv "$TMP/one.rec" "$TMP/user/one.rec"
chown -R 12345:12345 "$TMP/user"
sum=$(sha256sum <"$TMP/user/one.rec")
tui_line "clear; cd /; setpriv --reuid 12345 --regid 12345 --clear-groups env HOME=/nonexistent '$EBT_BIN' -r '$TMP/user/one.rec' --speed max -s events; echo \"ended=\$?\""
tui_wait 20 'F1 ?Help'

tui_wait 20 'ENDED' "the end of the recording"
tui_type W
tui_keys Enter
name "$TMP/user/replay.json"
tui_wait 20 'saved 20000 events to .*replay.json' "all of it"
[ "$(jq -r .type "$TMP/user/replay.json" | sort | uniq -c | awk '{print $1 $2}' | tr '\n' ' ')" = "10000exec 10000exit " ] ||
	fail "not all events"
[ "$(stat -c %u "$TMP/user/replay.json")" = 12345 ] || fail "of another owner"
tui_type W
tui_keys Enter
name /etc/replay.json
tui_wait 5 'Permission denied' "where the user may not write"
name "$TMP/user/one.rec"
tui_wait 5 'it is the recording that -r reads' "what is replayed is not replaced"
# What is being saved at the end is finished.
name "$TMP/user/last.json"
tui_wait_not 5 '^File:'
tui_keys q
tui_wait 30 'ended=0'
[ "$(wc -l <"$TMP/user/last.json")" -ge 20000 ] || fail "the file that was being saved at the end is not whole"
[ "$(sha256sum <"$TMP/user/one.rec")" = "$sum" ] || fail "the recording has changed"
