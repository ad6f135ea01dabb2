#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The form of the setup screen: arguments, environment, transport, failed execs and filters changed while it traces, and seen in
# what is traced from then on; what cannot be is refused with a reason.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/../lib/ebt.sh"
. "$(dirname "$0")/tui.sh"

need_tui
need_kernel
need setpriv

# The tools where nobody may run them.
mkdir "$TMP/bin"
cp "$EBT_TOOLS/nop" "$TMP/bin/nop"
chmod 0755 "$TMP/bin" "$TMP/bin/nop"
as_nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
# value DOWNS LABEL TEXT: types TEXT for the value so many lines below.
value() {
	for ((i = 0; i < $1; i++)); do tui_keys Down; done
	tui_keys Enter
	tui_wait 5 "^$2:" "the prompt for $2"
	tui_keys C-u
	[ -z "$3" ] || tui_type "$3"
	tui_keys Enter
}
tui_open 170 40
tui_start -m "$MARK"
tui_exec "$MARK-before"
tui_wait 5 "$MARK-before"

# Everything at once, one swap.
tui_keys F2 Home
value 2 Arguments 200
tui_wait 5 'Arguments +all +> 200'
value 1 Environment all
tui_wait 5 'Environment +off +> all'
tui_keys Down Down Right
tui_wait 5 'Transport +ring +> perf'
tui_keys Down Right
tui_wait 5 'Failed execs +off +> on'
value 1 User nobody
tui_wait 5 'User +- +> nobody'
tui_keys F5
tui_wait 60 'Failed execs +on +may' "applied"
for row in 'Arguments +200 ' 'Environment +all ' 'Transport +perf ' 'User +nobody'; do
	tui_wait 5 "$row" "what runs"
done
"$EBT_BIN" tune --pid "$EBT_PID" >"$TMP/tuned" || fail "tune"
grep -q -- "^generation 2: .* --args 200 --env=all --transport perf --failed --poll 50 -u nobody -m $MARK" "$TMP/tuned" || fail "what runs: $(cat "$TMP/tuned")"
tui_keys Escape
tui_exec "$MARK-root"
as_nobody "$TMP/bin/none" "$MARK-none" 2>/dev/null
tui_wait 10 "ENOENT .*$MARK-none" "one that failed"
# Only now: with a buffer each, events of two CPUs come in the order of the CPUs.
as_nobody "$TMP/bin/nop" "$MARK-nobody" "$(head -c 500 /dev/zero | tr '\0' x)"
tui_wait 10 "nobody +T .*$MARK-nobody" "an exec of nobody, its arguments cut"
tui_has "$MARK-root" && { tui_screen | sed 's/^/    |/'; fail "an exec of root, which is filtered out"; }
# The environment is there.
tui_keys Up Down Enter
tui_wait 5 'Arguments \(200 of [0-9]+ bytes' "details"
tui_keys End
tui_wait 5 '^ +[0-9]+ LC_ALL=C\.UTF-8' "the environment, below all"
tui_keys Escape

# A filter that cannot be; then none.
tui_keys F2 Home
value 11 Cgroup /no/such/cgroup
tui_keys F5
tui_wait 10 'Refused, what ran runs on: --cgroup /no/such/cgroup: there is no such cgroup' "why not"
tui_wait 5 'Cgroup +- +> /no/such/cgroup' "what runs, and what was typed"
tui_keys Home
value 11 Cgroup ''
tui_keys Home
value 8 Processes 0
tui_keys F5
tui_wait 5 "processes cannot be '0': allowed are at most 64 process ids" "why not"
tui_wait 5 "Refused, what ran runs on: processes cannot be '0'" "the reason of this one"
tui_keys Home
value 8 Processes ''
tui_keys Home
value 7 User ''
# What somebody else changes while this is typed stays as they want it.
"$EBT_BIN" tune --pid "$EBT_PID" -c '^nop$' --ring 1M >"$TMP/tuned" || fail "tune"
tui_wait 5 'Ring +1.0M  ' "the new ring, which nobody typed"
tui_wait 5 'User +nobody +> -'
tui_keys F5
tui_wait 10 'User +- ' "the filter is gone"
"$EBT_BIN" tune --pid "$EBT_PID" >"$TMP/tuned" || fail "tune"
grep -q -- "--ring 1048576 .* -c '^nop\$' -m $MARK" "$TMP/tuned" || fail "what runs: $(cat "$TMP/tuned")"
tui_keys Escape
tui_exec "$MARK-again"
tui_wait 10 "$MARK-again" "an exec of root"
tui_keys F10
tui_wait 10 'ended=0'
