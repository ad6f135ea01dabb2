#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Every output to every kind of place does what the table of docs/outputs.md says, and never more: what is refused stays as it
# was, a device stays a device, a link a link.
. "$(dirname "$0")/../lib/test.sh"

need_root
need jq sqlite3
"$EBT_TOOLS/recgen" "$TMP/a.rec" 40 || fail "no recording"

# write OUTPUT PLACE: what the replay writes to PLACE, standard output in $TMP/out.
write() {
	case $1 in
	-w) set -- -w "$2" ;;
	'-w --rotate') set -- -w "$2" --rotate 64K ;;
	--sqlite | --metrics) set -- "$1" "$2" ;;
	'export -o')
		limit 30 "$EBT_BIN" export json -r "$TMP/a.rec" -o "$2" >"$TMP/out" 2>"$TMP/err"
		return
		;;
	*) fail "an output that this test does not know: $1" ;;
	esac
	# Lines go where they meet no recording.
	case $2 in
	- | /dev/stdout) limit 30 "$EBT_BIN" -r "$TMP/a.rec" "$@" >"$TMP/out" 2>"$TMP/err" ;;
	*) limit 30 "$EBT_BIN" -r "$TMP/a.rec" -e "$@" >/dev/null 2>"$TMP/err" ;;
	esac
}

# is_ours OUTPUT FILE: FILE is what OUTPUT writes.
is_ours() {
	case $1 in
	-w*) "$EBT_BIN" -r "$2" -J 2>/dev/null | grep -q '"type":"exec"' ;;
	--sqlite) [ "$(sqlite3 "$2" 'SELECT count(*) > 0 FROM exec' 2>/dev/null)" = 1 ] ;;
	--metrics) grep -q '^execbig_' "$2" ;;
	'export -o') grep -q '"type":"exec"' "$2" ;;
	esac
}

# prepare KIND PLACE: what stands there before.
prepare() {
	rm -f "$2" "$2".* "$2"-* "$TMP/target" "$TMP/target"*
	case $1 in
	'an earlier one') write "$output" "$2" || fail "$output: no earlier one: $(cat "$TMP/err")" ;;
	'another file') printf 'a letter' >"$2" ;;
	'a device') mknod "$2" c 1 3 || skip "cannot make a device here" ;;
	'a FIFO')
		mkfifo "$2"
		spawn "$TMP/read" /dev/null cat "$2"
		;;
	'a link')
		write "$output" "$TMP/target" || fail "$output: no earlier one: $(cat "$TMP/err")"
		ln -s target "$2"
		;;
	esac
}

# outcome OUTPUT KIND PLACE STATUS: one word for what has happened.
outcome() {
	local place=$3
	case $2 in
	'`-`' | '`/dev/stdout`')
		[ ! -e ./- ] || { echo "made-a-file-of-that-name"; return; }
		[ "$4" = 0 ] || { echo refused; return; }
		is_ours "$1" "$TMP/out" && echo written || echo lost
		return
		;;
	'a device') [ -c "$place" ] || { echo destroyed; return; } ;;
	'a FIFO') [ -p "$place" ] || { echo destroyed; return; } ;;
	'a link')
		[ -L "$place" ] || { echo destroyed; return; }
		place=$TMP/target
		;;
	esac
	if [ "$4" != 0 ]; then
		[ "$2" != 'another file' ] || [ "$(cat "$place")" = 'a letter' ] || { echo destroyed; return; }
		echo refused
		return
	fi
	case $2 in
	'nothing there') is_ours "$1" "$place" && echo made ;;
	'a device') echo written ;;
	'a FIFO') wait_until 10 is_ours "$1" "$TMP/read" && echo written ;;
	*)
		is_ours "$1" "$place" || { echo lost; return; }
		if [ -e "$place.1" ]; then echo "moved"
		elif [ "$(stat -c %i "$place")" = "$before" ]; then echo "added-to"
		else echo "replaced"; fi
		;;
	esac
}
cd "$TMP" || exit 1
wrong=0
rows=0
while IFS='|' read -r _ output cells; do
	output=$(sed 's/^[ `]*//; s/[ `]*$//' <<<"$output")
	IFS='|' read -r -a cells <<<"$cells"
	IFS='|' read -r -a names < <(grep '^| output |' "$EBT_SOURCE/docs/outputs.md" | cut -d'|' -f3-)
	rows=$((rows + 1))
	for i in "${!names[@]}"; do
		kind=$(sed 's/^ *//; s/ *$//' <<<"${names[$i]}")
		want=$(sed 's/^ *//; s/[ ,].*//' <<<"${cells[$i]:- }")
		[ -n "$kind" ] || continue
		place=$TMP/place
		prepare "$kind" "$place"
		case $kind in '`-`') place=- ;; '`/dev/stdout`') place=/dev/stdout ;; esac
		before=$(stat -L -c %i "$place" 2>/dev/null)
		write "$output" "$place"
		got=$(outcome "$output" "$kind" "$place" $?)
		[ "$got" = "$want" ] || { say "$output to $kind: $got, and the table says $want: $(head -n 1 "$TMP/err")"; wrong=$((wrong + 1)); }
	done
done < <(grep '^| `' "$EBT_SOURCE/docs/outputs.md")
[ "$rows" -ge 5 ] || fail "the table has $rows rows"
[ "$wrong" = 0 ] || fail "$wrong cells are wrong"
