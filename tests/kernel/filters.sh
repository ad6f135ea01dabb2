#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# -p, -u, -c and -m show what they name and nothing else.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

nop=$EBT_TOOLS/nop
execs() { seen "$TMP/out" '.type == "exec"'; }
# matches LABEL JQ: there are execs, and the condition holds for all.
all_execs() {
	[ "$(execs | wc -l)" -gt 0 ] || fail "$1: nothing shown"
	execs | jq -e -s "all($2)" >/dev/null || { execs | jq -c "select(($2) | not)" >"$TMP/bad"; show "$TMP/bad"; fail "$1: shows more than asked for"; }
}

# -u: exec as another user.
as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$nop" "$MARK-user"
	"$nop" "$MARK-root"
	sleep 0.02
	has "$MARK-user" "$TMP/out"
}
for user in nobody 65534; do
	ebt_launch "$TMP/out" -J -u "$user"
	wait_for 20 "an exec of nobody with -u $user" as_nobody
	ebt_stop
	all_execs "-u $user" '.uid == 65534'
done

# -c: command name, -m: command line.
named() {
	"$EBT_TOOLS/marked" "$MARK-$1" 3 >/dev/null
	"$nop" "$MARK-$1-other"
	sleep 0.02
	has "\"$MARK-$1\"" "$TMP/out"
}
ebt_launch "$TMP/out" -J -c '^marked$'
wait_for 20 "marked with -c" named comm
ebt_stop
all_execs "-c" '.comm == "marked"'
ebt_launch "$TMP/out" -J -m "$MARK-[l]ine.* [02] "
wait_for 20 "marked with -m" named line
ebt_stop
all_execs "-m" ".args[2] == \"$MARK-line\" and (.args[3] == \"0\" or .args[3] == \"2\")"

# -p: a process that runs what it is told on a pipe.
mkfifo "$TMP/orders"
spawn /dev/null /dev/null bash -c 'exec <"$1"; while read -r n; do "$2" "$3-$n"; done' - "$TMP/orders" "$nop" "$MARK-child"
worker=$SPAWN_PID
exec 9>"$TMP/orders"
# ordered WHICH: an order is carried out, and shown.
ordered() {
	echo "$((++orders))" >&9
	"$nop" "$MARK-stranger"
	sleep 0.02
	has "$MARK-$1-$orders" "$TMP/out"
}
orders=0
ebt_launch "$TMP/out" -J -p "$worker"
wait_for 20 "a child of -p $worker" ordered child
ebt_stop
exec 9>&-
all_execs "-p" ".pid == $worker or .ppid == $worker"
# What it had started before is what it starts, too: a child of a child, both there already. One fork has no exec of its own.
mkfifo "$TMP/orders2"
spawn /dev/null /dev/null bash -c '( bash -c "exec <\"\$1\"; while read -r n; do \"\$2\" \"\$3-\$n\"; done" - "$@"; : ); :' - "$TMP/orders2" "$nop" "$MARK-deep"
worker=$SPAWN_PID
exec 9>"$TMP/orders2"
ebt_launch "$TMP/out" -J -p "$worker"
wait_for 20 "a descendant of -p $worker by processes that were there" ordered deep
ebt_stop
exec 9>&-
seen "$TMP/out" '.type == "exec"' | jq -r '.args[1] // ""' | grep -v "^$MARK-deep-" >"$TMP/others" && { show "$TMP/others"; fail "-p: others are shown"; }
# A child that ends as another user is refused by -u, and leaves the tree all the same: its number is another's one day.
mkfifo "$TMP/orders3"
spawn /dev/null /dev/null bash -c 'exec <"$1"
	while read -r n; do
		if [ "$n" = leave ]; then (echo "$BASHPID" >"$4.new"; mv "$4.new" "$4"; exec setpriv --reuid 65534 "$2" left); else "$2" "$3-$n"; fi
	done' - "$TMP/orders3" "$nop" "$MARK-tree" "$TMP/left"
worker=$SPAWN_PID
exec 9>"$TMP/orders3"
ebt_launch "$TMP/out" -J -p "$worker" -u root
wait_for 20 "a child of -p $worker with -u root" ordered tree
echo leave >&9
wait_for 20 "a child ends as nobody" eval '[ -s "$TMP/left" ] && [ ! -e "/proc/$(cat "$TMP/left")" ]'
left=$(cat "$TMP/left")
"$EBT_TOOLS/withpid" "$left" "$nop" "$MARK-reused" || fail "process id $left cannot be had again"
wait_for 20 "another child" ordered tree
ebt_stop
exec 9>&-
has "\"$MARK-reused\"" "$TMP/out" && fail "-p, -u: an unrelated process with the number of one that has ended is shown"
# Two together: both must hold.
ebt_launch "$TMP/out" -J -u nobody -m "$MARK-user"
wait_for 20 "an exec of nobody with -u and -m" as_nobody
ebt_stop
all_execs "-u and -m" ".uid == 65534 and .args[1] == \"$MARK-user\""

# --filter with keys, words and conditions on the end. With the last, execs are printed in the order of their exits, each before its exit.
expressed() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$nop" "$MARK-$1-nobody"
	"$nop" "$MARK-$1-root"
	sh -c "exit 7; $MARK-$1"
	sh -c "kill -9 \$\$; $MARK-$1"
	sleep 0.02
	has "$2" "$TMP/out"
}
ebt_launch "$TMP/out" -J --filter "$MARK-word user:nobody"
wait_for 20 "an exec of nobody with --filter" expressed word "$MARK-word-nobody"
ebt_stop
all_execs "--filter user:" '.uid == 65534'
ebt_launch "$TMP/out" -J --filter "$MARK-end status:fail not signal:any"
wait_for 20 "an exec that failed with --filter" expressed end "$MARK-end"
ebt_stop
all_execs "--filter status:fail" '.args[2] | startswith("exit 7")'
seen "$TMP/out" '.type == "exit"' | jq -e -s 'length > 0 and all(.exit_code == 7)' >/dev/null || fail "--filter status:fail: other exits"
jq -r 'select(.type == "exec" or .type == "exit") | "\(.type) \(.pid)"' "$TMP/out" | awk '$1 == "exec" { if (open) exit 1; open = $2 } $1 == "exit" { if (open != $2) exit 1; open = 0 }' ||
	fail "--filter status:fail: an exec does not stand before its exit"
ebt_launch "$TMP/out" -J --filter "$MARK-kill signal:KILL"
wait_for 20 "an exec that was killed with --filter" expressed kill "$MARK-kill"
ebt_stop
all_execs "--filter signal:KILL" '.args[2] | startswith("kill -9")'
