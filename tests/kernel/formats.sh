#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# What a recording becomes for other programs: ECS, OCSF, a Chrome trace, SQLite, Prometheus metrics; types and required
# fields, and that all of them count the same events.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need sqlite3
chmod 0777 "$TMP"
cat >"$TMP/load" <<'L'
for i in $(seq 30); do "$EBT_TOOLS/nop" "$MARK-$i" & done
wait
"$EBT_TOOLS/nop" "$(printf 'a\377"\\\n')"
sh -c 'sh -c "kill -9 \$\$"; exit 3' || true
sh -c "sleep 0.3 & exec $EBT_TOOLS/nop orphan" || true
sleep 0.4
/no/such/program 2>/dev/null || true
L
export MARK EBT_TOOLS
"$EBT_BIN" --cache-dir "$EBT_CACHE" -x -J -d 0.2 -w "$TMP/a.rec" --sqlite "$TMP/a.db" --metrics "$TMP/a.prom" -- bash "$TMP/load" >"$TMP/live" 2>"$TMP/err" || {
	show "$TMP/err"
	fail "status $?"
}
count() { jq -s "map(select($1)) | length" "$TMP/live"; }
execs=$(count '.type == "exec" and .ret == 0') failed=$(count '.type == "exec" and .ret < 0') exits=$(count '.type == "exit"')
[ "$execs" -ge 35 ] && [ "$exits" -ge 35 ] || fail "only $execs execs and $exits exits"

# ECS 9: field, type; ids are keywords, times are dates.
"$EBT_BIN" -r "$TMP/a.rec" -J --format ecs >"$TMP/ecs" || fail "no ECS"
jq -e -s --argjson execs "$execs" --argjson failed "$failed" --argjson exits "$exits" '
	def date: type == "string" and test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{9}Z$");
	def long: type == "number" and . == floor;
	def keyword: type == "string" and length > 0;
	def user: (.id | keyword) and (.name == null or (.name | keyword));
	all(.[]; (."@timestamp" | date) and (.ecs.version | keyword) and (.event.kind | IN("event", "pipeline_error"))
		and (.event.action | keyword) and (.event.module | keyword) and (.event.dataset | keyword) and (.host.name | keyword)
		and (.labels | type == "object" and all(.[]; type == "string")))
	and all(.[] | select(.event.kind == "event"); .event.category == ["process"] and (.event.type | IN(["start"], ["end"]))
		and (.event.outcome | IN("success", "failure")) and (.event.sequence | long) and (.process.pid | long)
		and (.process.entity_id | keyword) and (.process.name | keyword) and (.process.real_user | user) and (.process.parent.pid | long))
	and all(.[] | select(.event.type == ["start"]); (.process.args | type == "array" and all(.[]; type == "string"))
		and (.process.args_count | long) and (.process.parent.name | keyword) and (.process.command_line | type == "string") and (.process.executable | type == "string")
		and (.event.outcome == "failure" or (.process.working_directory | keyword)) and (.process.interactive | type == "boolean") and (.process.user | user)
		and (.process.thread.id | long) and (.process.group.id | keyword) and (.process.start | date))
	and all(.[] | select(.event.type == ["end"]); (.process.exit_code | long) and (.process.end | date) and (.process.uptime | long)
		and (.event.duration | long))
	and (map(select(.event.action == "exec" and .event.outcome == "success")) | length) == $execs
	and (map(select(.event.action == "exec" and .event.outcome == "failure" and (.error.code | type == "string"))) | length) == $failed
	and (map(select(.event.action == "exit")) | length) == $exits' "$TMP/ecs" >/dev/null || { show "$TMP/ecs"; fail "ECS: a field is missing or of the wrong type"; }
# ecs_valid FILE: every field is one that Elastic published, of its type and with a value that it may have.
zcat "$EBT_SOURCE/tests/data/ecs/ecs_flat.ts.gz" | awk -f "$EBT_SOURCE/tests/data/ecs/fields.awk" >"$TMP/fields"
ecs_check() { jq -r --slurpfile fields "$TMP/fields" -f "$EBT_SOURCE/tests/data/ecs/check.jq" "$@"; }
ecs_valid() {
	ecs_check "$1" >"$TMP/bad" || fail "ECS: the check does not run"
	[ ! -s "$TMP/bad" ] || { show "$TMP/bad"; fail "ECS: $1 is not what the schema says"; }
}
ecs_valid "$TMP/ecs"
# refuses CHECK WHAT CHANGE FILE: the check says WHAT of an event to which the filter CHANGE was applied.
refuses() {
	jq -c "select(.process.pid) | $3" "$4" | head -n 1 >"$TMP/changed"
	"$1" "$TMP/changed" | grep -q "$2" || fail "the check takes $3"
}
refuses ecs_check 'is no field' '.process.pidd = 1' "$TMP/ecs"
refuses ecs_check 'not of the type long' '.process.pid = "1"' "$TMP/ecs"
refuses ecs_check 'may not be' '.event.outcome = "maybe"' "$TMP/ecs"
refuses ecs_check 'not one of' '.event.type = ["connection"]' "$TMP/ecs"
refuses ecs_check 'is no list' '.process.args = "x"' "$TMP/ecs"
refuses ecs_check 'ecs.version is required' 'del(.ecs)' "$TMP/ecs"

# OCSF: what process_activity requires, types, and the sums of ids.
"$EBT_BIN" -r "$TMP/a.rec" -J --format ocsf >"$TMP/ocsf" || fail "no OCSF"
jq -e -s --argjson execs "$execs" --argjson failed "$failed" --argjson exits "$exits" '
	def int: type == "number" and . == floor;
	def str: type == "string" and length > 0;
	def process: (.pid | int) and ((.uid // "-") | str) and ((.created_time // 0) | int);
	all(.[]; (.activity_id | int) and (.category_uid | int) and (.class_uid | int) and .type_uid == .class_uid * 100 + .activity_id
		and (.severity_id | int) and (.time | int and . > 1e12 and . < 1e14) and (.metadata.version | str) and (.metadata.product.name | str)
		and (.metadata.product.vendor_name | str) and (.device.type_id | int) and (.device.os.type_id | int))
	and all(.[] | select(.class_uid == 1007); .category_uid == 1 and (.activity_id | IN(1, 2)) and (.actor.process | process)
		and (.actor.user.uid | str) and (.process | process) and (.process.name | str) and (.process.user.uid | str) and (.status_id | IN(1, 2)))
	and all(.[] | select(.activity_id == 1); .launch_type_id == 3 and (.process.cmd_line | type == "string") and (.process.file.name | str)
		and (.process.file.type_id | int) and (.process.euid | int) and (.process.egid | int) and (.process.group.uid | str)
		and (.status_id == 2 or (.process.working_directory | str)) and (.process.ptid | int) and (.process.parent_process | process) and (.process.parent_process.name | str))
	and all(.[] | select(.activity_id == 2); (.exit_code | int) and (.process.terminated_time | int))
	and (map(select(.activity_id == 1 and .status_id == 1)) | length) == $execs
	and (map(select(.activity_id == 1 and .status_id == 2 and (.status_code | str))) | length) == $failed
	and (map(select(.activity_id == 2)) | length) == $exits' "$TMP/ocsf" >/dev/null || { show "$TMP/ocsf"; fail "OCSF: a field is missing or of the wrong type"; }
# ocsf_valid FILE: every attribute is one of the released schema, of its type and with a value that it may have, none is deprecated,
# none that is required is missing.
ocsf_check() { jq -r --slurpfile schema "$EBT_SOURCE/tests/data/ocsf/used.json" -f "$EBT_SOURCE/tests/data/ocsf/check.jq" "$@"; }
ocsf_valid() {
	ocsf_check "$1" >"$TMP/bad" || fail "OCSF: the check does not run"
	[ ! -s "$TMP/bad" ] || { show "$TMP/bad"; fail "OCSF: $1 is not what the schema says"; }
}
ocsf_valid "$TMP/ocsf"
refuses ocsf_check 'process.tid is no attribute' '.process.tid = 1' "$TMP/ocsf"
refuses ocsf_check 'severity_id may not be' '.severity_id = 7' "$TMP/ocsf"
refuses ocsf_check 'not of the type int' '.process.pid = "1"' "$TMP/ocsf"
refuses ocsf_check 'process is required' 'del(.process)' "$TMP/ocsf"

# Homeostasis: each event but those of level debug is there; what it finds is an alert, and a finding.
cat >"$TMP/habits" <<'L'
for i in $(seq 50); do "$TMP/learned" plain; done
"$TMP/learned" plain /nowhere || true
L
cp "$EBT_TOOLS/habits" "$TMP/learned"
export TMP
"$EBT_BIN" --cache-dir "$EBT_CACHE" --homeostasis --set normal-wait=0 --set min-train=500 -J -w "$TMP/h.rec" -- bash "$TMP/habits" >"$TMP/h.live" 2>"$TMP/err" || { show "$TMP/err"; fail "--homeostasis"; }
homeo() { jq -s "map(select(.type == \"homeostasis\" and .level != \"debug\" and ($1))) | length" "$TMP/h.live"; }
found=$(homeo '.level == "warning" and .event != "note"') said=$(homeo '.level == "info" or .event == "note"')
[ "$found" -ge 1 ] && [ "$said" -ge 3 ] || { show "$TMP/h.live"; fail "homeostasis: $found findings, $said other events"; }
"$EBT_BIN" -r "$TMP/h.rec" -J --format ecs | jq -c 'select(.event.dataset == "execbig-top.homeostasis")' >"$TMP/ecs" || fail "no ECS of homeostasis"
jq -e -s --argjson found "$found" --argjson said "$said" --arg exe "$TMP/learned" '
	def keyword: type == "string" and length > 0;
	all(.[]; (."@timestamp" | keyword) and (.ecs.version | keyword) and (.event.action | keyword) and (.message | keyword) and (.log.level | keyword)
		and (.process.pid | type == "number") and (.process.executable | keyword) and (.host.name | keyword) and (.labels | all(.[]; type == "string")))
	and all(.[] | select(.event.kind == "alert"); .event.category == ["intrusion_detection"] and (.event.type | IN(["info"], ["denied"])) and (.rule.name | keyword))
	and all(.[] | select(.event.kind != "alert"); .event.kind == "event" and .event.category == ["process"] and .event.type == ["info"])
	and any(.[]; .event.kind == "alert" and .event.action == "anomaly" and .process.executable == $exe)
	and (map(select(.event.kind == "alert")) | length) == $found and (map(select(.event.kind == "event")) | length) == $said' \
	"$TMP/ecs" >/dev/null || { show "$TMP/ecs"; fail "ECS of homeostasis: a field or an event is missing"; }
ecs_valid "$TMP/ecs"
"$EBT_BIN" -r "$TMP/h.rec" -J --format ocsf | jq -c 'select(.class_uid != 1007)' >"$TMP/ocsf" || fail "no OCSF of homeostasis"
jq -e -s --argjson found "$found" --argjson said "$said" --arg exe "$TMP/learned" '
	def int: type == "number" and . == floor;
	def str: type == "string" and length > 0;
	all(.[]; .type_uid == .class_uid * 100 + .activity_id and (.category_uid | int) and (.severity_id | int) and (.time | int and . > 1e12 and . < 1e14)
		and (.message | str) and (.metadata.version | str) and (.metadata.product.name | str) and (.metadata.product.vendor_name | str) and (.device.type_id | int))
	and all(.[] | select(.class_uid == 2004); .category_uid == 2 and .activity_id == 1 and .status_id == 1 and .is_alert == true and (.finding_info.uid | str)
		and (.finding_info.title | str) and (.finding_info.desc | str) and (.finding_info.analytic.type_id | int) and (.evidences[0].process.pid | int))
	and (map(.finding_info.uid | select(.)) | length == (unique | length))
	and any(.[]; .class_uid == 2004 and .finding_info.types == ["anomaly"] and .evidences[0].process.path == $exe)
	and (map(select(.class_uid == 2004)) | length) == $found
	and (map(select(.class_uid == 0 and .activity_name == "Homeostasis" and (.actor.process.pid | int))) | length) == $said' \
	"$TMP/ocsf" >/dev/null || { show "$TMP/ocsf"; fail "OCSF of homeostasis: a field or an event is missing"; }
ocsf_valid "$TMP/ocsf"

# A Chrome trace: slices of one row nest, none is lost, failed execs are instants, counters are there.
"$EBT_BIN" export perfetto -r "$TMP/a.rec" -o "$TMP/trace" || fail "no trace"
jq -e --argjson execs "$execs" --argjson failed "$failed" '.displayTimeUnit == "ms" and (.traceEvents
	| (map(select(.ph == "X" and (.args.end | startswith("goes on") | not))) | length) == $execs
	and (map(select(.ph == "i")) | length) == $failed
	and (map(select(.ph == "C" and .name == "execs/s")) | length) > 1 and any(.[]; .ph == "C" and .name == "lost")
	and all(.[] | select(.ph == "X"); (.ts | type == "number") and .dur >= 0 and (.tid | type == "number") and (.args.command | type == "string")))' \
	"$TMP/trace" >/dev/null || fail "the trace does not have every exec"
jq -r '.traceEvents[] | select(.ph == "X") | [.tid, .ts, .ts + .dur] | map(. * 1000 | round) | @tsv' "$TMP/trace" | sort -k1,1n -k2,2n -k3,3nr >"$TMP/slices"
awk '$1 != row { row = $1; depth = 0 }
	{ while (depth > 0 && end[depth] <= $2) depth--
	  if (depth > 0 && $3 > end[depth] + 1000) { print "row " row ": a slice ends behind the one it lies in: " $0; exit 1 }
	  end[++depth] = $3; if (depth > deepest) deepest = depth }
	END { if (deepest < 2) { print "nothing is nested"; exit 1 } }' "$TMP/slices" >"$TMP/nesting" || { show "$TMP/nesting"; fail "slices do not nest"; }

# SQLite: the same rows; exact bytes where the text could not hold them.
sql() { sqlite3 "$TMP/a.db" "$1"; }
[ "$(sql 'SELECT count(*) FROM exec WHERE ret = 0')" = "$execs" ] && [ "$(sql 'SELECT count(*) FROM exec WHERE ret < 0')" = "$failed" ] &&
	[ "$(sql 'SELECT count(*) FROM exit')" = "$exits" ] || fail "SQLite has other rows: $(sql 'SELECT count(*) FROM exec')"
[ "$(sql 'PRAGMA integrity_check')" = ok ] || fail "SQLite: $(sql 'PRAGMA integrity_check')"
[ "$(sql "SELECT hex(args_raw) FROM exec WHERE args_raw IS NOT NULL" | grep -c '61FF225C0' )" = 1 ] || fail "SQLite: the exact bytes are not there"
[ "$(sql "SELECT count(*) FROM process WHERE exit_code = 3")" -ge 1 ] && [ "$(sql "SELECT count(*) FROM process WHERE signal = 9")" -ge 1 ] || fail "SQLite: ends are not joined"
sql "SELECT args FROM exec ORDER BY id" | jq -c . >"$TMP/got" && jq -c 'select(.type == "exec") | .args' "$TMP/live" | diff - "$TMP/got" >"$TMP/diff" || { show "$TMP/diff"; fail "SQLite: other arguments"; }
[ "$(sql "SELECT value FROM machine WHERE name = 'kernel'")" = "$(uname -r)" ] || fail "SQLite: no facts of the machine"
# Every query of the documentation, as it stands there; some of them find something in any recording.
mkdir "$TMP/sql"
awk -v dir="$TMP/sql" '/^```sql$/ { n++; inside = 1; next } /^```$/ { inside = 0 } inside { print >(dir "/" n) }' "$EBT_SOURCE/docs/sqlite.md"
[ "$(ls "$TMP/sql" | wc -l)" -ge 7 ] || fail "docs/sqlite.md has $(ls "$TMP/sql" | wc -l) queries"
for query in "$TMP/sql/"*; do
	sqlite3 -bail "$TMP/a.db" ".read $query" >"$query.out" 2>"$query.err" && [ ! -s "$query.err" ] || { cat "$query"; show "$query.err"; fail "a query of docs/sqlite.md fails"; }
done
[ "$(wc -l <"$TMP/sql/1.out")" -ge 2 ] || fail "docs/sqlite.md: the first query finds nothing"
cut=$(jq -s 'map(select(.type == "exec" and any(.flags[]; test("lost|truncated")))) | length' "$TMP/live")
[ "$(cat "$TMP/sql/7.out")" = "$(jq -s 'map(select(.type == "lost").count) | add // 0' "$TMP/live")|$cut" ] || fail "docs/sqlite.md: is the record whole? $(cat "$TMP/sql/7.out")"
"$EBT_BIN" -r "$TMP/a.rec" --sqlite "$TMP/a.db" -e >/dev/null || fail "a second run into the same database"
[ "$(sql 'SELECT count(DISTINCT run) FROM exec')" = 2 ] || fail "a second run is not told apart"
sqlite3 "$TMP/other.db" 'CREATE TABLE mine (x)'
"$EBT_BIN" -r "$TMP/a.rec" --sqlite "$TMP/other.db" -e >/dev/null 2>"$TMP/err" && fail "wrote into somebody else's database"

# Metrics: the text format to the letter, and the same numbers.
awk '
	function bad(why) { print NR ": " why ": " $0; failed = 1 }
	/^# HELP [a-z_:][a-zA-Z0-9_:]* [^ ].*\.$/ { help[$3] = 1; next }
	/^# TYPE [a-z_:][a-zA-Z0-9_:]* (counter|gauge)$/ { if (!help[$3] || $3 in type) bad("TYPE"); type[$3] = $4; name = $3; next }
	/^[a-z_:][a-zA-Z0-9_:]*(\{[a-z_]+="([^"\\]|\\.)*"(,[a-z_]+="([^"\\]|\\.)*")*\})? -?[0-9]+(\.[0-9]+)?(e[+-][0-9]+)?$/ {
		n = $0; sub(/[{ ].*/, "", n)
		if (n != name) bad("not below its TYPE")
		if (type[n] == "counter" && n !~ /_total$/) bad("a counter not named _total")
		if (type[n] == "gauge" && n ~ /_total$/) bad("a gauge named _total")
		k = $0; sub(/ [^ ]*$/, "", k); if (k in seen) bad("twice"); seen[k] = 1; samples++; next
	}
	{ bad("not the text format") }
	END { if (samples < 30) { print samples " samples"; failed = 1 } exit failed }' "$TMP/a.prom" >"$TMP/bad" || { show "$TMP/bad"; fail "metrics"; }
grep -qx "execbig_events_total{instance=\"a\",type=\"exec\"} $execs" "$TMP/a.prom" && grep -qx "execbig_events_total{instance=\"a\",type=\"exit\"} $exits" "$TMP/a.prom" || fail "metrics count other events"
grep -qE '^execbig_lost_events_total\{instance="a",cpu="0",reason="ring"\} 0$' "$TMP/a.prom" || fail "metrics: no losses by CPU"
if command -v promtool >/dev/null; then
	promtool check metrics <"$TMP/a.prom" >"$TMP/out" 2>&1 || { show "$TMP/out"; fail "promtool refuses the metrics"; }
fi
ls "$TMP"/*.tmp >/dev/null 2>&1 && fail "a temporary file is left behind"

# CSV and SQLite have each member of -J, and in each row the same number for it.
numbers=pid,ppid,tid,uid,euid,gid,egid,loginuid,sessionid,cgroup_id,pid_ns,mnt_ns,vpid,exe_dev,exe_ino,argc,args_bytes,args_captured,start_ns,parent_start_ns
ends=pid,ppid,uid,exit_code,signal,core_dumped,utime_ns,stime_ns,maxrss_bytes,lifetime_ns,start_ns
"$EBT_BIN" -r "$TMP/a.rec" --csv >"$TMP/a.csv" || fail "--csv"
inode="iif(exe_ino IS NULL, '', printf('%llu', exe_ino))"
for table in exec exit; do
	members=$numbers
	[ $table = exec ] || members=$ends
	# An inode may have 64 bits, which neither jq nor SQLite's integers hold.
	sed 's/"exe_ino":\([0-9]*\)/"exe_ino":"\1"/' "$TMP/live" | jq -r --arg table $table --arg members $members 'select(.type == $table) | . as $e | $members | split(",") |
		map($e[.] | if . == true then 1 elif . == false then 0 else . // "" end | tostring) | join("|")' >"$TMP/of-j"
	sqlite3 -cmd '.mode csv' -cmd ".import '$TMP/a.csv' csv" -cmd '.mode list' :memory: "SELECT $members FROM csv WHERE type = '$table'" >"$TMP/of-csv"
	[ -s "$TMP/of-j" ] && diff "$TMP/of-j" "$TMP/of-csv" >"$TMP/diff" || { show "$TMP/diff"; fail "--csv has other numbers for $table"; }
	sql "SELECT ${members/exe_ino/$inode} FROM $table WHERE run = 1 ORDER BY id" | diff "$TMP/of-j" - >"$TMP/diff" || { show "$TMP/diff"; fail "SQLite has other numbers for $table"; }
	jq -r --arg table $table 'select(.type == $table) | keys[]' "$TMP/live" | sort -u | grep -vxE 'v|type|args_b64|args_raw|.*_(b64|raw)' >"$TMP/members"
	grep -vxFf <(head -n 1 "$TMP/a.csv" | tr -d '\r' | tr , '\n') "$TMP/members" >"$TMP/out" && { show "$TMP/out"; fail "--csv lacks members of -J"; }
	grep -vxFf <(sql "SELECT name FROM pragma_table_info('$table')") "$TMP/members" >"$TMP/out" && { show "$TMP/out"; fail "SQLite lacks members of -J"; }
done

# Columns.
"$EBT_BIN" -r "$TMP/a.rec" -e -o pid,command | head -n 1 | grep -qx '  *PID COMMAND' || fail "-e -o"
# Every column of -e: those that -J has too are equal, event by event; the others are there.
columns=$("$EBT_BIN" -O | sed -n '/^Lines of -e/,/^$/s/^\([a-z0-9_]*\)  .*/\1/p' | paste -sd ,)
"$EBT_BIN" -r "$TMP/a.rec" -e -o "$columns" >"$TMP/wide" || fail "-e with all columns"
[ "$(head -n 1 "$TMP/wide" | wc -w)" = "$(tr ',' '\n' <<<"$columns" | wc -l)" ] || { show "$TMP/wide"; fail "-e: not a title for each column of $columns"; }
"$EBT_BIN" -r "$TMP/a.rec" -e -o pid,ppid,tid,vpid,uid,euid,gid,cpu,argc,args_bytes,comm,exe,filename,cwd,cgroup |
	awk 'NR > 1 { $1 = $1; print }' | grep -F " $EBT_TOOLS/nop " | sort >"$TMP/of-e"
"$EBT_BIN" -r "$TMP/a.rec" -J | jq -r --arg nop "$EBT_TOOLS/nop" 'select(.type == "exec" and .exe == $nop) |
	[.pid, .ppid, .tid, .vpid, .uid, .euid, .gid, .cpu, (.args | length), .args_bytes, .comm, .exe, .filename, .cwd, .cgroup] |
	map(tostring) | join(" ")' | sort >"$TMP/of-j"
[ -s "$TMP/of-j" ] || fail "no exec to compare the columns by"
diff "$TMP/of-j" "$TMP/of-e" >"$TMP/diff" || { show "$TMP/diff"; fail "columns of -e and members of -J differ"; }
"$EBT_BIN" -r "$TMP/a.rec" --csv -o args,pid,type | head -n 1 | tr -d '\r' | grep -qx 'args,pid,type' || fail "--csv -o"
"$EBT_BIN" -r "$TMP/a.rec" -e -o pid,nonsense >/dev/null 2>"$TMP/err"
[ $? = 2 ] && grep -q "no column 'nonsense'" "$TMP/err" || fail "an unknown column"
"$EBT_BIN" -r "$TMP/a.rec" -e | grep -qF "\\377" || fail "-e shows a byte as it is"
"$EBT_BIN" -r "$TMP/a.rec" -e --raw | LC_ALL=C grep -qa "$(printf 'a\377"')" || fail "--raw escapes"
