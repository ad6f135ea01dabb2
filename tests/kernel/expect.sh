#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Every field of an exec, in every way to exec: compared with what the executed program says of itself (tests/lib/expect.c).
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

# The cgroup of this shell and so of all cases: path and id (inode number in cgroupfs). The v2 one unless that is the root;
# then, as execbig-top does, v1's memory or pids.
find_cgroup() {
	local path mount
	path=$(sed -n 's/^0:://p' /proc/self/cgroup)
	mount=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
	if [ "${path:-/}" = / ]; then
		local controller
		for controller in memory pids; do
			grep -q "^[0-9]*:[^:]*\b$controller\b[^:]*:/." /proc/self/cgroup || continue
			path=$(sed -n "s/^[0-9]*:[^:]*\b$controller\b[^:]*://p" /proc/self/cgroup)
			mount=$(awk -v c="$controller" '$3 == "cgroup" && $4 ~ "(^|,)" c "(,|$)" { print $2; exit }' /proc/mounts)
			break
		done
	fi
	[ -n "$path" ] && [ -d "$mount$path" ] || return
	EXPECT_CGROUP_ID=$(stat -c %i "$mount$path")
	EXPECT_CGROUP=$path
	export EXPECT_CGROUP EXPECT_CGROUP_ID
}
find_cgroup

ebt_start "$TMP/out" -J --env
mkdir "$TMP/work"
limit 60 "$EBT_TOOLS/expect" "$TMP/work" >"$TMP/expected" 2>"$TMP/expect.err" ||
	{ show "$TMP/expect.err"; fail "the program under test did not run through its cases"; }
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || fail "exit status $STATUS after Ctrl-C"
check_accounting "$TMP/out"

jq -r 'select(.skip) | .case' "$TMP/expected" >"$TMP/skipped"
while read -r name; do say "case $name cannot run here"; done <"$TMP/skipped"
[ "${CI:-}" = true ] && [ -s "$TMP/skipped" ] && fail "cases skipped in CI: $(tr '\n' ' ' <"$TMP/skipped")"
[ "$(jq -s 'map(select(.skip | not)) | length' "$TMP/expected")" -ge 25 ] || fail "fewer than 25 cases ran"

# A path that may have been cut from the left: whole, or "..." and a true end of it, longer than 3,800 bytes or 200 components.
cat >"$TMP/compare.jq" <<'JQ'
def path($want; $got; $cut): if $cut then
	($got | type) == "string" and ($got | startswith(".../")) and ($want | endswith($got[3:])) and ($got | length > 3800 or (split("/") | length > 200))
	else $want == $got end;
def short: tojson | if length > 200 then .[:200] + "…" + (length | tostring) else . end;
def ticks: . / 10000000 | floor;
def near($want; $got): ($got | type) == "number" and (($got | ticks) - $want | fabs) <= 1;
($got | map(select(.type == "exec")) | map({key: ((.pid | tostring) + " " + ((.env // []) | map(select(startswith("EXPECT_CASE="))) | first // "")), value: .})) as $all
| $want[] | select(.skip | not) | . as $w
| "\(.pid) EXPECT_CASE=\(.case)" as $key
| ($all | map(select(.key == $key)) | map(.value)) as $g
| if ($g | length) != 1 then "\(.case): \($g | length) exec objects of pid \(.pid)" else
	$g[0] as $g
	| (to_entries[] | select(.key | IN("case", "exe", "cwd", "exe_dev", "exe_ino", "start_ticks", "parent_start_ticks", "flags") | not)
		| select(.value != $g[.key]) | "\($w.case): .\(.key) is \($g[.key] | short), the program says \(.value | short)"),
	  (("exe", "cwd") as $k | (if $k == "exe" then "path" else $k end + "_truncated") as $flag
		| select(path($w[$k]; $g[$k]; $g.flags | index($flag)) | not)
		| "\($w.case): .\($k) is \($g[$k] | short), the program says \($w[$k] | short)"),
	  # An overlay's inode is its own on one side and the lower file's on the other.
	  (select(.case != "overlay") | ("exe_dev", "exe_ino") as $k | select($w[$k] != $g[$k]) | "\($w.case): .\($k) is \($g[$k]), stat says \($w[$k])"),
	  (select($w.case != "too-deep") | select(($w.flags | sort) != ($g.flags | sort)) | "\($w.case): .flags is \($g.flags | tojson), must be \($w.flags | tojson)"),
	  (select($w.case == "too-deep") | select($g.flags - ["path_truncated", "cwd_truncated"] != []) | "\($w.case): .flags is \($g.flags | tojson)"),
	  (select(near($w.start_ticks; $g.start_ns) | not) | "\($w.case): .start_ns is \($g.start_ns), /proc says \($w.start_ticks) ticks"),
	  (select(near($w.parent_start_ticks; $g.parent_start_ns) | not) | "\($w.case): .parent_start_ns is \($g.parent_start_ns), /proc says \($w.parent_start_ticks) ticks")
  end
JQ
awk '/"type":"exec"/ && /EXPECT_CASE=/' "$TMP/out" >"$TMP/cases"
jq -n -r --slurpfile want "$TMP/expected" --slurpfile got "$TMP/cases" -f "$TMP/compare.jq" >"$TMP/differences" || fail "cannot compare"
if [ -s "$TMP/differences" ]; then
	head -n 60 "$TMP/differences" | sed 's/^/    /'
	fail "$(cut -d : -f 1 "$TMP/differences" | sort -u | wc -l) cases differ"
fi
say "$(jq -s 'map(select(.skip | not)) | length' "$TMP/expected") cases agree"
