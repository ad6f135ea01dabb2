/* SPDX-License-Identifier: BSD-3-Clause */
/* A type information of our own making, with all that real kernels do to their structs. */
#include <bpf/btf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "image/members.h"

static struct btf *btf;
static int outer, func; /* numbers in it */

static int set_up(void **state)
{
	int u64, u32, inner, anon, pointed, ptr, proto, mod;

	(void)state;
	btf = btf__new_empty();
	u64 = btf__add_int(btf, "u64", 8, 0);
	u32 = btf__add_int(btf, "u32", 4, 0);
	inner = btf__add_struct(btf, "inner", 16);
	btf__add_field(btf, "a", u64, 0, 0);
	btf__add_field(btf, "val", u32, 64, 0);
	anon = btf__add_union(btf, NULL, 8);
	btf__add_field(btf, "in_union", u32, 0, 0);
	btf__add_field(btf, "also", u64, 0, 0);
	mod = btf__add_const(btf, inner);
	pointed = btf__add_struct(btf, "pointed", 8);
	btf__add_field(btf, "x", u64, 0, 0);
	ptr = btf__add_ptr(btf, pointed);
	outer = btf__add_struct(btf, "outer", 64);
	btf__add_field(btf, "first", u64, 0, 0);
	btf__add_field(btf, "nested", mod, 64, 0);
	btf__add_field(btf, "", anon, 192, 0);
	btf__add_field(btf, "link", ptr, 256, 0);
	btf__add_field(btf, "flag", u32, 323, 1);
	proto = btf__add_func_proto(btf, 0);
	btf__add_func_param(btf, "data", u64);
	btf__add_func_param(btf, "task", u64);
	btf__add_func_param(btf, "dead", u32);
	btf__add_typedef(btf, "btf_trace_thing", btf__add_ptr(btf, proto));
	func = btf__add_func(btf, "bpf_function", BTF_FUNC_STATIC, proto);
	btf__add_enum(btf, "ids", 4);
	btf__add_enum_value(btf, "cpu_id", 0);
	btf__add_enum_value(btf, "memory_id", 4);
	return 0;
}

static int take_down(void **state)
{
	(void)state;
	btf__free(btf);
	return 0;
}

static void test_paths(void **state)
{
	const struct {
		const char *path;
		uint32_t value;
	} cases[] = {
		{ "outer.first", 0 },
		{ "outer.nested", 8 },
		{ "outer.nested.a", 8 },
		{ "outer.nested.val", 16 }, /* through a const */
		{ "outer.in_union", 24 },   /* in an anonymous union */
		{ "outer.also", 24 },
		{ "outer.link", 32 },
		{ "outer.link.x", EBT_MEMBER_MISSING }, /* never through a pointer */
		{ "outer.flag", EBT_MEMBER_MISSING },	/* a bit has no byte offset */
		{ "outer.nothing", EBT_MEMBER_MISSING },
		{ "nothing.first", EBT_MEMBER_MISSING },
		{ "outer.first.deeper", EBT_MEMBER_MISSING },
		{ "outer.gone|outer.link", 32 }, /* moved */
		{ "gone.a|gone.b|outer.nested", 8 },
		{ "gone.a|gone.b", EBT_MEMBER_MISSING },
		{ "?outer", 64 },
		{ "?gone", EBT_MEMBER_MISSING },
		{ "#btf_trace_thing", 2 }, /* without the data of the probe */
		{ "#bpf_function", 3 },
		{ "#btf_trace_gone", EBT_MEMBER_MISSING },
		{ "@memory_id", 4 },
		{ "@gone_id|@cpu_id", 0 },
		{ "@gone_id", EBT_MEMBER_MISSING },
		{ "%outer", (uint32_t)outer },
		{ "%bpf_function", EBT_MEMBER_MISSING },
		{ "&bpf_function", (uint32_t)func },
		{ "&outer", EBT_MEMBER_MISSING },
		{ "=generation", EBT_MEMBER_MISSING },
		{ "outer", EBT_MEMBER_MISSING },
		{ ".first", EBT_MEMBER_MISSING },
		{ "", EBT_MEMBER_MISSING },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t value = ebt_member_resolve(btf, cases[i].path);

		if (value != cases[i].value)
			fail_msg("%s: %u, want %u", cases[i].path, value, cases[i].value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_paths) };

	return cmocka_run_group_tests(tests, set_up, take_down);
}
