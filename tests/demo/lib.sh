# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
#
# lib.sh - pages of lessons: their blocks of output, and how output is compared with them.
#
# A block begins with ```console and a line "# execbig-top demo …"; what follows is all that this command prints. A line
# "[…]" in it stands for any lines.

# Numbers, addresses and dumped bytes are what may differ: hexadecimal numbers, four and more bytes in a row, then
# decimal numbers; blanks in a row count as one. A kernel that guards returns on this processor makes a jump to its return
# thunk of each, far away; others have a plain ret.
normal() {
	sed -E -e 's/(^| )jmp -?[0-9]{6,}$/\1ret/' -e 's/\b0x[0-9a-f]+/N/g' -e 's/\b([0-9a-f]{2} ){3,}[0-9a-f]{2}\b/N/g' \
		-e 's/-?[0-9]+([.,:][0-9]+)*/N/g' -e 's/([^ ])  +/\1 /g' -e 's/^ +/ /' -e 's/ +$//'
}

# blocks PAGE DIR: command and output of each block, as DIR/N.cmd and DIR/N.want.
blocks() {
	awk -v dir="$2" '
		/^```console$/ { n++; inside = 1; first = 1; next }
		/^```$/ { inside = 0; next }
		inside && first { sub(/^# /, ""); print >(dir "/" n ".cmd"); printf "" >(dir "/" n ".want"); first = 0; next }
		inside { print >(dir "/" n ".want") }
		END { print n + 0 }' "$1"
}

# same WANT GOT: every line of WANT is in GOT, in order, and GOT has no others but where WANT has "[…]". Says where they
# part.
same() {
	awk '
		NR == FNR { want[++w] = $0; next }
		{ got[++g] = $0 }
		END {
			i = j = 1
			while (i <= w) {
				if (want[i] ~ /^ *\[…\]$/) {
					if (i == w)
						exit 0
					i++
					while (j <= g && got[j] != want[i])
						j++
					if (j > g) {
						printf "not printed: %s\n", want[i]
						exit 1
					}
				} else if (j > g || got[j] != want[i]) {
					printf "page:    %s\nprinted: %s\n", want[i], (j > g ? "(nothing more)" : got[j])
					exit 1
				}
				i++
				j++
			}
			if (j <= g) {
				printf "not on the page: %s\n", got[j]
				exit 1
			}
		}' <(normal <"$1") <(normal <"$2")
}
