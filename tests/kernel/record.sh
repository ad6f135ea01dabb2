#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A recording replays to the lines that were printed live, whole or in parts; what is cut is said; what it writes belongs to
# the invoking user.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
chmod 0777 "$TMP"

# Other users, bytes that are not UTF-8, megabytes, failures, signals.
cat >"$TMP/load" <<'L'
for i in $(seq 40); do "$EBT_TOOLS/nop" "$MARK-$i"; done
sleep 0.5
"$EBT_TOOLS/nop" "$(printf 'x\377\376y\033[31m')" "$(head -c 100000 /dev/zero | tr '\0' z)"
setpriv --reuid 1234 --regid 2345 --clear-groups "$EBT_TOOLS/nop" other
setpriv --reuid daemon --regid daemon --clear-groups "$EBT_TOOLS/nop" named
sh -c 'kill -9 $$' || true
sh -c 'exit 3' || true
L
export MARK EBT_TOOLS
# same OUT REPLAY WHAT
same() { cmp -s "$1" "$2" || { diff "$1" "$2" | cut -c 1-300 >"$TMP/diff"; show "$TMP/diff"; fail "$3: the replay differs from live"; }; }

"$EBT_BIN" --cache-dir "$EBT_CACHE" -J -w "$TMP/a.rec" -- bash "$TMP/load" >"$TMP/live" || fail "status $?"
"$EBT_BIN" -r "$TMP/a.rec" -J >"$TMP/replay" 2>"$TMP/err" || { show "$TMP/err"; fail "no replay"; }
[ -s "$TMP/err" ] && { show "$TMP/err"; fail "the replay of a whole recording has something to say"; }
[ "$(wc -l <"$TMP/live")" -ge 80 ] || fail "only $(wc -l <"$TMP/live") lines"
grep -q '"text":"summary","law":true' "$TMP/live" || fail "no summary"
same "$TMP/live" "$TMP/replay" "-J"
[ "$(stat -c %a "$TMP/a.rec")" = 600 ] || fail "mode $(stat -c %a "$TMP/a.rec")"

# The other forms, against the same recording live twice over is not possible: against each other.
"$EBT_BIN" export json -r "$TMP/a.rec" -o "$TMP/export.json" || fail "export json"
same "$TMP/live" "$TMP/export.json" "export json"
"$EBT_BIN" -r "$TMP/a.rec" --csv >"$TMP/csv" && "$EBT_BIN" export csv -r "$TMP/a.rec" >"$TMP/export.csv" || fail "csv"
same "$TMP/csv" "$TMP/export.csv" "export csv"
[ "$(wc -l <"$TMP/csv")" -ge 80 ] || fail "csv is short"
"$EBT_BIN" -r "$TMP/a.rec" -b >"$TMP/batch" && grep -q nop "$TMP/batch" || fail "-b of a recording shows nothing"
"$EBT_BIN" -r "$TMP/a.rec" -J -n 5 >"$TMP/five" && [ "$(wc -l <"$TMP/five")" = 5 ] || fail "-n of a replay"
"$EBT_BIN" -r "$TMP/a.rec" -J -m "$MARK-7( |$)" | jq -e -s 'map(select(.type == "exec")) | length == 1' >/dev/null || fail "-m of a replay"
"$EBT_BIN" -r "$TMP/a.rec" -J -u 1234 | jq -e -s 'map(select(.type == "exec")) | length >= 1 and all(.uid == 1234)' >/dev/null || fail "-u of a replay"

# The filters that are the kernel's when it is live. A process that only forked is told of by its end: the tree goes through it.
cat >"$TMP/tree" <<'L'
("$EBT_TOOLS/nop" "$MARK-in" & wait)
sh -c '"$EBT_TOOLS/nop" "$MARK-sh"; "$EBT_TOOLS/nop" "$MARK-sh"; :'
nosuchcommand 2>/dev/null
:
L
"$EBT_BIN" --cache-dir "$EBT_CACHE" -x -J -w "$TMP/t.rec" -- bash "$TMP/tree" >"$TMP/tree.json" || fail "status $?"
pid_of() { jq -r -s "map(select(.type == \"exec\" and .ret == 0 and .args[0] == \"$1\")) | .[0].pid" "$TMP/tree.json"; }
execs_of() { "$EBT_BIN" -r "$TMP/t.rec" -J "$@" | jq -r 'select(.type == "exec" and .ret == 0) | .args | last' | sort | tr '\n' ' '; }
of_bash=$(execs_of -p "$(pid_of bash)")
of_sh=$(execs_of -p "$(pid_of sh)")
case $of_bash in *"$MARK-in "*"$MARK-sh $MARK-sh "*) ;; *) fail "-p of the shell: $of_bash" ;; esac
case $of_sh in *"$MARK-in"*) fail "-p of the inner shell: $of_sh" ;; *"$MARK-sh $MARK-sh "*) ;; *) fail "-p of the inner shell: $of_sh" ;; esac
exits=$("$EBT_BIN" -r "$TMP/t.rec" -J -p "$(pid_of sh)" | jq -s 'map(select(.type == "exit")) | length')
[ "$exits" -ge 2 ] && [ "$exits" -lt "$(jq -s 'map(select(.type == "exit")) | length' "$TMP/tree.json")" ] || fail "-p: $exits exits"
"$EBT_BIN" -r "$TMP/t.rec" -J -p 4194304 >/dev/null 2>"$TMP/err" && fail "-p of a process that is not there"
grep -q 'no process 4194304 in' "$TMP/err" || { show "$TMP/err"; fail "-p: no sentence"; }
"$EBT_BIN" -r "$TMP/t.rec" -J -c '^nop$' | jq -e -s 'map(select(.type == "exec")) | length == 3 and all(.comm == "nop")' >/dev/null || fail "-c of a replay"
[ "$("$EBT_BIN" -r "$TMP/t.rec" -J | jq -s 'map(select(.ret == -2)) | length')" -ge 1 ] || fail "no failed exec to leave out"
[ "$("$EBT_BIN" -r "$TMP/t.rec" -J --no-enoent | jq -s 'map(select(.ret == -2)) | length')" = 0 ] || fail "--no-enoent of a replay"
cgroup=$(jq -r -s 'map(select(.type == "exec")) | .[0].cgroup // ""' "$TMP/tree.json")
if [ -n "$cgroup" ]; then
	[ "$(execs_of --cgroup "$cgroup")" = "$of_bash" ] && [ "$(execs_of --cgroup /)" = "$of_bash" ] || fail "--cgroup $cgroup: $(execs_of --cgroup "$cgroup")"
	"$EBT_BIN" -r "$TMP/t.rec" -J --cgroup "$cgroup/$MARK" 2>"$TMP/err" | grep -q '"type":"exec"' && fail "--cgroup of another"
	grep -q 'no exec of the recording was in it' "$TMP/err" || fail "--cgroup of another: no sentence"
	# What is recorded has its name also where -m shows none of it.
	"$EBT_BIN" --cache-dir "$EBT_CACHE" -J -m "no-$MARK" -w "$TMP/unshown.rec" -- "$EBT_TOOLS/nop" "$MARK" >"$TMP/out" || fail "-m and -w"
	"$EBT_BIN" -r "$TMP/unshown.rec" -J | jq -e -s --arg cgroup "$cgroup" 'map(select(.type == "exec")) | length > 0 and all(.cgroup == $cgroup)' \
		>/dev/null || fail "a cgroup that only what is not shown is in has no name in the recording"
fi
for option in -x '--args 10' '--ring 1M' --env '--headers btf'; do
	# shellcheck disable=SC2086 # an option and its value
	"$EBT_BIN" -r "$TMP/t.rec" -e $option >/dev/null 2>"$TMP/err"
	[ $? = 2 ] && grep -qE 'recording' "$TMP/err" || fail "$option in a replay: $(cat "$TMP/err")"
done

# In time: from and to cut events out, speed takes as long as it was (half a second of sleep is in it).
offset=$(jq -r -s --arg last "$MARK-40" '(map(select(.args[1]? == $last)) | .[0].mono_ns) - .[0].mono_ns | . / 1e9 + 0.25' "$TMP/live")
all=$(wc -l <"$TMP/live")
late=$("$EBT_BIN" -r "$TMP/a.rec" -J --from "$offset" | wc -l)
early=$("$EBT_BIN" -r "$TMP/a.rec" -J --to "$offset" | wc -l)
[ "$late" -lt "$all" ] && [ "$early" -lt "$all" ] && [ "$late" -gt 5 ] && [ "$early" -gt 20 ] && [ $((late + early)) -ge "$all" ] || fail "--from $offset: $late, --to: $early of $all lines"
# A time that -J printed, pasted: from that very event on.
ts=$(jq -r -s --arg last "$MARK-40" 'map(select(.args[1]? == $last)) | .[0].ts' "$TMP/live")
"$EBT_BIN" -r "$TMP/a.rec" -J --from "$ts" >"$TMP/from" || fail "--from $ts"
[ "$(grep -v '"type":"note"' "$TMP/from" | head -n 1 | jq -r .ts)" = "$ts" ] || { show "$TMP/from"; fail "--from $ts begins elsewhere"; }

# The other way round there is nothing between them, and one sentence says it.
"$EBT_BIN" -r "$TMP/a.rec" -J --from 0.2 --to 0.1 >"$TMP/none" 2>"$TMP/err" || fail "--to before --from: status $?"
grep -q '"type":"exec"' "$TMP/none" && fail "--to before --from shows execs"
[ "$(wc -l <"$TMP/err")" = 1 ] && grep -qE 'nothing is shown, because --to is before --from: the recording covers [0-9.]+ seconds, from .* to ' "$TMP/err" ||
	{ show "$TMP/err"; fail "--to before --from: not said in one sentence"; }

begin=$(now_us)
"$EBT_BIN" -r "$TMP/a.rec" -J --speed 1 >"$TMP/replay" || fail "--speed 1"
[ $(($(now_us) - begin)) -ge 450000 ] || fail "--speed 1 took $(($(now_us) - begin)) us"
same "$TMP/live" "$TMP/replay" "--speed 1"

# Cut at any byte: what is before the cut, and one word of it. Never a crash, never an invented line.
size=$(stat -c %s "$TMP/a.rec")
for cut in 70 200 $((size / 3)) $((size / 2)) $((size - 100)) $((size - 1)); do
	head -c "$cut" "$TMP/a.rec" >"$TMP/cut.rec"
	"$EBT_BIN" -r "$TMP/cut.rec" -J >"$TMP/cut" 2>"$TMP/err" || fail "cut at $cut: status $?"
	grep -q 'ends in the middle' "$TMP/err" || fail "cut at $cut: not said"
	grep -v '"type":"note"' "$TMP/cut" >"$TMP/lines"
	head -n "$(wc -l <"$TMP/lines")" "$TMP/live" | cmp -s - "$TMP/lines" || fail "cut at $cut: other lines"
done

# Parts: a small size makes several, all of them together are the whole.
head -c $((900 * 700)) /dev/urandom | base64 -w 933 | head -n 900 >"$TMP/random"
cat >"$TMP/many" <<'L'
i=0
while read -r random; do "$EBT_TOOLS/nop" "$MARK-$((++i))" "$random"; done <"$RANDOM_LINES"
L
export RANDOM_LINES=$TMP/random
"$EBT_BIN" --cache-dir "$EBT_CACHE" -J -w "$TMP/p.rec" --rotate 64K -- bash "$TMP/many" >"$TMP/live" || fail "status $?"
[ -f "$TMP/p.rec.2" ] || fail "no parts: $(ls "$TMP")"
"$EBT_BIN" -r "$TMP/p.rec" -J >"$TMP/replay" || fail "no replay of parts"
same "$TMP/live" "$TMP/replay" "parts"
"$EBT_BIN" -r "$TMP/p.rec.1" -J >"$TMP/one" 2>"$TMP/err" || fail "a part alone"
[ "$(cat "$TMP/err")" = 'execbig-top: warning: the recording goes on in its next file, which was not read' ] || { show "$TMP/err"; fail "a part alone: that it goes on is not said"; }
"$EBT_BIN" -r "$TMP/p.rec" -J 2>&1 >/dev/null | grep . && fail "all parts: something is said of their ends"
"$EBT_BIN" -r "$TMP/p.rec.1" -J -p 4194304 >/dev/null 2>"$TMP/err" && fail "-p of a process that the part lacks"
grep -q 'in its earlier files, which were not read' "$TMP/err" || { show "$TMP/err"; fail "-p of a later part: the earlier ones are not named"; }
pid=$(jq -r -s 'map(select(.type == "exec" and .ret == 0)) | last.pid' "$TMP/one")
"$EBT_BIN" -r "$TMP/p.rec.1" -J -p "$pid" 2>/dev/null | jq -e -s --argjson pid "$pid" 'any(.type == "exec" and .pid == $pid)' >/dev/null || fail "-p of a process of a later part alone"
jq -e -s 'map(select(.type == "exec")) | length > 10 and all(.ts > "2026")' "$TMP/one" >/dev/null || fail "a part alone has no events with time"
: >"$TMP/p.rec.1"
"$EBT_BIN" -r "$TMP/p.rec" -J >"$TMP/one" 2>"$TMP/err" || fail "no replay without a part"
grep -q "1 of the recording's files are missing" "$TMP/err" || { show "$TMP/err"; fail "a missing part is not said"; }
jq -e -s 'any(.type == "note" and (.text | test("files are missing"))) and (map(select(.type == "exec")) | length > 10)' "$TMP/one" >/dev/null || fail "a missing part is not in the lines"
"$EBT_BIN" --cache-dir "$EBT_CACHE" -e -w "$TMP/k.rec" --rotate 64K:2 -- bash "$TMP/many" >/dev/null || fail "status $?"
[ -f "$TMP/k.rec.1" ] && [ ! -f "$TMP/k.rec.2" ] || fail "2 parts to keep: $(ls "$TMP")"

# sudo: the files are the user's; what the user may not write is refused before anything is traced.
mkdir "$TMP/user" && chown 1234:2345 "$TMP/user"
SUDO_UID=1234 SUDO_GID=2345 "$EBT_BIN" --cache-dir "$EBT_CACHE" -e -w "$TMP/user/u.rec" --sqlite "$TMP/user/u.db" --metrics "$TMP/user/u.prom" \
	--rotate 64K -- bash "$TMP/many" >/dev/null || fail "as another user: $?"
[ "$(stat -c '%u %a' "$TMP/user/u.rec")" = "1234 600" ] || fail "u.rec is $(stat -c '%u %a' "$TMP/user/u.rec")"
[ "$(stat -c '%u %a' "$TMP/user/u.rec.1")" = "1234 600" ] && [ "$(stat -c %u "$TMP/user/u.db")" = 1234 ] && [ "$(stat -c %u "$TMP/user/u.prom")" = 1234 ] ||
	fail "files of another user: $(ls -ln "$TMP/user")"
mkdir -m 0755 "$TMP/root"
SUDO_UID=1234 SUDO_GID=2345 "$EBT_BIN" --cache-dir "$EBT_CACHE" -e -w "$TMP/root/x.rec" -- true >/dev/null 2>"$TMP/err" && fail "wrote where the user may not"
grep -q 'x.rec: Permission denied' "$TMP/err" || { show "$TMP/err"; fail "the refusal does not say why"; }
printf 'a letter\n' >"$TMP/letter"
"$EBT_BIN" --cache-dir "$EBT_CACHE" -e -w "$TMP/letter" -- true >/dev/null 2>"$TMP/err" && fail "wrote over a letter"
[ "$(cat "$TMP/letter")" = "a letter" ] || fail "the letter is gone"

# What is replayed is not written over, under no name of it; nor a part of it.
refused_over() {
	"$EBT_BIN" "$@" >/dev/null 2>"$TMP/err"
	[ $? = 1 ] && grep -q 'it is the recording that -r reads' "$TMP/err" && [ "$(wc -l <"$TMP/err")" = 1 ] || { show "$TMP/err"; fail "not refused: $*"; }
}
ln -s a.rec "$TMP/soft.rec" && ln "$TMP/a.rec" "$TMP/hard.rec"
sha256sum "$TMP/a.rec" "$TMP"/k.rec* >"$TMP/sums"
for name in a.rec soft.rec hard.rec; do
	refused_over -r "$TMP/a.rec" -e -w "$TMP/$name"
	refused_over -r "$TMP/$name" -e -w "$TMP/a.rec"
done
refused_over -r "$TMP/a.rec" -e --metrics "$TMP/a.rec"
refused_over export json -r "$TMP/a.rec" -o "$TMP/a.rec"
refused_over -r "$TMP/k.rec" -e -w "$TMP/k.rec.1"
refused_over -r "$TMP/k.rec.1" -e -w "$TMP/k.rec" --rotate 64K
# Nor is anything appended to it: the lines would be read as damage, and their number would have no end.
"$EBT_BIN" -r "$TMP/a.rec" -J >>"$TMP/a.rec" 2>"$TMP/err" && fail "the recording was appended to"
grep -q 'standard output: it is the recording that -r reads' "$TMP/err" || { show "$TMP/err"; fail "appending: not the sentence"; }
"$EBT_BIN" export json -r - <"$TMP/a.rec" >>"$TMP/a.rec" 2>/dev/null && fail "the recording was appended to through a pipe of its own"
sha256sum -c --quiet "$TMP/sums" || fail "a recording was written over"

# An export that is ended leaves what was there, and nothing half done beside it; whoever asks sees by which signal.
"$EBT_TOOLS/recgen" "$TMP/big.rec" 1000000 || fail "recgen"
for how in "TERM json" "HUP perfetto" "INT json" "TERM perfetto stopped"; do
	read -r signal format stopped <<<"$how"
	printf 'as it was\n' >"$TMP/ended.out"
	spawn /dev/null "$TMP/err" "$EBT_BIN" export "$format" -r "$TMP/big.rec" -o "$TMP/ended.out"
	export_pid=$SPAWN_PID
	wait_for 10 "$how: the export has begun" test -s "$TMP/ended.out.$export_pid.tmp"
	[ -z "$stopped" ] || kill -STOP "$(children_of "$export_pid")"
	kill -"$signal" "$export_pid"
	end_of "$export_pid" 10
	[ "$STATUS" = $((128 + $(kill -l "$signal"))) ] || { show "$TMP/err"; fail "$how: an export ends with status $STATUS"; }
	[ "$(cat "$TMP/ended.out")" = "as it was" ] || fail "$how: an export that was ended has written"
	ls "$TMP"/ended.out.* >"$TMP/left" 2>/dev/null && { show "$TMP/left"; fail "$how: an export that was ended leaves this"; }
done
rm "$TMP/big.rec"

# Nor is what another one writes, before and after a rotation.
two_rec=$TMP/two.rec
ebt_start "$TMP/two" -J -w "$two_rec" --rotate 64K
for round in 1 2; do
	"$EBT_BIN" --cache-dir "$EBT_CACHE" -e -w "$two_rec" -- true >/dev/null 2>"$TMP/err"
	[ $? = 1 ] && grep -q "cannot write $two_rec: it is being written by another process" "$TMP/err" || { show "$TMP/err"; fail "two recorders, round $round"; }
	[ "$round" = 1 ] || break
	for i in $(seq 6); do "$EBT_TOOLS/nop" "$MARK-two" "$(head -c 90000 /dev/urandom | base64 -w 0)"; done
	wait_for 10 "a second part" test -e "$two_rec.1"
done
ebt_settle "$TMP/two"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/two.err"; fail "the first of two recorders: status $STATUS"; }
"$EBT_BIN" -r "$two_rec" -J >"$TMP/replay" || fail "no replay of the first of two recorders"
same "$TMP/two" "$TMP/replay" "two recorders"

# Rotation takes the place of recordings alone.
cat >"$TMP/large" <<'L'
for i in $(seq 30); do "$EBT_TOOLS/nop" "$MARK-$i" "$(head -c 90000 /dev/urandom | base64 -w 0)"; done
L
printf 'a letter\n' >"$TMP/l.rec.1"
"$EBT_BIN" --cache-dir "$EBT_CACHE" -J -w "$TMP/l.rec" --rotate 64K:2 -- bash "$TMP/large" >"$TMP/live" 2>"$TMP/err"
[ $? = 1 ] && [ "$(cat "$TMP/l.rec.1")" = "a letter" ] || fail "rotation over a letter: $(cat "$TMP/l.rec.1" | head -c 100)"
grep -q 'would replace a file that is not a recording; recording has stopped' "$TMP/err" || { show "$TMP/err"; fail "a file in the way is not said"; }
[ "$(jq -s "map(select(.type == \"exec\" and (.args | index(\"$MARK-30\")))) | length" "$TMP/live")" = 1 ] || fail "tracing did not go on"

# A full disk stops the recording, not the tracing.
mkdir "$TMP/small"
if mount -t tmpfs -o size=400k none "$TMP/small" 2>/dev/null; then
	umount_small() { umount "$TMP/small" 2>/dev/null; }
	CLEANUP_HOOKS+=(umount_small)
	"$EBT_BIN" --cache-dir "$EBT_CACHE" -J -w "$TMP/small/f.rec" -- bash "$TMP/many" >"$TMP/live" 2>"$TMP/err"
	[ $? = 1 ] || fail "a recording that stopped: status $?"
	grep -q 'No space left on device; recording has stopped' "$TMP/err" || { show "$TMP/err"; fail "a full disk is not said"; }
	[ "$(jq -s "map(select(.type == \"exec\" and (.args | index(\"$MARK-900\")))) | length" "$TMP/live")" = 1 ] || fail "tracing did not go on"
	"$EBT_BIN" -r "$TMP/small/f.rec" -J >"$TMP/replay" 2>"$TMP/err" || fail "what was recorded cannot be read"
	grep -qE 'the recording (has no end|ends in the middle)' "$TMP/err" && grep -qE '"text":"the recording (has no end|ends in the middle)' "$TMP/replay" ||
		{ show "$TMP/err"; fail "that the rest is missing is not said"; }
	[ -s "$TMP/replay" ] || fail "nothing was recorded before the disk was full"
	umount_small
fi

# Retuned while it records: what is said of that is in the recording too.
ebt_start "$TMP/out" -J -w "$TMP/tuned.rec"
"$EBT_BIN" tune --pid "$EBT_PID" --ring 16M >/dev/null || fail "tune"
"$EBT_BIN" tune --pid "$EBT_PID" --poll 40 -u 0 >/dev/null || fail "tune -u"
"$EBT_TOOLS/nop" "$MARK-tuned"
ebt_settle "$TMP/out"
ebt_stop
[ "$(seen "$TMP/out" '.type == "note" and (.text | test("^generation 1 ended: |^from here on only -u "))' | wc -l)" = 2 ] || fail "the notes are not there live"
"$EBT_BIN" -r "$TMP/tuned.rec" -J >"$TMP/replay" || fail "no replay of a retuned run"
same "$TMP/out" "$TMP/replay" "retuned"

# Killed: the view's death leaves a recording of what it had sent.
ebt_start "$TMP/out" -J -w "$TMP/killed.rec"
"$EBT_TOOLS/nop" "$MARK-before"
wait_for 10 "the exec is shown" grep -q "$MARK-before" "$TMP/out"
sleep 0.1
kill -KILL "$(ebt_view_of "$EBT_PID")"
end_of "$EBT_PID" 10
readable() { "$EBT_BIN" -r "$TMP/killed.rec" -J 2>/dev/null | grep -q "$MARK-before"; }
wait_for 5 "the recording has what was seen before the kill" readable
"$EBT_BIN" -r "$TMP/killed.rec" -J 2>"$TMP/err" >/dev/null
grep -q 'the recording has no end' "$TMP/err" || { show "$TMP/err"; fail "that the view was killed is not said"; }
