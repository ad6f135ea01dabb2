/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/command_file.h"

#include <string.h>

#include "base/text.h"

static struct ebt_bytes command_last_component(struct ebt_bytes path)
{
	const char *slash = path.len ? memrchr(path.data, '/', path.len) : NULL;

	if (!slash)
		return path;
	return (struct ebt_bytes){ slash + 1, (size_t)(path.data + path.len - slash) - 1 };
}

/* True when the first argument stands for that file. A login shell has a - before its name. */
static bool command_names(struct ebt_bytes arg, struct ebt_bytes file)
{
	if (!file.len || !arg.len)
		return false;
	if (ebt_bytes_equal(arg, file))
		return true;
	if (memchr(arg.data, '/', arg.len))
		return false;
	file = command_last_component(file);
	if (arg.len > 1 && arg.data[0] == '-' && (!file.len || file.data[0] != '-')) {
		arg.data++;
		arg.len--;
	}
	return ebt_bytes_equal(arg, file);
}

const char *ebt_command_no_file(const struct ebt_exec_command *c)
{
	if (!c->failed || c->filename.len)
		return NULL;
	return c->filename_unread ? "file name unknown" : "''";
}

struct ebt_bytes ebt_command_file(const struct ebt_exec_command *c)
{
	struct ebt_bytes rest = c->args, first, none = { 0 };

	if (!ebt_text_next_arg(&rest, &first))
		return none;
	if (c->failed)
		return ebt_bytes_equal(first, c->filename) ? none : c->filename;
	if (c->script || command_names(first, c->filename) || command_names(first, c->exe))
		return none;
	/* Links have other names than their files: without the name that was passed nothing is odd. */
	if (!c->filename.len && first.len)
		return none;
	return c->exe.len ? c->exe : c->filename;
}
