/* SPDX-License-Identifier: BSD-3-Clause */
/* docs_block.h - parts of documents that the program's tables generate
 *
 * A document has two lines between which the generated text stands. Tests run in the source directory. */
#ifndef EBT_TEST_DOCS_BLOCK_H
#define EBT_TEST_DOCS_BLOCK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/cleanup.h"

/* Compare the text between the lines `begin` and `end` of the document with `want`, or write it
 * there if EBT_UPDATE_GOLDEN is set. */
static inline void docs_block(const char *document, const char *begin, const char *end,
			      const struct ebt_buf *want)
{
	_cleanup_buf_ struct ebt_buf text = { 0 };
	FILE *f = fopen(document, "re");
	char chunk[4096];
	char *from, *to;
	size_t n;

	assert_non_null(f);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		ebt_buf_append(&text, chunk, n);
	fclose(f);
	ebt_buf_append(&text, "", 1);
	assert_int_equal(text.error | want->error, 0);
	from = strstr(text.data, begin);
	assert_non_null(from);
	from += strlen(begin);
	to = strstr(from, end);
	assert_non_null(to);
	if (getenv("EBT_UPDATE_GOLDEN")) {
		f = fopen(document, "we");
		assert_non_null(f);
		fprintf(f, "%.*s%.*s%s", (int)(from - text.data), text.data, (int)want->len,
			want->data, to);
		assert_int_equal(fclose(f), 0);
	} else if ((size_t)(to - from) != want->len || memcmp(from, want->data, want->len) != 0) {
		fail_msg(
			"%s differs from the program's table between \"%.*s\" and \"%.*s\". Run this test with EBT_UPDATE_GOLDEN=1 to write it anew, and look at the difference.",
			document, (int)strlen(begin) - 1, begin, (int)strlen(end) - 1, end);
	}
}

#endif
