#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A build of 200 C files, more than 1,400 execs, watched by strace and by execbig-top at the same time: the same execs, the same
# arguments, the same results, failed ones included, and the same ends of all processes.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
need strace make gcc
DIRS=10
FILES=20

# A project with sub-makes; a header is made by a shell recipe for each file, names and definitions need quoting.
generate() {
	local d f
	mkdir -p "$1"
	printf '#define NUMBER @N@ /* from a template */\n' >"$1/template"
	printf 'ALL := %s\nall: $(ALL)\n\t@echo "made: $(ALL)" | cat >log\n$(ALL):\n\t$(MAKE) -C $@ NAME='"'two words'"'\n.PHONY: all $(ALL)\n' \
		"$(seq -s ' ' -f 'd%g' "$DIRS")" >"$1/Makefile"
	for d in $(seq "$DIRS"); do
		mkdir "$1/d$d"
		cat >"$1/d$d/Makefile" <<'MAKE'
OBJECTS := $(patsubst %.c,%.o,$(wildcard *.c))
lib.a: $(OBJECTS)
	ar rc $@ $^
$(OBJECTS): %.o: %.c %.h
	gcc -O0 -DTEXT='"a \"b\" $$c\t$*"' -DNAME="\"$(NAME)\"" -include $*.h -c -o $@ $<
$(OBJECTS:.o=.h): %.h: %.c ../template
	@sed -e "s/@N@/`basename $* | tr -cd 0-9`/" ../template >$@ && cmp -s $@ ../template || : 'differs; $@'
MAKE
		for f in $(seq "$FILES"); do
			printf 'const char *f_%d_%d(void) { return NUMBER ? TEXT : NAME; }\n' "$d" "$f" >"$1/d$d/f$f.c"
		done
	done
}
generate "$TMP/project"

mkdir "$TMP/strace"
# -A appends: where process ids wrap, two processes share a file.
PATH=/nonexistent/first:/nonexistent:$PATH limit 170 "$EBT_BIN" --cache-dir "$EBT_CACHE" -J -x -- strace -ff -A -s 1000000 -xx \
	-e trace=execve,execveat -e signal=none -o "$TMP/strace/st" make -r -s -j2 -C "$TMP/project" </dev/null >"$TMP/out" 2>"$TMP/err" ||
	{ show "$TMP/err"; fail "the build under execbig-top and strace failed"; }
[ "$(find "$TMP/project" -name lib.a | wc -l)" = "$DIRS" ] || fail "the build did not build"
seen "$TMP/out" '.type == "note" and .text == "summary"' | jq -e '.law and .lost_ring == 0 and .lost_busy == 0 and (.cpus | map(.cut_ring) | add) == 0' \
	>/dev/null || fail "events were lost, or the accounting is broken: $(tail -n 1 "$TMP/out" | cut -c 1-300)"

# Both to lines "PID RESULT NAME ARG…", texts as in a URL. strace: one file a process, all strings as \xHH.
cat >"$TMP/strace.awk" <<'AWK'
BEGIN {
	for (i = 1; i < 256; i++) {
		c = sprintf("%c", i)
		code[sprintf("%02x", i)] = c ~ /[A-Za-z0-9_.~-]/ ? c : sprintf("%%%02X", i)
	}
}
function text(hex,    n, part, i, out) {
	n = split(hex, part, /\\x/)
	out = ""
	for (i = 2; i <= n; i++) out = out code[part[i]]
	return "=" out
}
FNR == 1 { pid = FILENAME; sub(/.*\./, "", pid) }
/^execve(at)?\(/ {
	result = $0
	sub(/.*\) *= */, "", result)
	split(result, word, " ")
	result = word[1] == "0" ? "0" : word[2]
	line = $0
	out = ""
	while (match(line, /"[^"]*"/)) {
		out = out " " text(substr(line, RSTART + 1, RLENGTH - 2))
		line = substr(line, RSTART + RLENGTH)
	}
	print pid, result out
	next
}
/^\+\+\+ (exited with|killed by)/ {
	print pid, "end", $2, $4 > ends
}
AWK
awk -v ends="$TMP/want.ends" -f "$TMP/strace.awk" "$TMP"/strace/st.* | sort >"$TMP/want" || fail "cannot read strace's output"
# jq 1.6 leaves five characters more as they are than 1.7.
cat >"$TMP/line.jq" <<'JQ'
def uri: @uri | split("'") | join("%27") | split("!") | join("%21") | split("*") | join("%2A") | split("(") | join("%28") | split(")") | join("%29");
[(.pid | tostring), (.ret | tostring), "=" + (.filename | uri)] + (.args | map("=" + uri)) | join(" ")
JQ
# Error numbers to names: from the C library's own list as gcc knows it.
echo '#include <errno.h>' | gcc -E -dM - | awk '/^#define E[A-Z0-9]+ [0-9]+$/ { print $3, $2 }' >"$TMP/errno"
awk '/"type":"exec"/' "$TMP/out" | jq -r -f "$TMP/line.jq" |
	awk -v file="$TMP/errno" 'BEGIN { while ((getline < file) > 0) name[-$1] = $2 }
		{ if ($2 in name) $2 = name[$2]; print }' | sort >"$TMP/got.all"
# strace's own exec is the command's; strace does not see it.
grep -v -F -- " =-ff =-A =-s =" "$TMP/got.all" | awk '{ $1 = $1; print }' >"$TMP/got"
[ "$(wc -l <"$TMP/got.all")" -gt "$(wc -l <"$TMP/got")" ] || fail "the exec of the command itself is not there"
diff "$TMP/want" "$TMP/got" >"$TMP/diff" || {
	show "$TMP/diff"
	fail "$(grep -c '^<' "$TMP/diff") execs only strace saw, $(grep -c '^>' "$TMP/diff") only execbig-top (of $(wc -l <"$TMP/want"))"
}
execs=$(awk '$2 == "0"' "$TMP/want" | wc -l)
failures=$(awk '$2 != "0"' "$TMP/want" | wc -l)
[ "$execs" -ge 1400 ] || fail "only $execs execs: not the build that was meant"
[ "$failures" -ge 100 ] || fail "only $failures failed execs: not the build that was meant"
seen "$TMP/out" '.type == "exec" and .flags != []' >"$TMP/flagged"
[ -s "$TMP/flagged" ] && { show "$TMP/flagged"; fail "$(wc -l <"$TMP/flagged") execs are not whole"; }

# Ends: every process, by status. strace's own processes are the command and a child that it uses to try ptrace.
awk '{ print $1, $4 }' "$TMP/want.ends" | sort >"$TMP/want.ended"
awk '{ print $1 }' "$TMP/want.ended" | sort -u >"$TMP/pids"
seen "$TMP/out" '.type == "exit"' | jq -r '"\(.pid) \(.exit_code // "SIG\(.signal)")"' | sort |
	awk -v file="$TMP/pids" 'BEGIN { while ((getline < file) > 0) traced[$1] } $1 in traced' >"$TMP/got.ended"
diff "$TMP/want.ended" "$TMP/got.ended" >"$TMP/diff" || { show "$TMP/diff"; fail "ends differ (strace <, execbig-top >)"; }
say "$execs execs, $failures failed ones and $(wc -l <"$TMP/want.ended") exits agree with strace"
