#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Ten tasks that people come with, at 80x24, each with as many keys as it may take after the start; a prompt counts as one.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel

mkdir "$TMP/here"
# What goes on on the machine: something that keeps starting, and fails; a job that burns CPU in its children; something that is
# killed; a user's command; a service.
cat >"$TMP/keeps.sh" <<SH
while :; do $EBT_TOOLS/nop $MARK again; sh -c ': $MARK fails; exit 3'; sleep 0.2; done
SH
cat >"$TMP/job.sh" <<SH
while :; do sh -c 'n=0; while [ \$n -lt 60000 ]; do n=\$((n + 1)); done' $MARK-job; done
SH
cat >"$TMP/dies.sh" <<SH
while :; do sh -c 'kill -KILL \$\$' $MARK-dies; sleep 1; done
SH
long="$MARK-long $(printf 'x%.0s' $(seq 300)) end"
for script in keeps job dies; do
	bash "$TMP/$script.sh" >/dev/null 2>&1 &
	SPAWNED+=($!)
done
keeps=${SPAWNED[0]}
service=
root=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
if [ -n "$root" ] && mkdir "$root/$MARK.service" 2>/dev/null; then
	service=$root/$MARK.service
	leave() { [ -z "$service" ] || rmdir "$service" 2>/dev/null; }
	CLEANUP_HOOKS+=(leave)
fi
in_service() { sh -c 'echo $$ >"$1/cgroup.procs"; exec "$2" "$3"' - "$service" "$EBT_TOOLS/nop" "$MARK-served"; }
as_daemon() { setpriv --reuid daemon --regid daemon --clear-groups "$EBT_TOOLS/nop" "$MARK-daemon"; }

keys=0
# keys KEY…: presses them and counts.
keys() {
	keys=$((keys + $#))
	tui_keys "$@"
}
# prompt KEY TEXT: counts as one.
prompt() {
	keys=$((keys + 1))
	tui_keys "$1"
	tui_wait 5 '^(Filter|File|Search):' "the prompt"
	tui_keys C-u
	tui_type "$2"
	tui_keys Enter
}
# task NUMBER WHAT; at_most KEYS at its end.
task() { what="task $1 ($2)" keys=0; }
at_most() { [ "$keys" -le "$1" ] || fail "$what takes $keys keys, not $1"; }
no_filter() { tui_keys F4 Escape && tui_wait_not 5 ' FILTER '; }

tui_open 80 24
tmux_ set-option -s set-clipboard on
tui_line "cd '$TMP/here'"
# What else runs on the machine, such as other tests, stays out of it.
TUI_SCREEN="" tui_start -p $$ -m "$MARK"

task 1 "something keeps starting: what, how often, and who starts it"
tui_wait 20 "^nop +[0-9./a-z]+ +[0-9]+ .* bash +$keeps" "$what"
at_most 0

task 2 "which job burns the CPU, running ones and their children included"
keys 4 F6
# The first of the shells below this test, with the time of children that have ended.
job_first() { tui_row "^ *${SPAWNED[1]} root .* [0-9.]+(ms|s) " && ! tui_has "^ *$keeps root" && ! tui_has "^ *${SPAWNED[2]} root"; }
wait_until 100 job_first || { tui_screen | sed "s/^/    |/"; fail "$what"; }
at_most 2

task 3 "the whole command line, copied"
tui_keys 1
tui_wait 5 '^GROUP'
no_filter
cp "$EBT_TOOLS/nop" "$TMP/longest" || fail cp
# shellcheck disable=SC2086 # several arguments
"$TMP/longest" $long
tui_keys /
tui_type '^longest$'
tui_keys Enter
tui_cursor_wait '^longest' "found"
keys y
copied() { [ "$(tmux_ show-buffer 2>/dev/null)" = "$TMP/longest $long" ]; }
wait_for 5 "$what" copied
at_most 2

task 4 "who runs something as another user, from where"
as_daemon
prompt F4 "nop user:daemon"
tui_wait 10 "^[0-9:]+ +[0-9]+ bash +0 .*nop" "$what: the parent stands beside it"
tui_wait_not 5 ' fails' "$what: others are there as well"
at_most 1
no_filter

task 5 "commands that fail, with their exit status"
prompt F4 "status:fail"
tui_wait 10 " 3 +sh -c .*fails" "$what"
at_most 1
no_filter

if [ -n "$service" ]; then
	task 6 "what a given unit runs"
	in_service
	prompt F4 "unit:$MARK"
	tui_wait 10 "^[0-9:]+ +[0-9]+ .* 0 .*/nop " "$what"
	tui_wait_not 5 ' fails' "$what: others are there as well"
	at_most 1
	no_filter
fi

task 7 "what I see, as a file"
keys W Enter
prompt BSpace mine.json
tui_wait 10 'saved [0-9]+ events to mine.json' "$what"
[ -s "$TMP/here/mine.json" ] || fail "$what: no file"
at_most 3

task 8 "processes killed by a signal, which one, by whom started"
prompt F4 "signal:KILL"
tui_wait 10 "KILL " "$what"
tui_wait 5 ' bash +KILL +sh -c' "$what: who started it"
at_most 1
no_filter

task 9 "what the tracer itself costs"
keys 5
tui_wait 10 'The tracer costs [0-9.]+% of one CPU, [0-9.]+[KMG]' "$what"
at_most 1

task 10 "change a buffer while it runs and see the effect"
tui_keys F2
tui_wait 5 'Tuning'
tui_keys Enter C-u
tui_type 4096
tui_keys Enter F5
tui_wait 30 '4096|4[.]0K' "$what"
tui_keys Escape
tui_wait 10 'scratch 4.0K|scratch 16K' "$what: Buffers has the new value"
tui_keys q
tui_wait 10 'ended=0'
