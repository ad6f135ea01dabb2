/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * again TIMES BYTES - runs itself TIMES times, one exec after the other in the same process, each
 * with arguments that take BYTES bytes (a little more). A tracer is at work on such an exec for
 * milliseconds, and hardly anything else happens in between: at any moment an event is likely to be
 * under way.
 */
#include <sys/resource.h>

#include "tool.h"

#define ARG_BYTES (128u << 10) /* MAX_ARG_STRLEN */

static void begin(char *program, char *times, unsigned long bytes)
{
	static char text[ARG_BYTES];
	size_t n = 0, most = bytes / ARG_BYTES + 1;
	char **argv = calloc(most + 3, sizeof(*argv));
	struct rlimit stack;

	/* A quarter of it is the most that the arguments may take. */
	if (getrlimit(RLIMIT_STACK, &stack) == 0) {
		stack.rlim_cur = stack.rlim_max;
		setrlimit(RLIMIT_STACK, &stack);
	}
	if (!argv)
		tool_die("calloc");
	memset(text, 'x', sizeof(text) - 1);
	argv[n++] = program;
	argv[n++] = times;
	while (n < most + 2)
		argv[n++] = text;
	execv(program, argv);
	tool_die(program);
}

int main(int argc, char **argv)
{
	unsigned long times;

	if (argc < 3) {
		fprintf(stderr, "usage: again TIMES BYTES\n");
		return 2;
	}
	times = (unsigned long)tool_number(argv[1], 0, 1000000);
	if (times == 0)
		return 0;
	if (argc == 3)
		begin(argv[0], argv[1], (unsigned long)tool_number(argv[2], ARG_BYTES, 6 << 20));
	/* Never longer than before, so in its place. */
	sprintf(argv[1], "%lu", times - 1);
	execv(argv[0], argv);
	tool_die(argv[0]);
}
