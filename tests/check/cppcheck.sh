#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# cppcheck finds nothing (the slower analysers are run by hand: scripts/analyze.sh). One process: other tests run beside it.
. "$(dirname "$0")/lib.sh"

command -v cppcheck >/dev/null || { echo "SKIP: needs cppcheck"; exit 77; }
EBT_JOBS=1 exec scripts/analyze.sh cppcheck
