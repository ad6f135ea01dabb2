#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# soak.sh [TIME [DIR]] - execbig-top for hours under load: TIME is 30s, 10m, 2h or a number of hours (10m). A live view on
# a terminal of its own traces one user, who runs programs in rounds of a minute, while parameters are
# tuned, keys pressed and the terminal resized at random. Between rounds everything comes to rest: then every count must
# be equal to what the load counted itself, the accounting must hold on every CPU, and memory and descriptors are read. Prints a
# table row a round and a verdict; exit status 0 when all held. DIR keeps soak.tsv (a sample every five seconds).
# EBT_BIN and EBT_TOOLS name another build; SOAK_SEED repeats a run's random choices, SOAK_ROUND sets the seconds of a
# round, SOAK_RATE the execs a second (0: all that the machine can), SOAK_UID the user (one who runs nothing else).
here=$(cd "$(dirname "$0")" && pwd)
usage() { printf 'usage: soak.sh [TIME [DIR]], TIME as in 30s, 10m, 2h or a number of hours\n' >&2 && exit 2; }
[[ ${1:-10m} =~ ^[1-9][0-9]*[smh]?$ ]] || usage
if [ -z "${EBT_BIN:-}" ]; then
	. "$here/lib.sh"
	ebt_install "${EBT_BUILD_PACKAGES[@]}" "${EBT_TEST_PACKAGES[@]}"
	ebt_build build "" -DCMAKE_BUILD_TYPE=Release -DEBT_TESTS=ON
	set +e
fi
. "$here/../tests/lib/test.sh"
. "$here/../tests/lib/ebt.sh"
. "$here/../tests/tui/tui.sh"

ROUND=${SOAK_ROUND:-60}
SEED=${SOAK_SEED:-$$}
STORM_UID=${SOAK_UID:-47113}
RATE=${SOAK_RATE:-3000}
METRICS=$TMP/metrics
# What each round begins and ends with, so that what is read at rest can be compared.
USUAL=(--scratch 8K --ring 16M --args all --env=0 --no-failed --transport ring)
SIZES=("80 24" "132 43" "40 10" "250 70" "100 30" "60 15" "20 5")
# Some at a time, none that quits, suspends or applies a tuning of its own.
KEYS=(1 2 3 4 5 1 2 3 Tab BTab "F1 NPage Escape" F5 "Enter NPage w Escape" Up Down PPage NPage Home End Left Right F p p c m
	w I R M P T g Space + - '*' n N '$' '^' "F2 Tab Right Left Tab Escape" "F6 Down Enter" "F6 Escape" C-l
	"/ n o p Enter" "/ x Escape" "\\ s o a k Enter" "\\ C-u Enter" "Escape")

to_seconds() {
	case $1 in
	*s) printf '%s\n' "${1%s}" ;;
	*m) printf '%s\n' $((${1%m} * 60)) ;;
	*h) printf '%s\n' $((${1%h} * 3600)) ;;
	*) printf '%s\n' $(($1 * 3600)) ;;
	esac
}
LENGTH=$(to_seconds "${1:-10m}")
DIR=${2:-$TMP/out}
mkdir -p "$DIR" || exit 1
RANDOM=$SEED
EXECS=0 FAILED=0 EXITS=0 SWAPS=0 PRESSED=0 RESIZED=0 BREAKS=0 ROUNDS=0

# pick ARRAY-NAME: one of its words in $PICKED. Not by $(…): a subshell has its own random numbers.
pick() {
	local -n words=$1
	PICKED=${words[RANDOM % ${#words[@]}]}
}

broke() {
	BREAKS=$((BREAKS + 1))
	printf 'BROKEN: %s\n' "$*"
}

# metric NAME: the sum over all CPUs and types; 0 when there is none.
metric() { awk -v name="execbig_$1" '$1 ~ "^" name "($|[{])" { n += $2 } END { printf "%.0f\n", n }' "$METRICS"; }
# events TYPE: how many there were of that type.
events() { awk -v type="type=\"$1\"" '/^execbig_events_total\{/ && index($1, type) { n += $2 } END { printf "%.0f\n", n }' "$METRICS"; }

# The processes of this instance: "pid name".
family() {
	local pid
	for pid in "$1" $(children_of "$1" 2>/dev/null); do
		printf '%s %s\n' "$pid" "$(sed 's/^execbig-//' "/proc/$pid/comm" 2>/dev/null)"
		[ "$pid" = "$1" ] || family "$pid" | tail -n +2
	done
}
# "PSS-in-KB descriptors" of a process.
read_process() {
	local fds=("/proc/$1/fd/"*)
	printf '%s %s\n' "$(awk '$1 == "Pss:" { print $2 }' "/proc/$1/smaps_rollup" 2>/dev/null)" ${#fds[@]}
}
# sample WHEN: a line for each process in soak.tsv.
sample() {
	local pid name pss fds
	while read -r pid name; do
		read -r pss fds < <(read_process "$pid")
		printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$ROUNDS" $(($(now_us) / 1000000 - BEGAN)) "$name" "${pss:-0}" \
			"$fds" "$(metric delivered_events_total)" "$(metric lost_events_total)" >>"$DIR/soak.tsv"
	done < <(family "$EBT_PID")
}

# A key may have asked for another tuning just before (setup): then it is refused for the moment, and asked for again.
tune() {
	tuned() {
		timeout 60 "$EBT_BIN" tune --pid "$EBT_PID" "$@" >"$TMP/tuned" 2>"$TMP/tune.err" ||
			! grep -q 'another retune is still under way' "$TMP/tune.err"
	}
	wait_until 30 tuned "$@"
	[ -s "$TMP/tuned" ] || {
		show "$TMP/tune.err"
		broke "tune $* is refused"
		return
	}
	SWAPS=$((SWAPS + 1))
}
# shellcheck disable=SC2034 # by name, in pick
tune_at_random() {
	local options=() scratch=(512 1K 2K 4K 6K 8K 16K 32K) ring=(8M 16M 32M) args=(all 2000 64) env=(0 100 all)
	local failed=(failed no-failed) transport=(ring perf)
	pick scratch && options+=(--scratch "$PICKED")
	pick ring && options+=(--ring "$PICKED")
	pick args && options+=(--args "$PICKED")
	pick env && options+=("--env=$PICKED")
	pick failed && options+=("--$PICKED")
	pick transport && options+=(--transport "$PICKED")
	tune "${options[@]}"
}

# One thing after the other until the round is over.
disturb() {
	local end=$(($(now_us) + $1 * 1000000)) n=0
	while [ "$(now_us)" -lt "$end" ]; do
		n=$((n + 1))
		pick KEYS
		# shellcheck disable=SC2086 # several keys
		tui_keys $PICKED && PRESSED=$((PRESSED + 1))
		if [ $((n % 4)) = 0 ]; then
			pick SIZES
			# shellcheck disable=SC2086 # two numbers
			tui_resize $PICKED && RESIZED=$((RESIZED + 1))
		fi
		[ $((n % 6)) != 0 ] || tune_at_random
		[ $((n % 8)) != 0 ] || sample load
		alive "$EBT_PID" || fail "execbig-top ended: $(tui_screen)"
		sleep 0.6
	done
}

# The accounting on each CPU, and that the view received what was delivered.
accounting_holds() {
	awk '
		/^execbig_(seen|filtered|delivered|lost)_events_total/ {
			cpu = $1; sub(/.*cpu="/, "", cpu); sub(/".*/, "", cpu)
			what = substr($1, 9, 4)
			sum[cpu] += what == "seen" ? $2 : -$2
			if (what == "deli") delivered += $2
		}
		/^execbig_events_total/ { received += $2 }
		END {
			for (cpu in sum) if (sum[cpu] != 0) { print "CPU " cpu ": seen is " sum[cpu] " more than the rest"; exit 1 }
			if (delivered != received) { print "delivered " delivered ", received " received; exit 1 }
		}' "$METRICS" >"$TMP/accounting"
}
# What the load counted is what was seen, but for what is reported lost.
counts_equal() {
	local missing=$((EXECS - $(events exec) + EXITS - $(events exit)))
	[ "$missing" -ge 0 ] && [ "$missing" -le "$(metric lost_events_total)" ]
}
# Nothing is being compiled (the Lab screen does).
compiles() { family "$EBT_PID" | grep -q ' compile$'; }
at_rest() { accounting_holds && counts_equal && ! compiles && tui_has 'holds on every CPU'; }

# Everything to a stop, and the same tuning, screen and size each time.
rest() {
	local execs failed exits key
	kill -TERM "$STORM_PID"
	end_of "$STORM_PID" 30
	[ "$STATUS" = 0 ] && read -r execs failed exits <"$TMP/storm" || fail "the load failed: $(cat "$TMP/storm.err")"
	EXECS=$((EXECS + execs)) FAILED=$((FAILED + failed)) EXITS=$((EXITS + exits))
	tune "${USUAL[@]}"
	tui_resize 132 43
	for key in Escape Escape Escape 4; do
		tui_keys "$key"
		sleep 0.3 # what follows an Escape at once is taken for Alt
	done
	wait_until 30 at_rest || {
		show "$TMP/accounting"
		tui_screen | sed 's/^/    |/'
		broke "round $ROUNDS: the load says $EXECS execs and $EXITS exits; seen $(events exec) and $(events exit), lost $(metric lost_events_total)"
	}
	sample rest
}

# row: at rest, in Markdown.
row() {
	awk -F '\t' -v round="$ROUNDS" '$1 == "rest" && $2 == round { s = s " " $5 " K, " $6 " |" } END { print s }' \
		"$DIR/soak.tsv" >"$TMP/memory"
	printf '| %d | %d | %d | %d | %d | %d | %d | %d |%s\n' "$ROUNDS" $(($(now_us) / 1000000 - BEGAN)) \
		$(($(events exec) + $(events exit) + $(events exec_failed))) "$EXECS" "$(events exec)" "$(metric lost_events_total)" \
		"$SWAPS" "$PRESSED" "$(cat "$TMP/memory")"
}
heading() {
	local names
	names=$(family "$EBT_PID" | sed 's/^[0-9]* //' | sort -u | paste -sd ' ')
	printf 'execbig-top under load for %s s, rounds of %s s, seed %s, kernel %s, %s CPUs\n\n' "$LENGTH" "$ROUND" "$SEED" "$(uname -r)" "$(nproc)"
	printf '| round | s | events | execs run | execs seen | lost | swaps | keys |%s\n' \
		"$(family "$EBT_PID" | while read -r _ name; do printf ' %s PSS, fds |' "${name/top/loader}"; done)"
	printf '|%s\n' "$(printf ' ---: |%.0s' $(seq $((8 + $(wc -w <<<"$names")))))"
}

# Of each process at rest: the highest of the last third against that of the second third (the view's depends on how much
# history a key has just cleared, so single readings say little); descriptors the same in all.
flat() {
	awk -F '\t' -v rounds="$ROUNDS" '
		$1 == "rest" && $2 > rounds / 3 {
			third = $2 > rounds * 2 / 3
			if ($5 > high[$4, third]) high[$4, third] = $5
			if (!(($4, $6) in fds)) kinds[$4]++
			fds[$4, $6] = 1
			shown[$4] = $6
		}
		END {
			for (p in shown) {
				a = high[p, 0]; b = high[p, 1]
				printf "%s: at most %d K, in the last third %d K; %s descriptors\n", p, a, b,
					kinds[p] == 1 ? shown[p] : kinds[p] " different numbers of"
				bad += kinds[p] != 1 || b > a * 1.05 + 512
			}
			exit bad
		}' "$DIR/soak.tsv"
}

need_kernel
need tmux
need_root
# A copy that any user may run.
install -m 0755 "$EBT_TOOLS/nop" "$TMP/nop"
tui_open 132 43
tui_start -u "$STORM_UID" -d 0.5 --ring 16M --metrics "$METRICS" -w "$DIR/soak.ebt" --rotate 16M:2
BEGAN=$(($(now_us) / 1000000))
: >"$DIR/soak.tsv"
heading
while [ $(($(now_us) / 1000000 - BEGAN)) -lt "$LENGTH" ]; do
	ROUNDS=$((ROUNDS + 1))
	left=$((LENGTH - ($(now_us) / 1000000 - BEGAN)))
	spawn "$TMP/storm" "$TMP/storm.err" nice -n 10 "$EBT_TOOLS/storm" "$TMP/nop" soak "$STORM_UID" 2 "$RATE"
	STORM_PID=$SPAWN_PID
	disturb $((left < ROUND ? left : ROUND))
	rest
	row
done
tui_keys q
tui_wait 10 'ended=0' "exit status 0 after q"
printf '\n%d events; %d execs run and %d seen, %d failed; %d exits; lost %d; %d swaps, %d keys, %d sizes\n' \
	$(($(events exec) + $(events exit) + $(events exec_failed))) "$EXECS" "$(events exec)" "$FAILED" "$EXITS" \
	"$(metric lost_events_total)" "$SWAPS" "$PRESSED" "$RESIZED"
if [ "$ROUNDS" -lt 8 ]; then
	say "fewer than 8 rounds: too short to say of memory that it is flat"
else
	flat || broke "memory or descriptors grow"
fi
[ "$BREAKS" = 0 ] && echo "verdict: all counts equal, the accounting held, nothing grew" || fail "$BREAKS breaks"
