#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Every header compiles alone, twice in a row, with the flags of the build.
. "$(dirname "$0")/lib.sh"

cc=${CC:-cc}
flags=(-std=gnu11 -D_GNU_SOURCE -DEBT_VERSION='"0"' -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
	-Wpointer-arith -Wvla -Wformat=2 -Wno-unused-parameter -Wno-unused-function -Werror -fsyntax-only
	-Isrc -Ibpf_text -include linux/types.h)
# pkg-config's include paths hold no blanks.
# shellcheck disable=SC2207
flags+=($(pkg-config --cflags libbpf jansson ncursesw libcap-ng libseccomp libbcc 2>/dev/null))
count=0
# The other headers of bpf_text are for libbcc's compiler.
while read -r header; do
	count=$((count + 1))
	printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
		"$cc" "${flags[@]}" -I"$(dirname "$header")" -x c - || bad "$header does not compile alone"
done < <(project_files 'src/*.h' 'bpf_text/embed.h' 'bpf_text/ebt_abi.h' 'tests/lib/*.h')
[ "$count" -gt 0 ] || bad "no header found"
finish
