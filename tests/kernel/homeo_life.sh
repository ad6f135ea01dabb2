#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The life of a profile: 50 runs of a real program train it, it freezes, becomes normal; more of the same is no anomaly, a
# changed argument is, and ls started by a stand-in for shell code is more of one.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../lib/homeo.sh"

need_kernel
daemon_start --set normal-wait=1000000 --set min-train=500

program habits
runs 1 "$PROGRAM" plain
wait_for 5 "the profile exists" test -n "$(field "$PROGRAM" slot)"
[ "$(field "$PROGRAM" state)" = training ] || fail "one run: $(field "$PROGRAM" state), not training"
runs 49 "$PROGRAM" plain
[ "$(field "$PROGRAM" state)" = frozen ] || fail "50 runs: $(field "$PROGRAM" state), not frozen"
[ "$(field "$PROGRAM" normal_in_s)" -gt 999000 ] || fail "the wait is not what was set"
calls=$(field "$PROGRAM" calls)
[ $((calls % 50)) = 0 ] || fail "$calls calls in 50 equal runs"

# Something new before it is normal: it learns again.
runs 1 "$PROGRAM" list /etc
[ "$(field "$PROGRAM" state)" = training ] || fail "a new habit leaves it $(field "$PROGRAM" state)"
[ "$(field "$PROGRAM" anomalies)" = 0 ] || fail "anomalies while training"

# With no wait the program becomes normal by itself.
ask set normal-wait 0 >/dev/null || fail "set"
program quick
runs 50 "$PROGRAM" plain
[ "$(field "$PROGRAM" state)" = normal ] || fail "50 runs without a wait: $(field "$PROGRAM" state), not normal"
pairs=$(field "$PROGRAM" pairs)
runs 20 "$PROGRAM" plain
[ "$(field "$PROGRAM" anomalies)" = 0 ] || fail "the same again: $(field "$PROGRAM" anomalies) anomalies"
[ "$(field "$PROGRAM" pairs)" = "$pairs" ] || fail "the same again: new pairs"

spawn "$TMP/events" "$TMP/events.err" "$EBT_BIN" attach -J --socket "$SOCKET"
wait_for 10 "attach is connected" sh -c "'$PROGRAM' plain; sleep 0.05; grep -q associated '$TMP/events'"
"$PROGRAM" plain /nowhere
changed=$(field "$PROGRAM" anomalies)
[ "$changed" -ge 1 ] || fail "a changed argument path is no anomaly"
"$PROGRAM" shellcode >/dev/null 2>&1
after=$(field "$PROGRAM" anomalies)
[ $((after - changed)) -gt "$changed" ] || fail "shell code: $((after - changed)) anomalies, a changed argument: $changed"
wait_for 5 "the anomalies are events" sh -c "[ \$(jq -c --arg e '$PROGRAM' 'select(.event == \"anomaly\" and .exe == \$e)' '$TMP/events' | wc -l) -ge $((after > 12 ? 12 : after)) ]"
jq -e -s --arg e "$PROGRAM" 'map(select(.event == "anomaly" and .exe == $e)) | all(.missed >= 1 and .missed <= 8 and .lfc >= 1 and (.call | length > 1) and .pid > 0)' "$TMP/events" >/dev/null ||
	fail "an anomaly without its cause"

# The verbs.
ask tolerize "$PROGRAM" >/dev/null || fail tolerize
[ "$(field "$PROGRAM" state)" = training ] || fail "tolerize leaves it $(field "$PROGRAM" state)"
ask set normal-wait 1000000 >/dev/null
ask normalize "$PROGRAM" >/dev/null || fail normalize
[ "$(field "$PROGRAM" state)" = normal ] || fail "normalize leaves it $(field "$PROGRAM" state)"
"$PROGRAM" plain /nowhere
[ "$(field "$PROGRAM" anomalies)" = 0 ] || fail "what was tolerized is an anomaly"
ask sensitize "$PROGRAM" >/dev/null || fail sensitize
[ "$(field "$PROGRAM" pairs)" = 0 ] || fail "sensitize leaves $(field "$PROGRAM" pairs) pairs"
[ "$(field "$PROGRAM" state)" = normal ] || fail "sensitize changes the state"

# Who gave an order stands in its event; what was done of itself has its cause too.
event_is() { jq -e -s --arg e "$2" --arg c "$3" 'map(select(.event == $e and (.cause | test($c)))) | any(.[]; '"$1"')' "$TMP/events" >/dev/null; }
me=$(id -un)
wait_for 5 "normalize is an event" event_is ".exe == \"$PROGRAM\" and .level == \"info\" and .pid > 0" normal "normalize, asked for by $me"
wait_for 5 "tolerize is an event" event_is ".exe == \"$PROGRAM\" and .level == \"info\"" stop_normal "tolerize, asked for by $me"
wait_for 5 "sensitize is an event" event_is ".exe == \"$PROGRAM\"" sensitized "sensitize, asked for by $me"
wait_for 5 "a setting is a note" event_is '.exe == "" and .level == "info"' note "normal-wait is 1000000 now: set by $me"
jq -e -s 'any(.[]; (.event == "associated" or .event == "new_profile") and (.cause | test("profile #[0-9]+$")) and (.exe | endswith("/bin/ls")))' \
	"$TMP/events" >/dev/null || fail "the ls of the shell code is no event"

# Bad input: one sentence with the value in it.
says() {
	local want=$1
	shift
	"$EBT_BIN" "$@" --socket "$SOCKET" >"$TMP/said" 2>&1 && fail "$* succeeds"
	grep -qF -- "$want" "$TMP/said" && [ "$(wc -l <"$TMP/said")" = 1 ] || { show "$TMP/said"; fail "$* does not say '$want'"; }
}
says "no profile of '/no/such/program'" normalize /no/such/program
says "no profile of '#9999'" inspect '#9999'
says "no setting 'speed'" set speed 1
says "tolerize-limit is '129'; 1 to 128 are allowed" set tolerize-limit 129
says "normalize wants WHAT, a path" normalize
says "cannot be 'maim': allowed are kill or default" respond "$PROGRAM" maim
says "cannot be 'all': allowed are count" profiles all
says "normal-wait is '1 2'; 0 to" set normal-wait '1 2'
says "normal-wait is '00000000000000000000000000000000000000000000000x'" set normal-wait 00000000000000000000000000000000000000000000000x
# Not UTF-8, and longer than any name.
says "no profile of '" normalize $'\xff'
says "no setting '" set $'\xe9' 1
long=$(printf 'a%.0s' {1..62})
says "no setting '$long" set "$longé$long" 1
# A pid is no number of 32 bits: with one more it is not the process of the lower ones.
ask inspect $$ >/dev/null || fail "inspect PID"
for pid in $(($$ + 4294967296)) 99999999999999999999999; do
	says "no profile of '$pid'" inspect "$pid"
done
"$EBT_BIN" status --socket "$TMP/nothing" 2>"$TMP/said" && fail "a daemon that is not there answers"
grep -qF "no daemon listens at $TMP/nothing" "$TMP/said" || fail "no word on a daemon that is not there"

# For people: columns under their titles.
"$EBT_BIN" profiles count --socket "$SOCKET" >"$TMP/table" || fail "profiles"
awk -v exe="$PROGRAM" 'NR == 1 { at = index($0, "EXE"); fields = NF } $NF == exe { seen = 1; if (substr($0, at) != exe || NF != fields) bad = 1 } END { exit !seen || bad }' "$TMP/table" ||
	{ show "$TMP/table"; fail "the table of profiles"; }
"$EBT_BIN" ps --socket "$SOCKET" | awk -v pid="$DAEMON" 'NR == 1 { ok = $1 == "PID" && $2 == "TID" } NR > 1 && $1 == pid { own = 1 } END { exit !ok || NR < 2 || own }' || fail "the table of processes"
ask inspect "$PROGRAM" | jq -e -s 'length > 5 and all(.call | length > 1) and any(.[]; any(.before[]; .b > 0))' >/dev/null || fail "inspect"

# Nothing is monitored while one program becomes another: what it does then is not the old one's.
program other
mkfifo "$TMP/go"
spawn "$TMP/swapped" "$TMP/swapped.err" bash -c 'read -r line <"$1"; exec "$2" pidof <"$1"' - "$TMP/go" "$PROGRAM"
exec 7<>"$TMP/go"
known() { ask ps | jq -e -s --argjson pid "$SPAWN_PID" 'any(.pid == $pid)' >/dev/null; }
wait_for 5 "bash is watched" known
ask set monitoring 0 >/dev/null || fail "set monitoring 0"
echo >&7
wait_for 5 "it is another program" grep -q . "$TMP/swapped"
ask set monitoring 1 >/dev/null || fail "set monitoring 1"
echo >&7
exec 7>&-
end_of "$SPAWN_PID" 10
[ "$STATUS" = 0 ] || fail "the swapped program ends with $STATUS"
# Its name alone, where it had ended before anybody asked for its path.
ask profiles | jq -e -s --arg exe "$PROGRAM" 'any((.exe == $exe or .exe == "other") and .calls > 5)' >/dev/null || fail "the calls of a program that began unwatched are another's"

daemon_stop
[ "$STATUS" = 0 ] || fail "exit status $STATUS"
