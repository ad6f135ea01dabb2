/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * firstevent PROGRAM COMMAND [ARG…] - starts a tracer on a terminal of its own (so that it does not
 * buffer its output) while PROGRAM is executed once a millisecond with the time in its arguments.
 * Prints, in milliseconds since the tracer was started: when the first exec happened that it
 * captured, and when it was shown. Then ends the tracer by SIGINT.
 */
#include <poll.h>
#include <pty.h>
#include <signal.h>

#include "tool.h"

#define TICK	    "ticker="
#define DEADLINE_NS 30000000000u /* times EBT_PATIENCE, on slow machines */

/* The first whole time in the output; 0 when there is none yet. */
static uint64_t find_tick(const char *text)
{
	const char *tick = strstr(text, TICK);
	char *end;
	uint64_t ns;

	if (!tick)
		return 0;
	ns = strtoull(tick + strlen(TICK), &end, 10);
	/* a number that may go on is not the number */
	return *end ? ns : 0;
}

static void end_tracer(pid_t pid, int fd)
{
	char scrap[4096];

	kill(pid, SIGINT);
	while (read(fd, scrap, sizeof(scrap)) > 0)
		;
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	struct winsize size = { .ws_row = 50, .ws_col = 500 };
	static char text[1 << 20];
	size_t len = 0;
	uint64_t start, deadline, tick = 0;
	const char *patience;
	pid_t tracer;
	int fd;

	if (argc < 3) {
		fprintf(stderr, "usage: firstevent PROGRAM COMMAND [ARG]...\n");
		return 2;
	}
	patience = getenv("EBT_PATIENCE");
	deadline = DEADLINE_NS * (patience ? (uint64_t)tool_number(patience, 1, 1000) : 1);
	start = tool_now_ns();
	tracer = forkpty(&fd, NULL, NULL, &size);
	if (tracer < 0)
		tool_die("forkpty");
	if (tracer == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	while (!tick) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		char arg[64];
		char *ticker[] = { argv[1], arg, NULL };
		pid_t pid;
		ssize_t n;

		if (tool_now_ns() - start > deadline || len == sizeof(text) - 1) {
			fprintf(stderr, "%s shows nothing\n", argv[2]);
			end_tracer(tracer, fd);
			return 1;
		}
		snprintf(arg, sizeof(arg), TICK "%llu",
			 (unsigned long long)(tool_now_ns() - start));
		tool_run(argv[1], ticker, &pid);
		if (poll(&p, 1, 1) <= 0)
			continue;
		n = read(fd, text + len, sizeof(text) - 1 - len);
		if (n <= 0) {
			fprintf(stderr, "%s ended early: %s\n", argv[2], text);
			return 1;
		}
		len += (size_t)n;
		tick = find_tick(text);
	}
	printf("%.1f %.1f\n", (double)tick / 1e6, (double)(tool_now_ns() - start) / 1e6);
	end_tracer(tracer, fd);
	return 0;
}
