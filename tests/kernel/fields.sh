#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The fields of an exec, compared with what /proc says of the same process while it lives.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

# compare WHAT: $pid waits; its exec (the last one of that pid) must agree with /proc.
compare() {
	local s="/proc/$pid/status" exec
	here() { [ -n "$(seen "$TMP/out" ".type == \"exec\" and .pid == $pid and .comm == \"sleep\"" | tee "$TMP/object")" ]; }
	wait_for 10 "$1: its exec is shown" here
	exec=$TMP/object
	is() { [ "$(jq -r "$2" "$exec")" = "$3" ] || fail "$1: $2 is $(jq -r "$2" "$exec"), /proc says $3"; }
	status() { sed -n "s/^$1:[[:space:]]*//p" "$s"; }
	is "$1" .ppid "$(status PPid)"
	is "$1" .parent_comm "$(cat "/proc/$(status PPid)/comm")"
	is "$1" .uid "$(status Uid | cut -f 1)"
	is "$1" .euid "$(status Uid | cut -f 2)"
	is "$1" .gid "$(status Gid | cut -f 1)"
	is "$1" .comm "$(cat "/proc/$pid/comm")"
	is "$1" .vpid "$(status NSpid | awk '{ print $NF }')"
	is "$1" .pid_ns "$(stat -L -c %i "/proc/$pid/ns/pid")"
	is "$1" .mnt_ns "$(stat -L -c %i "/proc/$pid/ns/mnt")"
	jq -j '.args[] | ., "\u0000"' "$exec" | cmp -s - "/proc/$pid/cmdline" || fail "$1: args differ from /proc/PID/cmdline"
	if [ -r "/proc/$pid/loginuid" ] && [ "$(cat "/proc/$pid/loginuid")" != 4294967295 ]; then
		is "$1" .loginuid "$(cat "/proc/$pid/loginuid")"
	else
		is "$1" '.loginuid // "none"' none
	fi
	local dir
	dir=$(cgroup_dir "$pid")
	[ -z "$dir" ] || is "$1" .cgroup_id "$(stat -c %i "$dir")"
}
# Directory of the process's cgroup: the v2 one; where all are in its root, the memory (else pids) one of v1.
cgroup_dir() {
	local group mount kind v1
	group=$(sed -n 's/^0:://p' "/proc/$1/cgroup")
	mount=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
	if [ "$group" = / ]; then
		for kind in memory pids; do
			v1=$(sed -nE "s/^[0-9]+:([^:]*,)?$kind(,[^:]*)?://p" "/proc/$1/cgroup")
			if [ -n "$v1" ] && [ "$v1" != / ]; then
				group=$v1
				mount=$(awk -v kind="$kind" '$3 == "cgroup" && $4 ~ "(^|,)" kind "(,|$)" { print $2; exit }' /proc/mounts)
			fi
			[ -z "$v1" ] || break
		done
	fi
	[ -n "$mount" ] && [ -d "$mount$group" ] && printf '%s\n' "$mount$group"
}
# start COMMAND…: one that ends in `sleep`.
start() {
	spawn /dev/null /dev/null "$@"
	pid=$SPAWN_PID
	is_sleep() { [ "$(cat "/proc/$pid/comm")" = sleep ]; }
	wait_for 10 "$* sleeps" is_sleep
}
ebt_start "$TMP/out" -J
start sleep 1000
compare "plain"
start setpriv --reuid 1234 --regid 2345 --clear-groups sleep 1001
compare "other user"
start bash -c 'exec -a "odd	name" sleep 1002'
compare "argv[0] not the program"
start unshare --mount sleep 1003
compare "own mount namespace"
spawn /dev/null /dev/null unshare --pid --fork --kill-child sleep 1004
outer=$SPAWN_PID
inner() { pid=$(children_of "$outer" | head -n 1) && [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm")" = sleep ]; }
wait_for 10 "a process in its own pid namespace" inner
compare "own pid namespace"
[ "$(jq .vpid "$TMP/object")" = 1 ] || fail "the first process of a pid namespace has vpid $(jq .vpid "$TMP/object")"
# The first process of a namespace does not heed SIGTERM, nor does unshare meanwhile.
kill -KILL "$outer"

# Scripts say so, and what was asked for.
printf '#!/bin/sh\nexit 7\n' >"$TMP/script"
chmod +x "$TMP/script"
"$TMP/script" "$MARK-script"
[ $? = 7 ] || fail "the script did not run"
here() { [ -n "$(seen "$TMP/out" ".type == \"exec\" and (.args | index(\"$MARK-script\"))" | tee "$TMP/object")" ]; }
wait_for 10 "the script's exec" here
jq -e --arg f "$TMP/script" '.script == true and .filename == $f and .args[1] == $f' "$TMP/object" >/dev/null ||
	fail "script: $(jq -c '[.script, .filename, .args]' "$TMP/object")"
# A thread that is not the first executes: its old number is kept.
read -r pid tid < <("$EBT_TOOLS/threadexec" "$EBT_TOOLS/nop" "$MARK-thread")
[ "$pid" != "$tid" ] || fail "threadexec used the first thread"
here() { [ -n "$(seen "$TMP/out" ".type == \"exec\" and (.args | index(\"$MARK-thread\")) and .pid == $pid and .args[0] != \"$EBT_TOOLS/threadexec\"" |
	tee "$TMP/object")" ]; }
wait_for 10 "the thread's exec" here
jq -e ".tid == $tid" "$TMP/object" >/dev/null || fail "exec by a thread: tid $(jq .tid "$TMP/object"), want $tid"
# How a process ended: by a signal, and its times.
bash -c 'i=0; while [ $((i += 1)) -lt $1 ]; do :; done; kill -SEGV $$' "$MARK-signal" $((60000 / ${EBT_PATIENCE:-1})) 2>/dev/null
here() { pid=$(seen "$TMP/out" ".type == \"exec\" and (.args | index(\"$MARK-signal\"))" | jq .pid) && [ -n "$pid" ] &&
	[ -n "$(seen "$TMP/out" ".type == \"exit\" and .pid == $pid" | tee "$TMP/object")" ]; }
wait_for 10 "the exit of a process killed by a signal" here
jq -e '.signal == 11 and .utime_ns + .stime_ns > 1000000 and .utime_ns + .stime_ns <= .lifetime_ns * 1.1 and .maxrss_bytes > 100000' \
	"$TMP/object" >/dev/null || fail "killed by a signal: $(cat "$TMP/object")"
# A process may get its login after its last exec, as a session of sshd does: its exit has what holds at the end.
if bash -c 'echo 4321 >/proc/self/loginuid; cat /proc/self/sessionid; : "$0"' "$MARK-login" >"$TMP/session" 2>/dev/null &&
	[ -s "$TMP/session" ]; then
	here() { pid=$(seen "$TMP/out" ".type == \"exec\" and (.args | index(\"$MARK-login\"))" | jq .pid) && [ -n "$pid" ] &&
		[ -n "$(seen "$TMP/out" ".type == \"exit\" and .pid == $pid" | tee "$TMP/object")" ]; }
	wait_for 10 "the exit of a process with a login" here
	jq -e --argjson session "$(cat "$TMP/session")" '.loginuid == 4321 and (.sessionid // 4294967295) == $session' \
		"$TMP/object" >/dev/null || fail "the exit of a process with a login: $(cat "$TMP/object"), session $(cat "$TMP/session")"
fi
ebt_stop
