/* SPDX-License-Identifier: BSD-3-Clause */
/* text_quote.c - command lines as a shell would need them, safe to show. */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

#include "base/text_scan.h"

/* How a part of an argument is written. Every form means the same bytes in bash, zsh and dash, in any
 * locale; $'…' does not, because dash does not know it. */
enum quote_form {
	QUOTE_BARE,
	QUOTE_SINGLE, /* 'two words', with '\'' for an apostrophe */
	QUOTE_PRINTF, /* $(printf 'a\033b'), because of bytes that must not reach a terminal */
};

/* A shell drops the newlines at the end of $(…), so they follow in a variable. The first expansion is
 * empty (PPID begins with a digit); it is there to set nl to a newline and a dot. */
#define QUOTE_NEWLINE_SET "${PPID##[0-9\"${nl=$(printf '\\n.')}\"]*}"
#define QUOTE_NEWLINE	  "${nl%.}"

/* Is c one that no shell takes for anything but itself? */
static bool quote_bare_char(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_@%+=:,./-", c));
}

static bool quote_all_bare(struct ebt_bytes text)
{
	while (text.len && quote_bare_char(text.data[0])) {
		text.data++;
		text.len--;
	}
	return text.len == 0;
}

/* Return how the first `room` bytes of the text have to be written. */
static enum quote_form quote_form_of(struct ebt_bytes text, size_t room, unsigned flags)
{
	const char *end = text.data + (text.len < room ? text.len : room);
	struct ebt_glyph g;

	if (text.len && quote_all_bare((struct ebt_bytes){ text.data, end - text.data }))
		return QUOTE_BARE;
	while (text.data < end) {
		size_t run = ebt_text_plain_run(text.data, text.len, flags);

		text.data += run;
		text.len -= run;
		if (ebt_text_next(&text, flags, &g) && g.escaped)
			return QUOTE_PRINTF;
	}
	return QUOTE_SINGLE;
}

/* Return whether the output of printf would be split into words or taken for a pattern. */
static bool quote_would_split(struct ebt_bytes text, size_t room)
{
	size_t len = text.len < room ? text.len : room;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = text.data[i];

		if (c == '\t' || c == '\n' || (ebt_text_printable(c) && !quote_bare_char(c)))
			return true;
	}
	return false;
}

/* The place to write to, and how many bytes may still be written. */
struct quote_out {
	struct ebt_buf *out;
	size_t room;
};

/* Return 0, 1 when there is no room for all of it (nothing is written then), or -errno. */
static int quote_put(struct quote_out *q, const char *text, size_t len)
{
	if (len > q->room)
		return 1;
	q->room -= len;
	return ebt_buf_append(q->out, text, len);
}

/* Write a character of a format of printf so that neither printf nor an interactive shell, which
 * looks for ! inside double quotes, takes it for anything else. */
static int quote_put_format_char(struct quote_out *q, char c)
{
	switch (c) {
	case '\'':
		return quote_put(q, "\\047", 4);
	case '!':
		return quote_put(q, "\\041", 4);
	case '\\':
		return quote_put(q, "\\\\", 2);
	case '%':
		return quote_put(q, "%%", 2);
	default:
		return quote_put(q, &c, 1);
	}
}

static bool quote_is_special(char c, enum quote_form form)
{
	return c == '\'' || (form == QUOTE_PRINTF && (c == '!' || c == '\\' || c == '%'));
}

/* Write plain text, cut in the middle when there is no room. */
static int quote_put_plain(struct quote_out *q, struct ebt_bytes text, enum quote_form form)
{
	int r = 0;

	while (text.len && r == 0) {
		size_t run = 0;

		if (form == QUOTE_BARE)
			run = text.len;
		else
			while (run < text.len && !quote_is_special(text.data[run], form))
				run++;
		if (run > q->room) {
			r = quote_put(q, text.data, q->room);
			return r < 0 ? r : 1;
		}
		r = quote_put(q, text.data, run);
		if (r == 0 && run < text.len) {
			r = form == QUOTE_PRINTF ? quote_put_format_char(q, text.data[run])
						 : quote_put(q, "'\\''", 4);
			run++;
		}
		text.data += run;
		text.len -= run;
	}
	return r;
}

/* Write bytes that are not shown, all of them or none. raw is at most one character long. */
static int quote_put_octal(struct quote_out *q, struct ebt_bytes raw)
{
	char text[4 * EBT_TEXT_LOOKAHEAD];
	size_t len = 0;

	for (size_t i = 0; i < raw.len && i < EBT_TEXT_LOOKAHEAD; i++) {
		unsigned char c = raw.data[i];

		text[len++] = '\\';
		if (c == '\n' || c == '\t' || c == '\r') {
			text[len++] = c == '\n' ? 'n' : c == '\t' ? 't' : 'r';
			continue;
		}
		text[len++] = (char)('0' + (c >> 6));
		text[len++] = (char)('0' + (c >> 3 & 7));
		text[len++] = (char)('0' + (c & 7));
	}
	return quote_put(q, text, len);
}

/* Write one character: a safe one with the marks on it, which may follow a quote or a backslash. */
static int quote_put_glyph(struct quote_out *q, const struct ebt_glyph *g, struct ebt_bytes raw,
			   enum quote_form form)
{
	struct quote_out whole = { q->out, q->room };
	int r;

	if (g->escaped)
		return quote_put_octal(q, raw);
	if (!quote_is_special(g->text[0], form))
		return quote_put(q, g->text, g->len);
	if (q->room < 4 + (size_t)g->len)
		return 1;
	r = quote_put_plain(&whole, (struct ebt_bytes){ g->text, 1 }, form);
	if (r == 0)
		r = quote_put(&whole, g->text + 1, g->len - 1u);
	q->room = whole.room;
	return r;
}

static int quote_put_inside(struct quote_out *q, struct ebt_bytes text, enum quote_form form,
			    unsigned flags)
{
	struct ebt_glyph g;
	int r = 0;

	if (form == QUOTE_PRINTF && text.len && text.data[0] == '-') {
		r = quote_put(q, "\\055", 4); /* printf would take it for an option */
		text.data++;
		text.len--;
	}
	while (r == 0 && text.len) {
		struct ebt_bytes rest = text;
		size_t run = ebt_text_plain_run(text.data, text.len, flags);

		if (run) {
			r = quote_put_plain(q, (struct ebt_bytes){ text.data, run }, form);
		} else {
			if (!ebt_text_next(&rest, flags, &g))
				break;
			run = rest.data - text.data;
			r = quote_put_glyph(q, &g, (struct ebt_bytes){ text.data, run }, form);
		}
		text.data += run;
		text.len -= run;
	}
	return r;
}

static int quote_put_form(struct quote_out *q, struct ebt_bytes text, enum quote_form form,
			  unsigned flags)
{
	bool split = form == QUOTE_PRINTF && quote_would_split(text, q->room);
	const char *begin = "'", *end = "'";
	int r;

	if (form == QUOTE_BARE)
		return quote_put_plain(q, text, form);
	if (form == QUOTE_PRINTF) {
		begin = split ? "\"$(printf '" : "$(printf '";
		end = split ? "')\"" : "')";
	}
	r = quote_put(q, begin, strlen(begin));
	if (r == 0)
		r = quote_put_inside(q, text, form, flags);
	return r ? r : quote_put(q, end, strlen(end));
}

/* Write the newlines at the end of an argument, as many as have room. */
static int quote_put_newlines(struct quote_out *q, size_t count)
{
	int r = quote_put(q, "\"" QUOTE_NEWLINE_SET, sizeof("\"" QUOTE_NEWLINE_SET) - 1);

	while (r == 0 && count--)
		r = quote_put(q, QUOTE_NEWLINE, sizeof(QUOTE_NEWLINE) - 1);
	return r ? r : quote_put(q, "\"", 1);
}

/* Return whether a shell takes a bare word for something else than an argument: zsh replaces =ls by
 * a path, and the first word could be an assignment, a job or a word of the language. */
static bool quote_means_more(struct ebt_bytes word, bool first)
{
	/* The reserved words of bash and zsh that are made of bare characters. */
	static const char reserved[] = " case coproc declare do done elif else end esac export fi "
				       "float for foreach function if in integer local nocorrect "
				       "readonly repeat select then time typeset until while ";
	char look[16];

	if (word.data[0] == '=')
		return true;
	if (!first)
		return false;
	if (word.data[0] == '%' || memchr(word.data, '=', word.len))
		return true;
	if (word.len > sizeof(look) - 3)
		return false;
	look[0] = ' ';
	memcpy(look + 1, word.data, word.len);
	look[word.len + 1] = ' ';
	look[word.len + 2] = '\0';
	return strstr(reserved, look);
}

/* first: the argument is the first one, which a shell takes for the name of a program. */
static int quote_bounded(struct quote_out *q, struct ebt_bytes arg, bool first, unsigned flags)
{
	enum quote_form form;
	size_t newlines = 0;
	int r = 0;

	/* Only what can be shown is looked at, because an argument can be megabytes long. */
	if (arg.len > q->room && arg.len - q->room > EBT_TEXT_LOOKAHEAD)
		arg.len = q->room + EBT_TEXT_LOOKAHEAD;
	while (arg.len && arg.data[arg.len - 1] == '\n') {
		arg.len--;
		newlines++;
	}
	form = quote_form_of(arg, q->room, flags);
	if (form == QUOTE_BARE && quote_means_more(arg, first))
		form = QUOTE_SINGLE;
	if (arg.len || !newlines)
		r = quote_put_form(q, arg, form, flags);
	return r || !newlines ? r : quote_put_newlines(q, newlines);
}

int ebt_text_quote(struct ebt_buf *out, struct ebt_bytes arg, unsigned flags)
{
	struct quote_out q = { out, SIZE_MAX };

	return out->error ? out->error : quote_bounded(&q, arg, false, flags);
}

int ebt_text_quote_args(struct ebt_buf *out, struct ebt_bytes args, size_t max_bytes,
			unsigned flags)
{
	struct quote_out q = { out, max_bytes ? max_bytes : SIZE_MAX };
	struct ebt_bytes arg;
	bool first = true;
	int r = out->error;

	while (r == 0 && ebt_text_next_arg(&args, &arg)) {
		if (!first)
			r = quote_put(&q, " ", 1);
		if (r == 0)
			r = quote_bounded(&q, arg, first, flags);
		first = false;
	}
	return r;
}

int ebt_text_join_args(struct ebt_buf *out, struct ebt_bytes args)
{
	size_t begin = out->len;
	int err;

	if (args.len && args.data[args.len - 1] == '\0')
		args.len--;
	err = ebt_buf_append(out, args.data, args.len);
	for (char *nul = out->data + begin, *end = nul + args.len; !err; *nul++ = ' ') {
		nul = memchr(nul, '\0', (size_t)(end - nul));
		if (!nul)
			break;
	}
	return err;
}

bool ebt_text_next_arg(struct ebt_bytes *args, struct ebt_bytes *arg)
{
	const char *nul;

	if (!args->len)
		return false;
	nul = memchr(args->data, '\0', args->len);
	arg->data = args->data;
	arg->len = nul ? (size_t)(nul - args->data) : args->len;
	args->data += arg->len + (nul ? 1 : 0);
	args->len -= arg->len + (nul ? 1 : 0);
	return true;
}
