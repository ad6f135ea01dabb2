/* SPDX-License-Identifier: BSD-3-Clause */
/* text_quote.c - command lines as a shell would need them, safe to show. */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

#include "base/text_scan.h"

enum quoting { QUOTE_BARE, QUOTE_SINGLE, QUOTE_DOLLAR };

/* Is c one that no shell takes for anything but itself? */
static bool bare_char(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_@%+=:,./-", c));
}

/* How the first `room` bytes of the argument have to be quoted. */
static enum quoting quoting_of(struct ebt_bytes arg, size_t room, unsigned flags)
{
	const char *end = arg.data + (arg.len < room ? arg.len : room);
	struct ebt_glyph g;
	size_t bare = 0;

	if (!arg.len)
		return QUOTE_SINGLE;
	while (arg.data + bare < end && bare_char(arg.data[bare]))
		bare++;
	if (arg.data + bare >= end)
		return QUOTE_BARE;
	while (arg.data < end) {
		size_t run = ebt_text_plain_run(arg.data, arg.len, flags);

		if (memchr(arg.data, '\'', run))
			return QUOTE_DOLLAR;
		arg.data += run;
		arg.len -= run;
		if (ebt_text_next(&arg, flags, &g) && (g.escaped || g.text[0] == '\''))
			return QUOTE_DOLLAR;
	}
	return QUOTE_SINGLE;
}

/* Where to write, and how much of it is left. */
struct bounded {
	struct ebt_buf *out;
	size_t room;
};

/* 0, 1: no room for all of it (nothing is written), -errno. */
static int put(struct bounded *b, const char *text, size_t len)
{
	if (len > b->room)
		return 1;
	b->room -= len;
	return ebt_buf_append(b->out, text, len);
}

static bool needs_backslash(char c)
{
	return c == '\'' || c == '\\';
}

/* A piece of plain text, inside $'…' or not. Cut in the middle when there is no room. */
static int put_plain(struct bounded *b, const char *p, size_t len, bool dollar)
{
	int r = 0;

	while (len && r == 0) {
		size_t run = 0;

		if (dollar)
			while (run < len && !needs_backslash(p[run]))
				run++;
		else
			run = len;
		if (run > b->room) {
			r = put(b, p, b->room);
			return r < 0 ? r : 1;
		}
		r = put(b, p, run);
		if (r == 0 && run < len) {
			char pair[2] = { '\\', p[run] };

			r = put(b, pair, 2);
			run++;
		}
		p += run;
		len -= run;
	}
	return r;
}

/* Whole or not at all. */
static int put_glyph(struct bounded *b, const struct ebt_glyph *g, bool backslash)
{
	char text[sizeof(g->text) + 1] = "\\";

	memcpy(text + backslash, g->text, g->len);
	return put(b, text, g->len + backslash);
}

static int put_quoted(struct bounded *b, struct ebt_bytes arg, bool dollar, unsigned flags)
{
	struct ebt_glyph g;
	int r = dollar ? put(b, "$'", 2) : put(b, "'", 1);

	while (r == 0 && arg.len) {
		size_t run = ebt_text_plain_run(arg.data, arg.len, flags);

		if (run) {
			r = put_plain(b, arg.data, run, dollar);
		} else {
			struct ebt_bytes rest = arg;

			if (!ebt_text_next(&rest, flags, &g))
				break;
			run = rest.data - arg.data;
			r = put_glyph(b, &g, dollar && !g.escaped && needs_backslash(g.text[0]));
		}
		arg.data += run;
		arg.len -= run;
	}
	return r ? r : put(b, "'", 1);
}

/* first: argument 0, where a = would make it an assignment instead of a command. */
static int quote_bounded(struct bounded *b, struct ebt_bytes arg, bool first, unsigned flags)
{
	enum quoting how;

	/* Only what can be shown is looked at: an argument can be megabytes long. */
	if (arg.len > b->room && arg.len - b->room > EBT_TEXT_LOOKAHEAD)
		arg.len = b->room + EBT_TEXT_LOOKAHEAD;
	how = quoting_of(arg, b->room, flags);
	if (first && how == QUOTE_BARE && memchr(arg.data, '=', arg.len))
		how = QUOTE_SINGLE;
	if (how == QUOTE_BARE)
		return put_plain(b, arg.data, arg.len, false);
	return put_quoted(b, arg, how == QUOTE_DOLLAR, flags);
}

int ebt_text_quote(struct ebt_buf *out, struct ebt_bytes arg, unsigned flags)
{
	struct bounded b = { out, SIZE_MAX };

	return out->error ? out->error : quote_bounded(&b, arg, false, flags);
}

int ebt_text_quote_args(struct ebt_buf *out, struct ebt_bytes args, size_t max_bytes,
			unsigned flags)
{
	struct bounded b = { out, max_bytes ? max_bytes : SIZE_MAX };
	struct ebt_bytes arg;
	bool first = true;
	int r = out->error;

	while (r == 0 && ebt_text_next_arg(&args, &arg)) {
		if (!first)
			r = put(&b, " ", 1);
		if (r == 0)
			r = quote_bounded(&b, arg, first, flags);
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
