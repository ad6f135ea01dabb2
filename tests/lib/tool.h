/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tool.h - what the load generators share: deterministic arguments, JSON expectations, hashing.
 *
 * The generators print what a tracer must have seen, so that a test compares two outputs and holds
 * no numbers of its own. Static programs: nothing but their own exec and exit happens in them.
 */
#ifndef EBT_TESTS_TOOL_H
#define EBT_TESTS_TOOL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TOOL_ARG_MAX  600  /* longest argument tool_random_arg writes, NUL included */
#define TOOL_JSON_MAX 8000 /* a line of expectation; below PIPE_BUF * 2, written by one write */

static inline void __attribute__((noreturn)) tool_die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static inline long tool_number(const char *text, long min, long max)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || *end || end == text || n < min || n > max) {
		fprintf(stderr, "number out of range %ld..%ld: %s\n", min, max, text);
		exit(2);
	}
	return n;
}

static inline uint64_t tool_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* splitmix64 (Steele, Lea, Flood 2014): a good sequence from any seed, 0 included. */
static inline uint64_t tool_random(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* FNV-1a 64, http://www.isthe.com/chongo/tech/comp/fnv/ */
#define TOOL_FNV_INIT 0xcbf29ce484222325u
static inline uint64_t tool_fnv(uint64_t hash, const void *data, size_t len)
{
	const unsigned char *p = data;

	while (len--)
		hash = (hash ^ *p++) * 0x100000001b3u;
	return hash;
}

/*
 * The argument of number `index`: 0 to 500 bytes of valid UTF-8 with everything in it that a
 * tracer's output must escape: quotes, backslashes, newlines, tabs, control bytes, wide characters.
 */
static inline void tool_random_arg(char out[TOOL_ARG_MAX], uint64_t index)
{
	static const char *const pieces[] = {
		"\"",	  "\\",	      "\n",	      "\t",   " ",  "'",  "$x",
		"\x1b[m", "\xc3\xa4", "\xe6\xbc\xa2", "\x7f", "\r", "--", "\xf0\x9f\x90\x9d"
	};
	uint64_t state = index;
	size_t want = tool_random(&state) % 500;
	size_t len = 0;

	while (len < want) {
		uint64_t r = tool_random(&state);
		const char *piece = pieces[(r >> 8) % (sizeof(pieces) / sizeof(pieces[0]))];

		if (r % 8)
			out[len++] = "abcdefghijklmnopqrstuvwxyzABCDEF"[(r >> 8) % 32];
		else
			len = (size_t)(stpcpy(out + len, piece) - out);
	}
	out[len] = '\0';
}

/* Appends text as a JSON string; text is valid UTF-8. */
static inline char *tool_json_string(char *out, const char *text)
{
	*out++ = '"';
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			out += sprintf(out, "\\%c", c);
		else if (c < 0x20)
			out += sprintf(out, "\\u%04x", c);
		else
			*out++ = (char)c;
	}
	*out++ = '"';
	*out = '\0';
	return out;
}

/* One line {"pid":…,"ppid":…,"status":…,"args":[…]} on stdout, by one write. */
static inline void tool_expect(pid_t pid, int exit_code, char *const argv[])
{
	char line[TOOL_JSON_MAX];
	char *p = line;

	p += sprintf(p, "{\"pid\":%d,\"ppid\":%d,\"exit_code\":%d,\"args\":[", (int)pid,
		     (int)getpid(), exit_code);
	for (int i = 0; argv[i]; i++) {
		if (i)
			*p++ = ',';
		p = tool_json_string(p, argv[i]);
	}
	p = stpcpy(p, "]}\n");
	if (write(STDOUT_FILENO, line, (size_t)(p - line)) != p - line)
		tool_die("write");
}

/* fork + exec + wait; 0 or the child's exit code. Dies when the child could not run. */
static inline int tool_run(const char *path, char *const argv[], pid_t *pid)
{
	static char *const no_env[] = { NULL };
	int status;

	*pid = fork();
	if (*pid < 0)
		tool_die("fork");
	if (*pid == 0) {
		execve(path, argv, no_env);
		_exit(255);
	}
	while (waitpid(*pid, &status, 0) < 0)
		if (errno != EINTR)
			tool_die("waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status) == 255) {
		fprintf(stderr, "%s did not run: wait status %#x\n", path, (unsigned)status);
		exit(1);
	}
	return WEXITSTATUS(status);
}

#endif
