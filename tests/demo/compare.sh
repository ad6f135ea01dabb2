#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The comparison itself: what differs in more than numbers is found.
. "$(dirname "$0")/../lib/test.sh"
. "$(dirname "$0")/lib.sh"

# verdict YES|NO WANT GOT
verdict() {
	printf '%b' "$2" >"$TMP/want"
	printf '%b' "$3" >"$TMP/got"
	if same "$TMP/want" "$TMP/got" >"$TMP/why"; then
		[ "$1" = YES ] || fail "found the same: '$2' and '$3'"
	else
		[ "$1" = NO ] || { show "$TMP/why"; fail "found different: '$2' and '$3'"; }
		[ -s "$TMP/why" ] || fail "does not say where: '$2' and '$3'"
	fi
}
verdict YES 'a 1 b\n' 'a 22 b\n'
verdict YES '12:03:04.567  at 0xff1\n' '01:00:00.001 at 0x2\n'
verdict YES 'x 01 02 03 ff y\n' 'x aa bb cc dd y\n'
verdict YES 'n -1,568\n' 'n 4\n'
verdict NO 'a 1 b\n' 'a 1 c\n'
verdict NO 'a\nb\n' 'a\n'
verdict NO 'a\n' 'a\nb\n'
verdict NO 'as expected: x\n' 'NOT AS EXPECTED: x\n'
verdict YES 'a\n[…]\nd\n' 'a\nb\nc\nd\n'
verdict YES 'a\n[…]\n' 'a\nb\nc\n'
verdict NO 'a\n[…]\ne\n' 'a\nb\nc\nd\n'
verdict NO '[…]\nb\nd\n' 'a\nb\nc\nd\n'
exit 0
