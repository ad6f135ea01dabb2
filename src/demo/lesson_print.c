/* SPDX-License-Identifier: BSD-3-Clause */
/* lesson_print.c - print the stages, expectations and failures of a lesson */
#include <stdarg.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "base/failure.h"
#include "base/text.h"
#include "demo/lesson.h"

/* Wait for one key (without Enter, if standard input is a terminal). Return false for q or at the
 * end of input. */
static bool wait_key(void)
{
	struct termios old, raw;
	bool tty = tcgetattr(STDIN_FILENO, &old) == 0;
	char key = 0;
	ssize_t n;

	if (tty) {
		raw = old;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	n = read(STDIN_FILENO, &key, 1);
	if (tty)
		tcsetattr(STDIN_FILENO, TCSANOW, &old);
	return n == 1 && key != 'q';
}

void ebt_demo_stage(struct ebt_demo *d, const char *fmt, ...)
{
	va_list ap;

	if (d->options->step && d->stages && !d->quit) {
		printf("\n-- press a key to continue, q to quit --");
		fflush(stdout);
		d->quit = !wait_key();
		printf("\n");
		if (d->quit)
			exit(d->wrong ? EBT_DEMO_WRONG : EBT_DEMO_OK);
	}
	printf("\n%u. ", ++d->stages);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
}

static void print_line(const char *line, size_t len)
{
	_cleanup_buf_ struct ebt_buf plain = { 0 }, safe = { 0 };

	for (size_t i = 0; i < len; i++)
		ebt_buf_append(&plain, line[i] == '\t' ? "    " : &line[i],
			       line[i] == '\t' ? 4 : 1);
	ebt_text_escape(&safe, (struct ebt_bytes){ plain.data, plain.len }, 0);
	printf("   | %.*s\n", (int)safe.len, safe.data ? safe.data : "");
}

/* Count the lines, without empty ones at the end. */
static unsigned count_lines(const char *words)
{
	size_t len = strlen(words);
	unsigned n = 1;

	while (len && words[len - 1] == '\n')
		len--;
	for (size_t i = 0; i < len; i++)
		n += words[i] == '\n';
	return len ? n : 0;
}

void ebt_demo_words(const char *words, unsigned max_lines)
{
	unsigned n = words ? count_lines(words) : 0, skip = 0;

	if (max_lines && n > max_lines)
		skip = n - max_lines;
	if (skip)
		printf("   | [%u lines omitted]\n", skip);
	for (unsigned i = 0; i < n; i++) {
		size_t len = strcspn(words, "\n");

		if (i >= skip)
			print_line(words, len);
		words += len + (words[len] == '\n');
	}
}

bool ebt_demo_expect(struct ebt_demo *d, bool cond, const char *fmt, ...)
{
	va_list ap;

	printf("%s", cond ? "   as expected: " : "   NOT AS EXPECTED: ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	if (!cond)
		d->wrong++;
	return cond;
}

int ebt_demo_lacks(struct ebt_demo *d, const char *fmt, ...)
{
	va_list ap;

	printf("   this kernel lacks: ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	d->lacks = true;
	return -EOPNOTSUPP;
}

int ebt_demo_fail(struct ebt_demo *d, int err, const char *fmt, ...)
{
	va_list ap;

	printf("   FAILED: ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf(": %s\n", ebt_strerror(-err));
	d->wrong++;
	return err;
}

char *ebt_demo_safe(char *out, size_t out_len, const char *bytes, size_t len)
{
	_cleanup_buf_ struct ebt_buf safe = { 0 };

	ebt_text_escape(&safe, (struct ebt_bytes){ bytes, strnlen(bytes, len) }, EBT_TEXT_ASCII);
	snprintf(out, out_len, "%s", safe.data ? safe.data : "");
	return out;
}
