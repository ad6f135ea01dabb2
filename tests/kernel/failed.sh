#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# -x: execs that failed, with errno, name and arguments as they were passed (tests/lib/fails.c); --no-enoent; the accounting with both.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel

cat >"$TMP/compare.jq" <<'JQ'
def short: tojson | if length > 120 then .[:120] + "…" + (length | tostring) else . end;
# Not all: a beginning of it, and a flag that says so.
def part($got; $want): ($got | length) <= ($want | length) and
	(reduce range($got | length) as $i (true; . and ($want[$i] | startswith($got[$i]))));
$want[] | . as $w
| ($got | map(select(.pid == $w.pid))) as $g
| if ($g | length) != 1 then "\(.case): \($g | length) objects for the failed exec of \(.pid)" else
	$g[0] as $g
	| (select($g.ret != $w.ret) | "\($w.case): .ret is \($g.ret), the kernel said \($w.ret)"),
	  (select($g.comm != $w.case[:15]) | "\($w.case): .comm is \($g.comm)"),
	  (select($g.tid != $w.pid or $g.ppid != $ppid or $g.uid != 0) | "\($w.case): .tid, .ppid, .uid are \([$g.tid, $g.ppid, $g.uid])"),
	  (select($g.parent_comm != "fails") | "\($w.case): .parent_comm is \($g.parent_comm)"),
	  if $w.whole then
		(select($g.filename != $w.filename) | "\($w.case): .filename is \($g.filename | short), passed was \($w.filename | short)"),
		(select($g.args != $w.args) | "\($w.case): .args is \($g.args | short), passed was \($w.args | short)"),
		(select($g.flags != []) | "\($w.case): .flags is \($g.flags)"),
		(select($g.args_captured != $g.args_bytes or $g.args_bytes != ($w.args | map(utf8bytelength + 1) | add // 0) or $g.argc != ($w.args | length))
			| "\($w.case): \([$g.args_bytes, $g.args_captured, $g.argc])")
	  else
		(select($g.filename != $w.filename and ($w.filename == null or $g.filename == null or ($g.filename as $n | $w.filename | startswith($n) | not)))
			| "\($w.case): .filename is \($g.filename | short)"),
		(select(part($g.args; $w.args) | not) | "\($w.case): .args is \($g.args | short), passed was \($w.args | short)"),
		(select($g.flags == []) | "\($w.case): is not whole, and no flag says so"),
		(select($w.case == "cut-list" and $g.args != $w.args) | "\($w.case): .args is \($g.args | short), readable was \($w.args | short)")
	  end
  end
JQ

# compare OUT: failures in OUT against $TMP/expected.
compare() {
	seen "$1" '.type == "exec" and .ret != 0' >"$TMP/failed"
	jq -n -r --slurpfile want "$TMP/expected" --slurpfile got "$TMP/failed" --argjson ppid "$fails" -f "$TMP/compare.jq" \
		>"$TMP/differences" || fail "cannot compare"
	[ -s "$TMP/differences" ] && { show "$TMP/differences"; fail "$(wc -l <"$TMP/differences") differences"; }
}

# load: the program, and its pid in $fails.
runs=0
load() {
	mkdir "$TMP/work$((++runs))"
	"$EBT_TOOLS/fails" "$TMP/work$runs" "$MARK-$runs" >"$TMP/expected" &
	fails=$!
	wait "$fails" || fail "the program under test did not run"
}

ebt_start "$TMP/out" -J -x
load
ebt_settle "$TMP/out"
ebt_stop
[ "$STATUS" = 0 ] || fail "exit status $STATUS after Ctrl-C"
check_accounting "$TMP/out"
compare "$TMP/out"
cases=$(wc -l <"$TMP/expected")
errnos=$(jq -r .errno "$TMP/expected" | sort -u | wc -l)
[ "$errnos" -ge 10 ] || fail "only $errnos different errors"

# By name in the text, for each.
ebt_start "$TMP/text" -e -x
load
ebt_settle "$TMP/text"
ebt_stop
jq -r '"\(.pid) \(.errno)"' "$TMP/expected" | sort >"$TMP/want"
awk '$2 == "exec" && $6 != "0" { print $3, $6 }' "$TMP/text" | sort >"$TMP/got.all"
join -j 1 <(cut -d ' ' -f 1 "$TMP/want") "$TMP/got.all" >"$TMP/got"
# The column of results holds what fits; no name is longer than that of ENAMETOOLONG.
diff "$TMP/want" "$TMP/got" >"$TMP/diff" || { show "$TMP/diff"; fail "names of errors in -e (kernel <, execbig-top >)"; }

# --no-enoent: those are counted as filtered, all others stay.
ebt_start "$TMP/out" -J -x --no-enoent
load
ebt_settle "$TMP/out"
ebt_stop
check_accounting "$TMP/out"
storm=$(jq -s 'map(select(.ret == -2)) | length' "$TMP/expected")
[ "$storm" -ge 5 ] || fail "only $storm ENOENT in the load"
seen "$TMP/out" '.type == "exec" and .ret == -2' >"$TMP/enoent"
[ -s "$TMP/enoent" ] && { show "$TMP/enoent"; fail "ENOENT shown in spite of --no-enoent"; }
filtered=$(jq '.filtered' "$TMP/summary")
[ "$filtered" -ge "$storm" ] || fail "$filtered events filtered, but there were $storm ENOENT"
jq -c 'select(.ret != -2)' "$TMP/expected" >"$TMP/rest"
mv "$TMP/rest" "$TMP/expected"
compare "$TMP/out"

# Without -x no failure is seen, nor counted.
ebt_start "$TMP/out" -J
load
ebt_settle "$TMP/out"
ebt_stop
check_accounting "$TMP/out"
seen "$TMP/out" '.type == "exec" and .ret != 0' >"$TMP/failed"
[ -s "$TMP/failed" ] && { show "$TMP/failed"; fail "failed execs without -x"; }

# --args holds for failed execs too: what it cuts may be secret.
ebt_start "$TMP/out" -J -x --args 4096
"$EBT_BIN" --version >/dev/null
ebt_stop
ebt_launch "$TMP/out" -J -x --args 3
mkdir "$TMP/work-cut"
tried() {
	rm -rf "$TMP/work-cut"
	mkdir "$TMP/work-cut"
	"$EBT_TOOLS/fails" "$TMP/work-cut" secret-words >/dev/null
	sleep 0.02
	[ -n "$(seen "$TMP/out" '.type == "exec" and .filename == "at-not-there" or .filename == "not-there"')" ]
}
wait_for 20 "a failed exec with --args 3" tried
ebt_stop
has secret-words "$TMP/out" && fail "--args 3 shows whole arguments of failed execs: $(grep -m 1 secret-words "$TMP/out" | cut -c 1-400)"
seen "$TMP/out" '.type == "exec" and .filename == "not-there"' | head -n 1 |
	jq -e '.args_captured == 3 and .args_bytes > 3 and .args == ["sec"] and .flags == ["args_truncated"]' >/dev/null ||
	fail "--args 3: $(seen "$TMP/out" '.type == "exec" and .filename == "not-there"' | head -n 1)"
say "$cases failures with $errnos different errors, $storm of them ENOENT"
