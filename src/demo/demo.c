/* SPDX-License-Identifier: BSD-3-Clause */
/* demo.c - list the lessons, and run one of them */
#include "demo/demo.h"

#include <stdlib.h>

#include "base/failure.h"
#include "demo/lesson.h"
#include "demo/lessons.h"

#define LESSON(n, t, f, ...)                                                    \
	{                                                                       \
		.name = n, .title = t, .text = "demos/" f ".bpf.c", __VA_ARGS__ \
	}

/* The lessons in the order of the course (docs/lessons/README.md). */
static const struct ebt_lesson lessons[] = {
	LESSON("stack-limit", "1,568 bytes do not fit on a stack of 512", "01-stack-limit",
	       .run = ebt_demo_stack_limit, .bad = ebt_demo_stack_limit_bad),
	LESSON("big-exec", "the impossible program: 4 KB of arguments, then megabytes",
	       "02-big-exec", .members = true, .run = ebt_demo_big_exec,
	       .bad = ebt_demo_big_exec_bad),
	LESSON("big-hash", "a 4 KB value in a hash, and where its first zeros come from",
	       "03-big-hash", .run = ebt_demo_big_hash, .bad = ebt_demo_big_hash_bad),
	LESSON("null-check", "a lookup may find nothing", "04-null-check",
	       .run = ebt_demo_null_check, .bad = ebt_demo_null_check_bad),
	LESSON("ctx-access", "the context ends where its type ends", "05-ctx-access",
	       .run = ebt_demo_ctx_access, .bad = ebt_demo_ctx_access_bad),
	LESSON("bad-pointer", "a number is not a pointer", "06-bad-pointer", .members = true,
	       .run = ebt_demo_bad_pointer, .bad = ebt_demo_bad_pointer_bad),
	LESSON("wrong-type", "a helper's arguments have types", "07-wrong-type",
	       .run = ebt_demo_wrong_type, .bad = ebt_demo_wrong_type_bad),
	LESSON("unreachable", "every instruction must be reachable", "08-unreachable",
	       .run = ebt_demo_unreachable, .bad = ebt_demo_unreachable_bad),
	LESSON("loops", "bounded, unrolled, endless, and too long", "09-loops",
	       .run = ebt_demo_loops, .bad = ebt_demo_loops_bad),
	LESSON("tail-calls", "a chain of programs, and its end", "10-tail-calls",
	       .run = ebt_demo_tail_calls, .bad = ebt_demo_tail_calls_bad),
	LESSON("contention", "one shared counter compared with one per CPU", "11-contention",
	       .run = ebt_demo_contention, .bad = ebt_demo_contention_bad),
	LESSON("read-size", "what probe_read costs, from 1 to 16,000 bytes", "12-read-size",
	       .run = ebt_demo_read_size, .bad = ebt_demo_read_size_bad),
	LESSON("map-kinds", "array, hash, and both per CPU: lookup and update", "13-map-kinds",
	       .run = ebt_demo_map_kinds),
	LESSON("isa", "eleven registers, eight bytes per instruction", "14-isa",
	       .run = ebt_demo_isa),
	LESSON("jit", "bytecode, what the verifier makes of it, native code", "15-jit",
	       .run = ebt_demo_jit),
	LESSON("lifecycle", "from text to event, each step with its time", "16-lifecycle",
	       .run = ebt_demo_lifecycle),
	LESSON("btf", "an offset found by name, patched into the image", "17-btf", .members = true,
	       .run = ebt_demo_btf, .bad = ebt_demo_btf_bad),
	LESSON("helpers", "which program type may call which helper", "18-helpers",
	       .run = ebt_demo_helpers, .bad = ebt_demo_helpers_bad),
	LESSON("buffers", "a ring compared with a perf buffer: throughput, loss, wakeups",
	       "19-buffers", .run = ebt_demo_buffers, .bad = ebt_demo_buffers_bad),
	LESSON("lsm", "an exec and an open denied before they happen", "20-lsm", .members = true,
	       .run = ebt_demo_lsm),
	LESSON("headers", "the same program through kernel headers and without", "21-headers",
	       .members = true, .run = ebt_demo_headers),
};

static const struct ebt_lesson *find_lesson(const char *name, unsigned *number)
{
	char *end;
	unsigned long n = strtoul(name, &end, 10);

	for (unsigned i = 0; i < EBT_ARRAY_SIZE(lessons); i++) {
		if (strcmp(name, lessons[i].name) == 0 || (*name && !*end && n == i + 1)) {
			*number = i + 1;
			return &lessons[i];
		}
	}
	return NULL;
}

static int demo_list(void)
{
	for (unsigned i = 0; i < EBT_ARRAY_SIZE(lessons); i++)
		printf("%2u  %-12s %s%s\n", i + 1, lessons[i].name, lessons[i].title,
		       lessons[i].bad ? " (--bad)" : "");
	return EBT_DEMO_OK;
}

static int print_source(const struct ebt_demo_options *options, const struct ebt_lesson *lesson)
{
	const char *text = options->text(options->text_arg, lesson->text);

	if (!text)
		return EBT_DEMO_WRONG;
	if (options->bad && lesson->bad)
		printf("#define BAD_EXAMPLE%s 1\n", lesson == lessons ? "_STACK" : "");
	fputs(text, stdout);
	return fflush(stdout) || ferror(stdout) ? EBT_DEMO_WRONG : EBT_DEMO_OK;
}

static int run_lesson(struct ebt_demo *d)
{
	const struct ebt_lesson *lesson = d->lesson;
	bool bad = d->options->bad;
	int err;

	printf("Lesson %u, %s: %s%s\n", d->number, lesson->name, lesson->title,
	       bad ? " (the wrong variant)" : "");
	err = bad ? lesson->bad(d) : lesson->run(d);
	if (d->lacks) {
		printf("\nThis kernel cannot show lesson %u.\n", d->number);
		return EBT_DEMO_LACKS;
	}
	if (err || d->wrong) {
		printf("\nThe kernel did not behave as the page of lesson %u says.\n", d->number);
		return EBT_DEMO_WRONG;
	}
	printf("\nThe kernel behaved as the page of lesson %u says.\n", d->number);
	return EBT_DEMO_OK;
}

bool ebt_demo_needs_privilege(const struct ebt_demo_options *options)
{
	return options->name && !options->source;
}

int ebt_demo_run(const struct ebt_demo_options *options)
{
	struct ebt_demo d = { .options = options };
	int status;

	if (!options->name)
		return demo_list();
	d.lesson = find_lesson(options->name, &d.number);
	if (!d.lesson) {
		fprintf(stderr, "execbig-top: there is no such lesson; 'execbig-top demo' lists "
				"them\n");
		return EBT_DEMO_USAGE;
	}
	if (options->source)
		return print_source(options, d.lesson);
	if (options->bad && !d.lesson->bad) {
		fprintf(stderr, "execbig-top: lesson %s has no wrong variant\n", d.lesson->name);
		return EBT_DEMO_USAGE;
	}
	status = run_lesson(&d);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "execbig-top: cannot write: %s\n", ebt_strerror(errno));
		return EBT_DEMO_WRONG;
	}
	return status;
}
