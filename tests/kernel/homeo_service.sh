#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# As a service: READY=1 when it answers, not before, and STOPPING=1 at its end, to a socket with a path or an abstract name;
# without one all the same. The unit is what systemd wants of one, and an installation has it with the program's own path.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/../lib/homeo.sh"

need_kernel
told() {
	local name=$1
	spawn "$TMP/told" "$TMP/told.err" "$EBT_TOOLS/notified" "$name"
	wait_for 5 "the socket is there" grep -q bound "$TMP/told"
	export NOTIFY_SOCKET=$name
	spawn "$TMP/daemon.out" "$TMP/daemon.err" "$EBT_BIN" daemon --socket "$SOCKET" --no-save --cache-dir "$EBT_CACHE"
	DAEMON=$SPAWN_PID
	unset NOTIFY_SOCKET
	wait_for 30 "READY=1 at $name" grep -qx 'READY=1' "$TMP/told"
	ask status >/dev/null || fail "READY=1 before it answers"
	grep -q STOPPING "$TMP/told" && fail "STOPPING=1 too early"
	daemon_stop
	[ "$STATUS" = 0 ] || fail "exit status $STATUS"
	wait_for 5 "STOPPING=1 at $name" grep -qx 'STOPPING=1' "$TMP/told"
	[ "$(wc -l <"$TMP/told")" = 3 ] || { show "$TMP/told"; fail "it says more than that"; }
}
told "$TMP/notify"
told "@ebt-test-$$"
NOTIFY_SOCKET=$TMP/nobody daemon_start
grep -q 'cannot tell systemd' "$TMP/daemon.err" || fail "a socket that nobody listens at is not worth a word"
daemon_stop

unit=$(dirname "$EBT_BIN")/execbig-top.service
[ -f "$unit" ] || fail "the build has no unit"
exec_start=$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$unit")
[ "${exec_start:0:1}" = / ] || fail "ExecStart is '$exec_start'"
for line in Type=notify StateDirectory=execbig-top CacheDirectory=execbig-top NoNewPrivileges=yes; do
	grep -qx "$line" "$unit" || fail "the unit lacks $line"
done
if command -v systemd-analyze >/dev/null; then
	# What is installed nowhere cannot be run: the copy that is looked at names the program of this build.
	sed "s|^ExecStart=[^ ]*|ExecStart=$EBT_BIN|" "$unit" >"$TMP/execbig-top.service"
	systemd-analyze verify --man=no "$TMP/execbig-top.service" >"$TMP/verify" 2>&1 || { show "$TMP/verify"; fail "systemd-analyze verify"; }
	grep -F "$TMP/execbig-top.service" "$TMP/verify" && fail "systemd-analyze has something to say"
	sed 's/^Type=.*/Type=nonsense/' "$TMP/execbig-top.service" >"$TMP/wrong.service"
	systemd-analyze verify --man=no "$TMP/wrong.service" 2>&1 | grep -q 'wrong.service' || fail "systemd-analyze finds nothing in a wrong unit"
fi

# With exactly the capabilities of the unit it starts and sees what programs do.
set=-all
for capability in $(sed -n 's/^CapabilityBoundingSet=//p' "$unit"); do
	capability=${capability#CAP_}
	set=$set,+${capability,,}
done
spawn "$TMP/daemon.out" "$TMP/daemon.err" setpriv --bounding-set="$set" --no-new-privs "$EBT_BIN" daemon --socket "$SOCKET" \
	--profiles "$TMP/profiles" --cache-dir "$TMP/cold" --debug
DAEMON=$SPAWN_PID
answers() { ask status >/dev/null 2>&1; }
wait_for 10 "the daemon answers with the unit's capabilities" answers
"$EBT_TOOLS/nop"
wait_for 10 "it sees a program" grep -q -F "$EBT_TOOLS/nop" "$TMP/daemon.out"
grep -q '^CapBnd:[[:space:]]*000001ffffffffff' "/proc/$DAEMON/status" && fail "the daemon has all capabilities: the check proves nothing"
daemon_stop
[ "$STATUS" = 0 ] || fail "with the unit's capabilities: exit status $STATUS"
grep -i -e 'not permitted' -e 'denied' "$TMP/daemon.err" && fail "the unit's capabilities are not enough"
exit 0
