#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# How processes end: code, signal, core, times, memory and lifetime as wait4(2) tells their parent (tests/lib/ends.c); and the
# ends of processes that were there before.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

# Two that began before execbig-top. The name of the second is not that of its program.
spawn /dev/null /dev/null sleep 1000
old=$SPAWN_PID
spawn /dev/null /dev/null setpriv --reuid 4321 --regid 4321 --clear-groups sleep 1001
user=$SPAWN_PID
asleep() { [ "$(cat "/proc/$1/comm" 2>/dev/null)" = sleep ]; }
wait_for 10 "the older processes sleep" asleep "$old"
wait_for 10 "the older processes sleep" asleep "$user"
old_ticks=$(sed 's/.*) //' "/proc/$old/stat" | cut -d ' ' -f 20)

ebt_start "$TMP/out" -J
mkdir "$TMP/work"
(cd "$TMP/work" && limit 60 "$EBT_TOOLS/ends") >"$TMP/expected" || fail "the children did not run"
kill -TERM "$old"
kill -TERM "$user"
ebt_settle "$TMP/out"
ebt_stop
check_accounting "$TMP/out"

cat >"$TMP/compare.jq" <<'JQ'
# CPU time: what comes between the exit hook and the parent's wait is in wait4's figure alone; a tick may fall into it. An
# emulated CPU takes longer for it.
def close($got; $want; $slack): ($got - $want | fabs) <= $slack;
($got | map({key: (.pid | tostring), value: .})) as $all
| $want[] | . as $w
| ($all | map(select(.key == ($w.pid | tostring))) | map(.value)) as $g
| if ($g | length) != 1 then "\(.case): \($g | length) exit objects of pid \(.pid)" else
	$g[0] as $g
	| (("type", "ppid", "uid", "comm", "exit_code", "signal", "core_dumped", "maxrss_bytes") as $k
		| select($w[$k] != $g[$k]) | "\($w.case): .\($k) is \($g[$k]), wait4 says \($w[$k])"),
	  (select($g | has("exit_code") and has("signal") | not) | "\($w.case): exit_code or signal is left out"),
	  (select(close($g.utime_ns + $g.stime_ns; $w.utime + $w.stime; 10000000 * $patience) | not)
		| "\($w.case): CPU time \($g.utime_ns) + \($g.stime_ns), wait4 says \($w.utime) + \($w.stime)"),
	  (select(close($g.utime_ns; $w.utime; 12000000 * $patience + $w.utime / 10) | not) | "\($w.case): .utime_ns is \($g.utime_ns), wait4 says \($w.utime)"),
	  (select(close($g.stime_ns; $w.stime; 12000000 * $patience + $w.stime / 5) | not) | "\($w.case): .stime_ns is \($g.stime_ns), wait4 says \($w.stime)"),
	  (select($g.lifetime_ns < $w.life_min or $g.lifetime_ns > $w.life_max)
		| "\($w.case): .lifetime_ns is \($g.lifetime_ns), it lived \($w.life_min) to \($w.life_max)"),
	  (select($g.start_ns < $w.began[0] or $g.start_ns > $w.began[1]) | "\($w.case): .start_ns is \($g.start_ns), it began within \($w.began)"),
	  (select($g.mono_ns != $g.start_ns + $g.lifetime_ns) | "\($w.case): start and lifetime do not give the time of the exit")
  end
JQ
seen "$TMP/out" '.type == "exit"' >"$TMP/exits"
jq -n -r --argjson patience "${EBT_PATIENCE:-1}" --slurpfile want "$TMP/expected" --slurpfile got "$TMP/exits" -f "$TMP/compare.jq" >"$TMP/differences" || fail "cannot compare"
[ -s "$TMP/differences" ] && { show "$TMP/differences"; fail "$(wc -l <"$TMP/differences") differences"; }
cases=$(wc -l <"$TMP/expected")
[ "$cases" -ge 15 ] || fail "only $cases children"
cores=$(jq -s 'map(select(.core_dumped)) | length' "$TMP/expected")
[ "$cores" -gt 0 ] || say "no core files on this machine: core_dumped was false in all cases"

# The older ones: who they were is known, and how long they lived.
jq -c "select(.pid == $old or .pid == $user)" "$TMP/exits" >"$TMP/older"
jq -s -e --argjson ticks "$old_ticks" "length == 2 and
	(map(select(.pid == $old))[0] | .signal == 15 and .exit_code == null and .comm == \"sleep\" and .ppid == $$ and .uid == 0 and
		((.start_ns / 10000000 | floor) - \$ticks | fabs) <= 1) and
	(map(select(.pid == $user))[0] | .signal == 15 and .uid == 4321 and .comm == \"sleep\" and .core_dumped == false)" "$TMP/older" >/dev/null ||
	{ show "$TMP/older"; fail "ends of processes that were there before (started at $old_ticks ticks)"; }

say "$cases kinds of end agree with wait4, $cores with core"
