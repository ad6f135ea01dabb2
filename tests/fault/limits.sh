#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Values beyond all measure, and a process that may not have what it asks for: a status and one sentence, or it goes on; and
# however much happens the view's memory stays what --history says.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need prlimit
ulimit -c 0
ebt() { limit 30 "$EBT_BIN" --cache-dir "$EBT_CACHE" "$@" >"$TMP/out" 2>"$TMP/err" </dev/null; }
# sentence WHAT: exactly one line, by the program.
sentence() { [ "$(grep -c '^execbig-top: ' "$TMP/err")" = 1 ] || { show "$TMP/err"; fail "$1: not one sentence"; }; }
# usage OPTION…: refused as it stands.
usage() {
	local status
	ebt "$@"
	status=$?
	[ "$status" = 2 ] || { show "$TMP/err"; fail "${*:0:80}: exit status $status"; }
	sentence "${1:0:80}"
}
long=$(head -c 100000 /dev/zero | tr '\0' a)
for n in 99999999999999999999 -1 16777216T; do
	for option in --history --ring --scratch --args --poll -d; do usage "$option" "$n" -J; done
done
usage -n 18446744073709551616 -J
usage -p "$(seq -s , 1 65)" -J
usage -p 99999999999 -J
usage -u 99999999999 -J
usage -m "(((a{255}){255}){255})" -J
usage -m "$long" -J
usage -c "$long" -J
usage --rotate 1K -w "$TMP/x" -J
usage --rotate "$long" -w "$TMP/x" -J
usage "--$long"
usage -o "$long" -J

# Names that are too long for any file.
for option in -w --sqlite --metrics -r; do
	ebt -J -n 1 "$option" "$TMP/$long"
	status=$?
	[ "$status" = 1 ] || { show "$TMP/err"; fail "$option with a long name: exit status $status"; }
done
for option in --cgroup --bpf-text --headers; do
	ebt -J "$option" "/$long" -- "$EBT_TOOLS/nop"
	status=$?
	[ "$status" = 1 ] || [ "$status" = 2 ] || { show "$TMP/err"; fail "$option with a long name: exit status $status"; }
	sentence "$option with a long name"
done
limit 30 "$EBT_BIN" --cache-dir "$TMP/$long" -J -- "$EBT_TOOLS/nop" "$MARK" >"$TMP/out" 2>"$TMP/err" || { show "$TMP/err"; fail "--cache-dir with a long name: $?"; }
has "$MARK" "$TMP/out" || fail "--cache-dir with a long name: nothing seen"

# A command line of tens of thousands of words, ours and the command's.
mapfile -t words < <(seq 50000)
ebt -J -- "$EBT_TOOLS/nop" "$MARK" "${words[@]}" || { show "$TMP/err"; fail "a command with 50000 arguments: $?"; }
jq -e -s "any(.[]; .type == \"exec\" and .args[1] == \"$MARK\" and (.args | length) == 50002)" "$TMP/out" >/dev/null || fail "50000 arguments of the command"
ebt $(printf -- '-J %.0s' $(seq 20000)) -- "$EBT_TOOLS/nop" "$MARK" || { show "$TMP/err"; fail "20000 options: $?"; }

# The largest history and ring: taken as they are needed, or refused with a reason.
for options in "--history 64G" "--ring 1G" "--history 64G --ring 1G --scratch 32768"; do
	# shellcheck disable=SC2086 # words
	ebt -J $options -- "$EBT_TOOLS/nop" "$MARK"
	status=$?
	[ "$status" = 0 ] && has "$MARK" "$TMP/out" || { [ "$status" = 1 ] && sentence "$options"; } || { show "$TMP/err"; fail "$options: exit status $status"; }
done

# What the system allows the process: address space, descriptors, size of files, processes.
for limits in as=100000000 as=200000000 nofile=4 nofile=8 nofile=12 nofile=16 nofile=24; do
	limit 30 prlimit "--$limits" "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- "$EBT_TOOLS/nop" "$MARK" >"$TMP/out" 2>"$TMP/err" </dev/null
	status=$?
	case $status in
	0) has "$MARK" "$TMP/out" || fail "limit $limits: nothing seen" ;;
	1 | 69) grep -q '^execbig-top: ' "$TMP/err" || { show "$TMP/err"; fail "limit $limits: no sentence"; } ;;
	# not even the libraries can be opened: ld.so says so, before anything of ours runs
	127) grep -q 'error while loading shared libraries' "$TMP/err" || { show "$TMP/err"; fail "limit $limits: exit status 127"; } ;;
	*) show "$TMP/err" && fail "limit $limits: exit status $status" ;;
	esac
done
limit 30 prlimit --fsize=10000 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- "$EBT_TOOLS/nop" "$MARK" >/dev/null 2>"$TMP/err"
status=$?
[ "$status" = 1 ] || { show "$TMP/err"; fail "files of 10 KB at most: exit status $status"; }
sentence "files of 10 KB at most"
many='for i in $(seq 60); do "$1" "$2" "$(head -c 60000 /dev/urandom | base64 -w 0)"; done'
limit 30 prlimit --fsize=2097152 "$EBT_BIN" --cache-dir "$EBT_CACHE" -e -w "$TMP/f.rec" -- bash -c "$many" - "$EBT_TOOLS/nop" "$MARK" 2>"$TMP/err" |
	cat >"$TMP/out"
status=${PIPESTATUS[0]}
[ "$status" = 1 ] || { show "$TMP/err"; fail "a recording beyond the size of a file: exit status $status"; }
grep -qE 'recording (has stopped|is over)' "$TMP/err" || { show "$TMP/err"; fail "a recording beyond the size of a file: no sentence"; }
[ "$(grep -c "$MARK" "$TMP/out")" -ge 60 ] || fail "a recording beyond the size of a file: tracing did not go on"
limit 30 prlimit --fsize=2097152 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -- bash -c "$many" - "$EBT_TOOLS/nop" "$MARK" >"$TMP/out" 2>"$TMP/err"
status=$?
[ "$status" = 1 ] || { show "$TMP/err"; fail "an output beyond the size of a file: exit status $status"; }
# The command outlives the tracing, which is said as well.
[ "$(grep -c 'still runs, and is waited for' "$TMP/err")" = 1 ] || { show "$TMP/err"; fail "an output beyond the size of a file: the command is not waited for"; }
grep -v 'still runs, and is waited for' "$TMP/err" >"$TMP/rest"
mv "$TMP/rest" "$TMP/err"
sentence "an output beyond the size of a file"

# Memory: 1500 command lines of 64 KiB are 96 MiB; the view keeps a history of 1 MiB.
peak() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"; }
ebt_start "$TMP/big" -J --history 1M --ring 32M
view=$(ebt_view_of "$EBT_PID") || fail "no view"
before=$(peak "$view")
"$EBT_TOOLS/nop" "${long:0:64000}"
cat >"$TMP/loop" <<'L'
for ((i = 0; i < 1500; i++)); do "$1" "$2"; done
L
bash "$TMP/loop" "$EBT_TOOLS/nop" "${long:0:64000}" || fail "the load failed"
ebt_settle "$TMP/big"
after=$(peak "$view")
ebt_stop
[ "$STATUS" = 0 ] || fail "exit status $STATUS"
check_accounting "$TMP/big"
rm "$TMP/big"
[ $((after - before)) -lt 40000 ] || fail "the view grew from $before to $after KiB with --history 1M"
say "96 MiB of command lines: the view grew by $((after - before)) KiB, $LOST_TOTAL events lost"
