/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fuzz_expr.c - libFuzzer target: the text of a filter, a NUL, and the bytes of an exec that it
 * judges. What is refused says why and where; what is accepted judges in every state of the exec,
 * and never takes back what it has decided before the end.
 */
#include <errno.h>
#include <locale.h>
#include <sys/wait.h>

#include "expr/expr.h"
#include "fuzz.h"

#define TEXT_MAX 200 /* longer ones are slow and no different */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	setlocale(LC_ALL, "C.UTF-8");
	return 0;
}

static const char *user_name(const void *names, uint32_t uid)
{
	(void)uid;
	return names;
}

static void judge(struct ebt_expr *x, char *text, size_t len)
{
	struct ebt_bytes bytes = { text, len };
	struct ebt_expr_subject s = { .pid = (uint32_t)len,
				      .uid = 1000,
				      .args = bytes,
				      .comm = bytes,
				      .exe = bytes,
				      .parent = bytes,
				      .cwd = bytes,
				      .tty = bytes,
				      .cgroup = text,
				      .args_bytes = len,
				      .once = true,
				      .user = user_name,
				      .names = "max" };
	enum ebt_expr_result before = ebt_expr_match(x, &s);

	for (unsigned end = EBT_EXPR_EXITED; end <= EBT_EXPR_FAILED; end++) {
		enum ebt_expr_result got;

		s.end = (enum ebt_expr_end)end;
		s.status = len ? text[0] : 0;
		s.life_ns = s.cpu_ns = len * 1000000;
		got = ebt_expr_match(x, &s);
		require(got != EBT_EXPR_LATER);
		require(before == EBT_EXPR_LATER || got == before);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t len = strnlen((const char *)data, size), rest, at, found;
	struct ebt_expr_error error;
	struct ebt_expr *x;
	char *expr, *text;
	int err;

	if (len > TEXT_MAX)
		return 0;
	rest = len < size ? size - len - 1 : 0;
	rest = rest < TEXT_MAX ? rest : TEXT_MAX;
	expr = strndup((const char *)data, len);
	text = calloc(1, rest + 1);
	require(expr && text);
	memcpy(text, data + size - rest, rest);
	err = ebt_expr_new(&x, expr, &error);
	require(err == 0 || (err == -EINVAL && error.text[0] && error.at <= len && !x));
	if (x) {
		judge(x, text, rest);
		if (ebt_expr_find(x, (struct ebt_bytes){ text, rest }, 0, &at, &found))
			require(at + found <= rest);
		require(strcmp(ebt_expr_text(x), expr) == 0);
	}
	ebt_expr_free(&x);
	free(expr);
	free(text);
	return 0;
}
