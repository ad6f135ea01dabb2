#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# run.sh [ARG…] - installs what is missing, builds Release in build/, starts execbig-top with the arguments.
. "$(dirname "$0")/lib.sh"

ebt_install "${EBT_BUILD_PACKAGES[@]}"
options=(-DCMAKE_BUILD_TYPE=Release)
# scripts/test.sh turns the tests on in the same directory; their packages are not needed to run.
[ -f "$EBT_ROOT/build/CMakeCache.txt" ] || options+=(-DEBT_TESTS=OFF)
ebt_build build "execbig-top execbig-compile kinclude images" "${options[@]}"

program=$EBT_ROOT/build/execbig-top
if [ "$(id -u)" != 0 ] && command -v sudo >/dev/null 2>&1; then
	exec sudo -- "$program" "$@"
fi
exec "$program" "$@"
