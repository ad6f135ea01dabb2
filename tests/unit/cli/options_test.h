/* SPDX-License-Identifier: BSD-3-Clause */
/* options_test.h - a command line parsed in this process, and all that was said about it. */
#ifndef EBT_TESTS_UNIT_CLI_OPTIONS_TEST_H
#define EBT_TESTS_UNIT_CLI_OPTIONS_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/command_line.h"
#include "model/snapshot.h"
#include "cli/options_table.h"

#define ARGS_MAX 100

/* A parsed command line, and what was said about it. */
struct run {
	struct ebt_command_line line;
	enum ebt_command_line_result result;
	char out[65536], err[4096];
	char *words; /* argv points into it */
	char *argv[ARGS_MAX + 1];
	int argc;
};

static inline int capture(int fd, int *saved)
{
	char path[] = "/tmp/ebt-options-XXXXXX";
	int file = mkstemp(path);

	assert_true(file >= 0);
	unlink(path);
	*saved = dup(fd);
	dup2(file, fd);
	return file;
}

static inline void uncapture(int fd, int saved, int file, char *text, size_t len)
{
	ssize_t n;

	dup2(saved, fd);
	close(saved);
	n = pread(file, text, len - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	close(file);
}

/* words: arguments with | between them. */
static inline void run(struct run *r, const char *words)
{
	int out_saved, err_saved, out_file, err_file;

	r->words = strdup(words);
	r->argc = 0;
	r->argv[r->argc++] = (char *)"execbig-top";
	for (char *p = r->words; p && *words;) {
		assert_true(r->argc < ARGS_MAX);
		r->argv[r->argc++] = strsep(&p, "|");
	}
	r->argv[r->argc] = NULL;
	fflush(stdout);
	fflush(stderr);
	out_file = capture(STDOUT_FILENO, &out_saved);
	err_file = capture(STDERR_FILENO, &err_saved);
	r->result = ebt_command_line_parse(&r->line, r->argc, r->argv);
	fflush(stdout);
	fflush(stderr);
	uncapture(STDOUT_FILENO, out_saved, out_file, r->out, sizeof(r->out));
	uncapture(STDERR_FILENO, err_saved, err_file, r->err, sizeof(r->err));
}

static inline void done(struct run *r)
{
	ebt_command_line_free(&r->line);
	free(r->words);
}

static inline void good(struct run *r, const char *words)
{
	run(r, words);
	if (r->result != EBT_COMMAND_LINE_RUN || r->err[0] || r->out[0])
		fail_msg("%s: said '%s%s'", words, r->out, r->err);
}

/* One sentence on stderr with every one of the texts in it, status 2, nothing on stdout. */
static inline void bad(const char *words, const char *text, const char *text2)
{
	struct run r;
	const char *newline;

	run(&r, words);
	assert_int_equal(r.result, EBT_COMMAND_LINE_EXIT);
	assert_int_equal(r.line.exit_status, EBT_EXIT_USAGE);
	assert_string_equal(r.out, "");
	if (strncmp(r.err, "execbig-top: ", 13) != 0 || !strstr(r.err, text) ||
	    (text2 && !strstr(r.err, text2)))
		fail_msg("%s: said '%s', wanted '%s' and '%s'", words, r.err, text,
			 text2 ? text2 : "");
	newline = strchr(r.err, '\n');
	if (!newline || newline[1])
		fail_msg("%s: not one line: '%s'", words, r.err);
	done(&r);
}

#endif
