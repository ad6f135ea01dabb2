#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# test.sh [LABEL…] - install what is missing, build twice (Release in build/, with ASan and UBSan in build-asan/), and run
# the tests with these labels (all without one); those of SANITIZED run in the second build as well. The last line is
# "N passed, N failed"; the exit status is 0 when none failed.
#
# quick is the set that a change needs at once: unit, golden and check tests and one exec traced for real, in the Release
# build only; at most three minutes on two CPUs. vm (other kernels, scripts/vm-test.sh --quick, ten minutes) and packages (the
# build from README's package list alone, and the Debian packages) run when they are asked for, and in CI.
. "$(dirname "$0")/lib.sh"

# Labels that run in the sanitizer build too.
SANITIZED=(unit fault fuzz golden)

for label in "$@"; do
	[[ $label =~ ^[a-z]+$ ]] || ebt_die "not a label: $label (quick, unit, golden, fault, fuzz, kernel, security, tui, demo, check, vm, packages)"
done
# The same for every test, whoever starts this: a terminal, a pipe that is open or closed.
exec </dev/null
ebt_install "${EBT_BUILD_PACKAGES[@]}" "${EBT_TEST_PACKAGES[@]}"

passed=0 failed=0 skipped=0

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

# The build from README's package list alone, and the Debian packages in a bare root.
run_packages() {
	local script said last
	for script in packages-test.sh deb-test.sh; do
		said=$(ebt_as_root "$EBT_ROOT/scripts/$script" || true)
		printf '%s\n' "$said" >&2
		last=${said##*$'\n'}
		if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
			passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
		else
			echo "$script: no result"
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

# wanted LABEL: one of the labels that take minutes is asked for, or everything is in CI.
wanted() { [[ " $labels_asked " == *" $1 "* ]] || { [ -z "$labels_asked" ] && [ "${CI:-}" = true ]; }; }
labels_asked=$*

# What the tests of build/ leave of the CPUs and the network goes to what is needed after them: the second build, and the
# kernels for the virtual machines. These give way to the tests (nice), and say nothing unless they fail.
build_asan() {
	renice -n 19 "$BASHPID" >/dev/null
	ebt_build build-asan "" -DCMAKE_BUILD_TYPE=Debug -DEBT_SANITIZE=ON -DEBT_TESTS=ON -DEBT_WERROR=ON -DCMAKE_C_FLAGS=--coverage
}
ebt_build build "" -DCMAKE_BUILD_TYPE=Release -DEBT_TESTS=ON -DEBT_WERROR=ON
if [ ${#common[@]} -gt 0 ]; then
	asan_log=$(mktemp)
	build_asan >"$asan_log" 2>&1 &
	asan_pid=$!
fi
if wanted vm; then
	ebt_as_root nice -n 19 "$EBT_ROOT/scripts/vm-test.sh" --fetch &
	fetch_pid=$!
fi
# Only what still runs: the id of a process that was waited for may be another's by now.
stop_background() {
	jobs -pr | xargs -r kill 2>/dev/null || true
	rm -f "${asan_log:-}"
}
trap stop_background EXIT
run_tests build "$@"
if [ ${#common[@]} -gt 0 ]; then
	wait "$asan_pid" || { cat "$asan_log" >&2; ebt_die "build-asan could not be built: see above"; }
	find "$EBT_ROOT/build-asan" -name '*.gcda' -delete
	run_tests build-asan "${common[@]}"
	ebt_note "what these tests reach (scripts/coverage.sh: what all of them do)"
	"$EBT_ROOT/scripts/coverage.sh" --of "$EBT_ROOT/build-asan" || failed=$((failed + 1))
fi

if wanted packages; then
	run_packages
fi
# Last: it keeps all CPUs busy for minutes.
if wanted vm; then
	# What could not be fetched is tried again there, and is a failure then.
	wait "$fetch_pid" || true
	run_vm
fi
[ $# -gt 0 ] || [ "${CI:-}" = true ] || ebt_note "not run: packages, vm (scripts/test.sh packages vm)"

# A label nobody has is a mistake, not a success.
[ $((passed + failed + skipped)) -gt 0 ] || ebt_die "no test has the label: $*"
[ "$skipped" = 0 ] || echo "$skipped skipped: see SKIP above"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
