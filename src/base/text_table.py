#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes text_table.c from Python's unicodedata: run it with the Unicode version of the C library in use
(Debian 12: Python 3.11 and glibc 2.36, both Unicode 14), so that widths agree with wcwidth()."""
import sys
import unicodedata as u

# Default_Ignorable_Code_Point beyond Cf (DerivedCoreProperties.txt), and blanks that are not Zs: nothing is drawn.
HIDDEN = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x2800, 0x3164, 0xFFA0, *range(0x180B, 0x1810),
          *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
# Conjoining Hangul vowels and finals: drawn into the cell of the syllable's first letter, as glibc's wcwidth has it.
JAMO = {*range(0x1161, 0x1200), *range(0xD7B0, 0xD7C7), *range(0xD7CB, 0xD7FC)}
# Wide in glibc (localedata/unicode-gen/utf8_gen.py) and Unicode 16, narrow or ambiguous in Unicode 14.
WIDE_TOO = {*range(0x3248, 0x3250), *range(0x4DC0, 0x4E00)}
UNSAFE, NARROW, WIDE, MARK = 0, 1, 2, 3


def cls(cp):
    c = chr(cp)
    cat = u.category(c)
    if cp == 0x20:
        return NARROW
    if cat in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs") or cp in HIDDEN:
        return UNSAFE
    if cat in ("Mn", "Me") or cp in JAMO:
        return MARK
    return WIDE if cp in WIDE_TOO or u.east_asian_width(c) in "WF" else NARROW


def main():
    rows, last = [], None
    for cp in range(0x110000):
        k = cls(cp)
        if k != last:
            rows.append(cp << 2 | k)
            last = k
    out = ["/* SPDX-License-Identifier: BSD-3-Clause */",
           f"/* text_table.c - written by text_table.py from Unicode {u.unidata_version}; do not edit. */",
           '#include "base/text_table.h"', "", "/* clang-format off */", "const uint32_t ebt_text_ranges[] = {"]
    for i in range(0, len(rows), 10):
        out.append("\t" + " ".join(f"{r:#x}," for r in rows[i:i + 10]))
    out += ["};", "const unsigned ebt_text_ranges_count = sizeof(ebt_text_ranges) / sizeof(ebt_text_ranges[0]);"]
    sys.stdout.write("\n".join(out) + "\n")


main()
