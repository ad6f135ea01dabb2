#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# `execbig-top tune` from outside: who may, which of several instances, what it changes and what it says of values that
# cannot be; filters put on, changed and taken away while it runs.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need setpriv

# Where every user may start it.
mkdir "$TMP/bin"
cp "$EBT_BIN" "$TMP/bin/execbig-top"
chmod 0755 "$TMP/bin" "$TMP/bin/execbig-top"
# as UID OPTION…: tune as that user; output in $TMP/tuned, $TMP/tune.err.
as() {
	local uid=$1
	shift
	setpriv --reuid "$uid" --regid "$uid" --clear-groups "$TMP/bin/execbig-top" tune "$@" >"$TMP/tuned" 2>"$TMP/tune.err"
}
tune() { "$EBT_BIN" tune --pid "$EBT_PID" "$@" >"$TMP/tuned" 2>"$TMP/tune.err"; }
tuned() { tune "$@" || { show "$TMP/tune.err"; fail "tune $*: refused"; }; }
says() { grep -qE -- "$1" "$TMP/tune.err" || { show "$TMP/tune.err"; fail "$2: no sentence like '$1'"; }; }

# Started by root: root may, nobody else.
ebt_start "$TMP/root.out" -J
first=$EBT_PID
as 65534 --pid "$first" --scratch 4K && fail "somebody else may tune root's instance"
says 'only root and the user who started it may tune it' "another user"
as 65534 --pid "$first" && fail "somebody else may ask what runs"
tuned
grep -q '^generation 1: --scratch 8192 ' "$TMP/tuned" || fail "a refused one has changed something: $(cat "$TMP/tuned")"

# Started by a user with sudo: that user and root may, a third one not. The one who may ask from both sides of the socket.
SUDO_UID=12345 SUDO_GID=12345 ebt_launch "$TMP/user.out" -J
second=$EBT_PID
wait_for 20 "the second instance answers" tune
as 12345 --pid "$second" --scratch 4K || { show "$TMP/tune.err"; fail "the user who started it may not tune it"; }
grep -q '^generation 2: --scratch 4096 .*took ' "$TMP/tuned" || fail "the answer: $(cat "$TMP/tuned")"
as 12346 --pid "$second" --scratch 2K && fail "a third user may tune it"
says 'only root and the user who started it' "a third user"
as 12345 --pid "$first" && fail "the user of one instance may tune another"

# Several: named, not guessed.
"$EBT_BIN" tune --scratch 4K >"$TMP/tuned" 2>"$TMP/tune.err" && fail "one of several was chosen"
says "several instances run \(process ids [0-9, ]*\): say which with --pid" "several instances"
for pid in "$first" "$second"; do
	says "[( ]$pid[,)]" "the list of instances"
done
"$EBT_BIN" tune --pid "$first,$second" --scratch 4K 2>"$TMP/tune.err" && fail "two at once"
says 'name one process with --pid' "two process ids"
"$EBT_BIN" tune --pid $$ --scratch 4K 2>"$TMP/tune.err" && fail "a process that is none of ours"
says "no execbig-top with process id $$ can be tuned" "another process"
kill -INT "$second"
end_of "$second" 10
EBT_PID=$first

# What cannot be is refused with a reason, by the one who asks or by the instance, and changes nothing.
tuned
cp "$TMP/tuned" "$TMP/before"
while IFS='|' read -r sentence options; do
	# shellcheck disable=SC2086 # several options
	tune $options && fail "tune $options: accepted"
	says "$sentence" "tune $options"
	tuned
	cmp -s "$TMP/tuned" "$TMP/before" || fail "tune $options: refused, and yet: $(cat "$TMP/tuned")"
done <<'LINES'
512 to 32768|--scratch 100
power of two|--ring 3M
ring or perf|--transport pipe
no user of this name|-u no-such-user-here
regular expression|-c (
no such cgroup|--cgroup /no/such/cgroup
no such cgroup|--scratch 4K --cgroup /no/such/cgroup
process ids|--only 0
1 to 1000|--poll 5000
0 to 6M|--args 7M
0 to 6M|--env=x
no user of this name|-u -1
regular expression|-m [
must not be empty|--cgroup=
--history cannot be changed by tune|--history 8M
--write cannot be changed by tune|--scratch 4K -w file
--auto cannot be changed by tune|--auto
LINES
"$EBT_BIN" -J --only 1 2>"$TMP/tune.err" && fail "--only without tune"
says 'not an option of execbig-top, but of tune' "--only without tune"

# Filters. seen_now NAME…: execs of each of these names (see below) are shown, of the others not.
has_exec() { has "$MARK-$1" "$TMP/root.out"; }
round=0
expect() {
	local name
	round=$((round + 1))
	run $round
	for name in "$@"; do
		wait_for 10 "'$(tail -n 1 "$TMP/did")': $name is shown" has_exec "$name-$round-"
	done
	# What is shown without filters is behind all of them in each ring.
	for name in plain nobody marked worker; do
		[[ " $* " == *" $name "* ]] || ! has_exec "$name-$round-" || fail "'$(tail -n 1 "$TMP/did")': $name is shown"
	done
}
change() {
	tuned "$@"
	printf '%s\n' "$*" >>"$TMP/did"
}
mkfifo "$TMP/orders"
spawn /dev/null /dev/null bash -c 'exec <"$1"; while read -r n; do "$2" "$3-$n-"; done' - "$TMP/orders" "$EBT_TOOLS/nop" "$MARK-worker"
worker=$SPAWN_PID
exec 9>"$TMP/orders"
run() {
	"$EBT_TOOLS/nop" "$MARK-plain-$1-"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$EBT_TOOLS/nop" "$MARK-nobody-$1-"
	"$EBT_TOOLS/marked" "$MARK-marked-$1-" 1 >/dev/null
	echo "$1" >&9
}
change --no-filter
expect plain nobody marked worker
# A view that is late: what happened before the change is judged by the filters of its time, what happened after it by the new.
view=$(ebt_view_of "$first") || fail "no view"
kill -STOP "$view"
"$EBT_TOOLS/nop" "$MARK-early-"
change -c '^marked$'
"$EBT_TOOLS/nop" "$MARK-late-"
"$EBT_TOOLS/marked" "$MARK-marked-late-" 1 >/dev/null
kill -CONT "$view"
for name in early marked-late; do
	wait_for 10 "a late view: $name is shown" has_exec "$name-"
done
has_exec "late-" && fail "a late view: what came after the change is shown"
change --no-filter
change -u nobody
expect nobody
change --no-filter -c '^marked$'
expect marked
change --no-filter -m "$MARK-(plain|worker)"
expect plain worker
change --no-filter --only "$worker"
expect worker
change -c '^marked$'
expect
change --no-filter --cgroup /
expect plain nobody marked worker
change --only "$worker" --scratch 4K
expect worker
# With what it had started before.
change --only "$$"
expect plain nobody marked worker
change --no-filter --transport perf
expect plain nobody marked worker
grep -q -- '--transport perf ' "$TMP/tuned" || fail "not perf: $(cat "$TMP/tuned")"
change --poll 7 -u 65534 -m 'a b|c'
grep -q -- "--poll 7 -u 65534 -m 'a b|c' (took" "$TMP/tuned" || fail "what runs, as options: $(cat "$TMP/tuned")"
change --no-filter --failed
"$EBT_TOOLS/fails" "$(mktemp -d -p "$TMP")" "$MARK" >"$TMP/fails" || fail "fails"
failures() { [ "$(seen "$TMP/root.out" '.type == "exec" and .ret != 0' | jq -r .pid | sort -u | comm -12 - <(jq -r .pid "$TMP/fails" | sort -u) | wc -l)" = "$(wc -l <"$TMP/fails")" ]; }
wait_for 10 "failed execs, switched on" failures
# The high water is that of the buffers in use, not of larger ones before.
change --no-filter --scratch 8K
"$EBT_TOOLS/nop" "$MARK" "$(printf '%07000d' 0)" || fail "nop with a long argument"
change --scratch 512
"$EBT_TOOLS/nop" "$MARK" || fail "nop"
ebt_settle "$TMP/root.out"
ebt_stop
[ "$STATUS" = 0 ] || { show "$TMP/root.out.err"; fail "exit status $STATUS after Ctrl-C"; }
# Not check_accounting: -c and -m leave events out behind the accounts.
seen "$TMP/root.out" '.type == "note" and .text == "summary"' | jq -e '.law == true and .seen > .delivered' >/dev/null || fail "the accounting does not hold at the end"
seen "$TMP/root.out" '.type == "note" and .text == "summary"' | jq -e '[.cpus[].high_water] | max > 100 and max <= 512' >/dev/null ||
	fail "high water of 512 bytes: $(seen "$TMP/root.out" '.type == "note" and .text == "summary"' | jq -c '[.cpus[].high_water]')"
# Each change is a note among the events.
seen "$TMP/root.out" '.type == "note"' | jq -r .text >"$TMP/notes"
for text in 'from here on only -u 65534' 'from here on everything' "from here on only -p $worker"; do
	grep -qF -- "$text" "$TMP/notes" || { show "$TMP/notes"; fail "no note: $text"; }
done
grep '^generation' "$TMP/notes" | grep -v 'the accounting holds on every CPU$' >"$TMP/broken" && { show "$TMP/broken"; fail "the accounting does not hold for every generation"; }
exit 0
