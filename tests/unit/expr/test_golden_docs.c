/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_golden_docs.c - the table of keys in docs/filters.md is the one in the program. With
 * EBT_UPDATE_GOLDEN=1 it is written anew.
 */
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
#include "expr/keys.h"

#define PAGE  "docs/filters.md"
#define BEGIN "<!-- keys begin -->\n"
#define END   "<!-- keys end -->\n"

static void read_page(struct ebt_buf *page)
{
	FILE *f = fopen(PAGE, "re");
	char chunk[4096];
	size_t n;

	assert_non_null(f);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		ebt_buf_append(page, chunk, n);
	fclose(f);
	ebt_buf_append(page, "", 1);
	assert_int_equal(page->error, 0);
}

static void make_table(struct ebt_buf *table)
{
	ebt_buf_puts(table, "| key | example | compares | value |\n|---|---|---|---|\n");
	for (size_t i = 0; i < ebt_expr_keys_count; i++) {
		const struct ebt_expr_key *key = &ebt_expr_keys[i];

		ebt_buf_printf(table, "| `%s` | `%s` | %s | %s |\n", key->name, key->example,
			       key->help, ebt_expr_allowed(key->kind));
	}
	ebt_buf_append(table, "", 1);
}

static void test_keys(void **state)
{
	_cleanup_buf_ struct ebt_buf page = { 0 }, table = { 0 };
	char *begin, *end;

	(void)state;
	read_page(&page);
	make_table(&table);
	begin = strstr(page.data, BEGIN);
	assert_non_null(begin);
	begin += strlen(BEGIN);
	end = strstr(begin, END);
	assert_non_null(end);
	if (getenv("EBT_UPDATE_GOLDEN")) {
		FILE *f = fopen(PAGE, "we");

		assert_non_null(f);
		fprintf(f, "%.*s%s%s", (int)(begin - page.data), page.data, table.data, end);
		assert_int_equal(fclose(f), 0);
		return;
	}
	*end = '\0';
	assert_string_equal(begin, table.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_keys) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
