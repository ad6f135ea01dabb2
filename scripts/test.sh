#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# test.sh [LABEL…] - installs what is missing, builds twice (Release in build/, with ASan and UBSan in build-asan/), runs
# the tests with these labels (all without one): those of SANITIZED in the second build as well. The last line is
# "N passed, N failed"; exit status 0 when none failed. The label vm (other kernels, scripts/vm-test.sh --quick, ten
# minutes) is run when it is asked for, and in CI.
. "$(dirname "$0")/lib.sh"

# Labels that run in the sanitizer build too.
SANITIZED=(unit fault fuzz golden)
# Labels whose tests wait for other processes, and how many of them may fail and be run once more, alone: beside another
# test a machine can be late. A test that fails alone too has failed, and one that passed only then is named at the end.
LIVE=(kernel tui fault security demo)
AGAIN_MOST=3

for label in "$@"; do
	[[ $label =~ ^[a-z]+$ ]] || ebt_die "not a label: $label (unit, golden, fault, fuzz, kernel, tui, vm, check)"
done
# The same for every test, whoever starts this: a terminal, a pipe that is open or closed.
exec </dev/null
ebt_install "${EBT_BUILD_PACKAGES[@]}" "${EBT_TEST_PACKAGES[@]}"

passed=0 failed=0 skipped=0
late=() # passed only alone

# count JUNIT: adds up what ctest wrote.
count() {
	local head total bad off
	head=$(sed -n '/<testsuite/,/>/p' "$1" | tr '\n\t' '  ')
	attribute() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$head"; }
	total=$(attribute tests) bad=$(attribute failures) off=$(attribute skipped)
	failed=$((failed + bad))
	skipped=$((skipped + off))
	passed=$((passed + total - bad - off))
}

# names_failed JUNIT
names_failed() { sed -n 's/.*<testcase name="\([^"]*\)".* status="fail".*/\1/p' "$1"; }

# run_again DIR: what failed in DIR/junit.xml, if that is little and all of it live; counted, as far as it passes now.
run_again() {
	local names again=$1/junit-again.xml labels alone
	mapfile -t names < <(names_failed "$1/junit.xml")
	if [ ${#names[@]} = 0 ] || [ ${#names[@]} -gt $AGAIN_MOST ]; then
		return
	fi
	labels=$(IFS='|'; printf '%s' "${LIVE[*]}")
	alone=$(IFS='|'; printf '%s' "${names[*]}")
	ebt_note "once more, alone: ${names[*]}"
	rm -f "$again"
	ctest --test-dir "$1" --output-on-failure --no-tests=ignore -R "^($alone)\$" -L "^($labels)\$" \
		--output-junit "$again" || true
	[ -f "$again" ] || return 0
	mapfile -t names < <(sed -n 's/.*<testcase name="\([^"]*\)".* status="run".*/\1/p' "$again")
	failed=$((failed - ${#names[@]}))
	passed=$((passed + ${#names[@]}))
	late+=("${names[@]}")
}

# run_tests DIR LABEL…: no label means all.
run_tests() {
	local dir=$EBT_ROOT/$1 labels junit status=0
	shift
	labels=$(IFS='|'; printf '%s' "$*")
	junit=$dir/junit.xml
	rm -f "$junit"
	ctest --test-dir "$dir" -j "$(nproc)" --output-on-failure --no-tests=ignore ${labels:+-L "^($labels)\$"} \
		--output-junit "$junit" || status=$?
	[ -f "$junit" ] || ebt_die "ctest wrote no result (status $status)"
	count "$junit"
	run_again "$dir"
}

# The kernels of scripts/vm-test.sh. No result, whatever the reason, is a failure.
run_vm() {
	local kernel dir=$EBT_ROOT/build
	rm -f "$dir"/vm-*.xml
	ebt_as_root env ${CI:+CI="$CI"} "$EBT_ROOT/scripts/vm-test.sh" --quick || true
	for kernel in 6.1 6.1-rt 6.12; do
		if [ -f "$dir/vm-$kernel.xml" ]; then
			count "$dir/vm-$kernel.xml"
		else
			echo "vm: no result for $kernel"
			failed=$((failed + 1))
		fi
	done
}

# common: labels asked for that are sanitized ones.
common=()
for label in "${SANITIZED[@]}"; do
	if [ $# = 0 ] || [[ " $* " == *" $label "* ]]; then
		common+=("$label")
	fi
done

ebt_build build "" -DCMAKE_BUILD_TYPE=Release -DEBT_TESTS=ON -DEBT_WERROR=ON
run_tests build "$@"
if [ ${#common[@]} -gt 0 ]; then
	ebt_build build-asan "" -DCMAKE_BUILD_TYPE=Debug -DEBT_SANITIZE=ON -DEBT_TESTS=ON -DEBT_WERROR=ON -DCMAKE_C_FLAGS=--coverage
	find "$EBT_ROOT/build-asan" -name '*.gcda' -delete
	run_tests build-asan "${common[@]}"
	ebt_note "what these tests reach (scripts/coverage.sh: what all of them do)"
	"$EBT_ROOT/scripts/coverage.sh" --of "$EBT_ROOT/build-asan" || failed=$((failed + 1))
fi

# Last: it keeps all CPUs busy for minutes.
if [[ " $* " == *" vm "* ]] || { [ $# = 0 ] && [ "${CI:-}" = true ]; }; then
	run_vm
elif [ $# = 0 ]; then
	ebt_note "not run: vm (scripts/test.sh vm)"
fi

# A label nobody has is a mistake, not a success.
[ $((passed + failed + skipped)) -gt 0 ] || ebt_die "no test has the label: $*"
[ "$skipped" = 0 ] || echo "$skipped skipped: see SKIP above"
[ ${#late[@]} = 0 ] || echo "passed only when run alone: ${late[*]}"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
