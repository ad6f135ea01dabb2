/* SPDX-License-Identifier: BSD-3-Clause */
/* compile_response.c - read response files by the rules of libiberty's buildargv(). */
#include "export/compile_response.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/text.h"

#define RESPONSE_MAX_BYTES (1u << 20)
#define RESPONSE_MAX_DEPTH 8u
/* One command line expands to at most this much; more files would only repeat a hostile one. */
#define RESPONSE_MAX_TOTAL (8u << 20)

static int response_expand(struct ebt_compile_response *r, struct ebt_bytes args, unsigned depth,
			   struct ebt_buf *out);

static int response_open(const struct ebt_compile_response *r, struct ebt_bytes name)
{
	_cleanup_buf_ struct ebt_buf path = { 0 };

	if (!name.len)
		return -ENOENT;
	if (name.data[0] != '/') {
		ebt_buf_append(&path, r->cwd.data, r->cwd.len);
		ebt_buf_append(&path, "/", 1);
	}
	ebt_buf_append(&path, name.data, name.len);
	return path.error ? path.error : r->files->open(path.data, r->uid, r->files->arg);
}

/* Append the arguments in text, each ended by NUL: blanks part them, single and double quotes keep
 * blanks, and a backslash keeps the next character. */
static void response_split(struct ebt_buf *args, const char *text, size_t len)
{
	bool in_argument = false;
	char quote = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '\\' && i + 1 < len) {
			ebt_buf_append(args, &text[++i], 1);
			in_argument = true;
		} else if (quote ? c == quote : c == '\'' || c == '"') {
			quote = quote ? 0 : c;
			in_argument = true;
		} else if (!quote && (c == '\0' || strchr(" \t\n\v\f\r", c))) {
			if (in_argument)
				ebt_buf_append(args, "", 1);
			in_argument = false;
		} else {
			ebt_buf_append(args, &c, 1);
			in_argument = true;
		}
	}
	if (in_argument)
		ebt_buf_append(args, "", 1);
}

/* Expand one @name. Return 0, -ENOMEM, or another error when the file cannot be used. */
static int response_include(struct ebt_compile_response *r, struct ebt_bytes name, unsigned depth,
			    struct ebt_buf *out)
{
	_cleanup_buf_ struct ebt_buf text = { .limit = RESPONSE_MAX_BYTES }, args = { 0 };
	_cleanup_close_ int fd = -1;
	int err;

	if (depth >= RESPONSE_MAX_DEPTH || out->len > RESPONSE_MAX_TOTAL)
		return -ELOOP;
	fd = response_open(r, name);
	if (fd < 0)
		return fd;
	err = ebt_read_all(fd, &text);
	if (err)
		return err;
	response_split(&args, text.data, text.len);
	if (args.error)
		return args.error;
	return response_expand(r, (struct ebt_bytes){ args.data, args.len }, depth + 1, out);
}

static int response_expand(struct ebt_compile_response *r, struct ebt_bytes args, unsigned depth,
			   struct ebt_buf *out)
{
	struct ebt_bytes arg;

	while (ebt_text_next_arg(&args, &arg)) {
		if (arg.len && arg.data[0] == '@') {
			struct ebt_bytes name = { arg.data + 1, arg.len - 1 };
			int err = response_include(r, name, depth, out);

			if (!err)
				continue;
			if (err == -ENOMEM)
				return err;
			r->missing++;
		}
		ebt_buf_append(out, arg.data, arg.len);
		ebt_buf_append(out, "", 1);
	}
	return out->error;
}

int ebt_compile_expand_responses(struct ebt_compile_response *response, struct ebt_bytes args,
				 struct ebt_buf *out)
{
	response->missing = 0;
	return response_expand(response, args, 0, out);
}
