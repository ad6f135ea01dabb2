#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Links, FIFOs and devices planted where -w, --sqlite, --metrics and export write for a user of sudo: what that user may not
# write stays as it is, nothing waits for ever, and a sentence says why.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"

need_kernel
USER_ID=12345
chmod 0711 "$TMP"
HOME_DIR=$TMP/user ROOT_DIR=$TMP/root
mkdir "$HOME_DIR" && mkdir -m 0700 "$ROOT_DIR"
chown "$USER_ID:$USER_ID" "$HOME_DIR"

# Things of root's that a recording, a database or nothing at all could pass for: only rights protect them.
run() { limit 20 env SUDO_UID=$USER_ID SUDO_GID=$USER_ID "$EBT_BIN" --cache-dir "$EBT_CACHE" "$@" -- "$EBT_TOOLS/nop" "$MARK" >"$TMP/out" 2>"$TMP/err" </dev/null; }
"$EBT_BIN" --cache-dir "$EBT_CACHE" -e -w "$ROOT_DIR/a.rec" --sqlite "$ROOT_DIR/a.db" -- "$EBT_TOOLS/nop" "$MARK" >/dev/null || fail "root's own files"
: >"$ROOT_DIR/empty"
echo secret >"$ROOT_DIR/a.txt"
chmod 0600 "$ROOT_DIR"/*
state() { (cd "$ROOT_DIR" && stat -c '%n %s %a %u %h %y %F' -- * && sha256sum -- *); }

# unharmed WHAT: root's directory is as it was.
unharmed() { state | cmp -s "$TMP/state" - || { state | diff "$TMP/state" - | sed 's/^/    /'; fail "$1: root's files have changed"; }; }
# refused WHAT OPTION…: status 1, one sentence, root's files as they were.
refused() {
	local status what=$1
	shift
	run "$@"
	status=$?
	[ "$status" = 1 ] || { show "$TMP/err"; fail "$what: exit status $status"; }
	grep -q '^execbig-top: cannot write' "$TMP/err" || { show "$TMP/err"; fail "$what: no sentence"; }
	unharmed "$what"
}
accepted() {
	local what=$1
	shift
	run "$@" || { show "$TMP/err"; fail "$what: exit status $?"; }
	unharmed "$what"
}
fresh() { rm -rf "${HOME_DIR:?}"/*; }
as_user() { setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups "$@"; }

# Links to what is there, to what is not, and a second name of it.
state >"$TMP/state"
for target in a.rec a.db empty a.txt new; do
	fresh
	as_user ln -s "$ROOT_DIR/$target" "$HOME_DIR/link"
	refused "-w on a link to $target" -e -w "$HOME_DIR/link"
	refused "--sqlite on a link to $target" -e --sqlite "$HOME_DIR/link"
	# A rename would put a file in the place of the link.
	refused "--metrics on a link to $target" -e --metrics "$HOME_DIR/link"
	[ -L "$HOME_DIR/link" ] && [ "$(ls "$HOME_DIR")" = link ] || fail "--metrics on a link: $(ls -l "$HOME_DIR")"
done
fresh
ln "$ROOT_DIR/a.rec" "$HOME_DIR/hard.rec"
ln "$ROOT_DIR/a.db" "$HOME_DIR/hard.db"
state >"$TMP/state"
refused "-w on a second name" -e -w "$HOME_DIR/hard.rec"
refused "--sqlite on a second name" -e --sqlite "$HOME_DIR/hard.db"
fresh
state >"$TMP/state"

# Root without sudo follows no link of a user's, and its own ones.
for where in link dir/new; do
	for option in -w --sqlite --metrics; do
		as_user ln -s "$ROOT_DIR/new" "$HOME_DIR/link"
		as_user ln -s "$ROOT_DIR" "$HOME_DIR/dir"
		"$EBT_BIN" --cache-dir "$EBT_CACHE" -e "$option" "$HOME_DIR/$where" -- "$EBT_TOOLS/nop" "$MARK" >/dev/null 2>"$TMP/err" && fail "root's $option by a user's link"
		grep -q "^execbig-top: cannot write $HOME_DIR/$where: '.*' on the way is a symbolic link of user $USER_ID" "$TMP/err" ||
			{ show "$TMP/err"; fail "root's $option by a user's link: no sentence"; }
		unharmed "root's $option by a user's link"
		fresh
	done
done
# So it is with the directory of profiles, the daemon's socket and the cache, which a run may go on without.
as_user ln -s "$ROOT_DIR" "$HOME_DIR/dir"
for option in "--profiles" "--socket"; do
	command=(-e --homeostasis)
	[ $option = --profiles ] || command=(daemon)
	limit 20 "$EBT_BIN" "${command[@]}" $option "$HOME_DIR/dir/new" >/dev/null 2>"$TMP/err" && fail "root's $option by a user's link"
	grep -q "'.*' on the way is a symbolic link of user $USER_ID" "$TMP/err" || { show "$TMP/err"; fail "root's $option by a user's link: no sentence"; }
	unharmed "root's $option by a user's link"
done
"$EBT_BIN" --cache-dir "$HOME_DIR/dir/new" -e -- "$EBT_TOOLS/nop" "$MARK" >/dev/null 2>"$TMP/err" || { show "$TMP/err"; fail "root's --cache-dir by a user's link"; }
grep -q "warning: .*'.*' on the way is a symbolic link of user $USER_ID" "$TMP/err" || { show "$TMP/err"; fail "root's --cache-dir by a user's link: no sentence"; }
unharmed "root's --cache-dir by a user's link"
rm -f "$HOME_DIR/dir"
# A copy that is set-user-ID would do everything with root's rights, and does nothing.
mkdir "$TMP/suid" && cp "$EBT_BIN" "$TMP/suid/top" && chmod 4755 "$TMP/suid/top" && chmod 0711 "$TMP"
for what in "-e -w $ROOT_DIR/new -- /bin/true" "-J -r $ROOT_DIR/new" "check" "--version"; do
	# shellcheck disable=SC2086 # words
	limit 20 setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups "$TMP/suid/top" $what >"$TMP/out" 2>"$TMP/err" && fail "a set-user-ID copy runs: $what"
	grep -q "does not run set-user-ID" "$TMP/err" && [ ! -s "$TMP/out" ] || { show "$TMP/err"; fail "a set-user-ID copy, $what: no sentence"; }
	unharmed "a set-user-ID copy, $what"
done
mkdir "$TMP/links"
for option in -w --sqlite --metrics; do
	ln -s "target$option" "$TMP/links/link"
	"$EBT_BIN" --cache-dir "$EBT_CACHE" -e "$option" "$TMP/links/link" -- "$EBT_TOOLS/nop" "$MARK" >/dev/null 2>"$TMP/err" || { show "$TMP/err"; fail "$option by a link of root's"; }
	[ -L "$TMP/links/link" ] && [ -s "$TMP/links/target$option" ] || fail "$option by a link of root's: $(ls -l "$TMP/links")"
	rm "$TMP/links/link"
done

# A directory of root's, and one on the way.
for option in -w --sqlite --metrics; do
	refused "$option in root's directory" -e "$option" "$ROOT_DIR/new"
	as_user ln -s "$ROOT_DIR" "$HOME_DIR/dir"
	refused "$option by a link to root's directory" -e "$option" "$HOME_DIR/dir/new"
	fresh
done

# Names that come later: parts of a recording, SQLite's journals, the metrics file before it is renamed.
many='for i in $(seq 24); do "$1" "$(head -c 60000 /dev/urandom | base64 -w 0)"; done'
for n in 1 2; do as_user ln -s "$ROOT_DIR/a.rec" "$HOME_DIR/p.rec.$n"; done
for name in d.db-journal d.db-wal d.db-shm; do as_user ln -s "$ROOT_DIR/a.db" "$HOME_DIR/$name"; done
as_user sh -c 'i=0; while [ $i -lt 300 ]; do ln -s "$1" "$2.$(($3 + i)).tmp"; i=$((i + 1)); done' - "$ROOT_DIR/a.txt" "$HOME_DIR/m.prom" $$
limit 60 env SUDO_UID=$USER_ID SUDO_GID=$USER_ID "$EBT_BIN" --cache-dir "$EBT_CACHE" -e -w "$HOME_DIR/p.rec" --rotate 64K --sqlite "$HOME_DIR/d.db" \
	--metrics "$HOME_DIR/m.prom" -- bash -c "$many" - "$EBT_TOOLS/nop" >"$TMP/out" 2>"$TMP/err"
status=$?
[ "$status" -le 1 ] || { show "$TMP/err"; fail "names that come later: exit status $status"; }
[ "$status" = 0 ] || grep -q '^execbig-top: ' "$TMP/err" || fail "names that come later: no sentence"
unharmed "names that come later"
fresh

# A FIFO is written to or refused, a device is left one; nobody waits.
for option in -w --sqlite --metrics; do
	as_user mkfifo "$HOME_DIR/fifo"
	run -e "$option" "$HOME_DIR/fifo"
	status=$?
	[ "$status" -le 1 ] || { show "$TMP/err"; fail "$option on a FIFO: exit status $status"; }
	[ "$status" = 0 ] || grep -q "^execbig-top: cannot write $HOME_DIR/fifo" "$TMP/err" || { show "$TMP/err"; fail "$option on a FIFO: no sentence"; }
	[ -p "$HOME_DIR/fifo" ] || fail "$option on a FIFO: $(ls -l "$HOME_DIR")"
	fresh
done
# A node of our own, what /dev/null is: as the user of sudo, and as root, who could replace it.
if mknod -m 0666 "$HOME_DIR/null" c 1 3 2>/dev/null; then
	device=$(stat -c '%F %t %T %a %u %i' "$HOME_DIR/null")
	same_device() { [ "$(stat -c '%F %t %T %a %u %i' "$HOME_DIR/null")" = "$device" ] || fail "$1 on a device: it is now $(ls -l "$HOME_DIR")"; }
	if : >"$HOME_DIR/null"; then
		accepted "-w on a device" -e -w "$HOME_DIR/null"
		same_device -w
	fi
	refused "--metrics on a device" -e --metrics "$HOME_DIR/null"
	same_device --metrics
	"$EBT_BIN" --cache-dir "$EBT_CACHE" -e --metrics "$HOME_DIR/null" -- "$EBT_TOOLS/nop" "$MARK" >/dev/null 2>"$TMP/err" && fail "--metrics of root on a device"
	grep -q "^execbig-top: cannot write $HOME_DIR/null: it is a device" "$TMP/err" || { show "$TMP/err"; fail "--metrics of root on a device: no sentence"; }
	same_device "--metrics of root"
	fresh
else
	say "no device can be made here"
fi

# What export writes, with the same rights; the file is there as a whole or as it was.
accepted "a recording of the user's" -e -w "$HOME_DIR/u.rec"
as_user ln -s "$ROOT_DIR/a.txt" "$HOME_DIR/out"
SUDO_UID=$USER_ID SUDO_GID=$USER_ID limit 20 "$EBT_BIN" export json -r "$HOME_DIR/u.rec" -o "$HOME_DIR/out" 2>"$TMP/err" && fail "export on a link to root's file"
grep -q "^execbig-top: cannot write $HOME_DIR/out: Permission denied" "$TMP/err" || { show "$TMP/err"; fail "export on a link: no sentence"; }
unharmed "export on a link"
[ -L "$HOME_DIR/out" ] || fail "export on a link: $(ls -l "$HOME_DIR/out")"
# A link to a file of the user's stays a link; its file gets the export and keeps its owner and its mode.
as_user sh -c 'echo old >"$1/own" && chmod 0600 "$1/own" && ln -sf own "$1/out"' - "$HOME_DIR"
SUDO_UID=$USER_ID SUDO_GID=$USER_ID limit 20 "$EBT_BIN" export json -r "$HOME_DIR/u.rec" -o "$HOME_DIR/out" 2>"$TMP/err" || { show "$TMP/err"; fail "export on a link"; }
[ -L "$HOME_DIR/out" ] && [ "$(stat -c '%u %a %F' "$HOME_DIR/own")" = "$USER_ID 600 regular file" ] || fail "export on a link: $(ls -l "$HOME_DIR")"
grep -q "$MARK" "$HOME_DIR/own" || fail "export on a link: its file has no export"
# By root itself too.
limit 20 "$EBT_BIN" export json -r "$HOME_DIR/u.rec" -o "$HOME_DIR/own" || fail "export of root"
[ "$(stat -c '%u %a' "$HOME_DIR/own")" = "$USER_ID 600" ] || fail "export of root: $(ls -l "$HOME_DIR")"
SUDO_UID=$USER_ID SUDO_GID=$USER_ID limit 20 "$EBT_BIN" export json -r "$HOME_DIR/u.rec" -o "$ROOT_DIR/out" 2>"$TMP/err" && fail "export into root's directory"
unharmed "export into root's directory"
# And what it reads: root's recording is not the user's to see.
SUDO_UID=$USER_ID SUDO_GID=$USER_ID limit 20 "$EBT_BIN" -r "$ROOT_DIR/a.rec" -J >"$TMP/out" 2>"$TMP/err" && fail "read root's recording"
grep -q 'Permission denied' "$TMP/err" && [ ! -s "$TMP/out" ] || { show "$TMP/err"; fail "root's recording: no sentence"; }
exit 0
