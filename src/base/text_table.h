/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * text_table.h - which characters may be shown, and how wide they are. Own table, so that what is
 * safe depends neither on the locale nor on the C library.
 */
#ifndef EBT_BASE_TEXT_TABLE_H
#define EBT_BASE_TEXT_TABLE_H

#include <stdint.h>

enum ebt_text_class {
	EBT_TEXT_UNSAFE, /* controls, format, unassigned, private, blanks other than U+0020 */
	EBT_TEXT_NARROW,
	EBT_TEXT_WIDE, /* two columns */
	EBT_TEXT_MARK, /* drawn on the character before */
};

/* Ascending; each entry is first_code_point << 2 | class and holds up to the next entry. */
extern const uint32_t ebt_text_ranges[];
extern const unsigned ebt_text_ranges_count;

#endif
