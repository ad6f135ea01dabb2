/* SPDX-License-Identifier: BSD-3-Clause */
/* test_golden_docs.c - the table of keys in docs/filters.md is the one in the program */
#include "docs_block.h"
#include "expr/keys.h"

static void test_keys(void **state)
{
	_cleanup_buf_ struct ebt_buf table = { 0 };

	(void)state;
	ebt_buf_puts(&table, "| key | example | compares | value |\n|---|---|---|---|\n");
	for (size_t i = 0; i < ebt_expr_keys_count; i++) {
		const struct ebt_expr_key *key = &ebt_expr_keys[i];

		ebt_buf_printf(&table, "| `%s` | `%s` | %s | %s |\n", key->name, key->example,
			       key->help, ebt_expr_allowed(key->kind));
	}
	docs_block("docs/filters.md", "<!-- keys begin -->\n", "<!-- keys end -->\n", &table);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_keys) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
