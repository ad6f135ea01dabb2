/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/command_file.h"

#include <string.h>

#include "base/text.h"

#define COMMAND_COMM_MAX 15 /* TASK_COMM_LEN without its NUL */

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

/* True when the last component of an argument is a command name, as far as the kernel keeps it. */
static bool command_is_comm(struct ebt_bytes arg, struct ebt_bytes comm)
{
	arg = command_last_component(arg);
	if (arg.len > 1 && arg.data[0] == '-') {
		arg.data++;
		arg.len--;
	}
	if (comm.len >= COMMAND_COMM_MAX && arg.len > comm.len)
		arg.len = comm.len;
	return ebt_bytes_equal(arg, comm);
}

/* Return whether the first argument can name the file of a process that ran before the tracer: it is the
 * command name, or an interpreter followed by a script of that name. */
static bool command_names_before(const struct ebt_exec_command *c, struct ebt_bytes first,
				 struct ebt_bytes rest)
{
	struct ebt_bytes second;

	return command_names(first, c->exe) || (first.len && command_is_comm(first, c->comm)) ||
	       (first.len && ebt_text_next_arg(&rest, &second) && command_is_comm(second, c->comm));
}

const char *ebt_command_no_file(const struct ebt_exec_command *c)
{
	struct ebt_bytes rest = c->args, first;

	if (c->before && !c->exe.len && ebt_text_next_arg(&rest, &first) && !first.len)
		return "file unknown";
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
	if (c->before)
		return command_names_before(c, first, rest) ? none : c->exe;
	if (c->script || command_names(first, c->filename) || command_names(first, c->exe))
		return none;
	/* Links have other names than their files: without the name that was passed nothing is odd. */
	if (!c->filename.len && first.len)
		return none;
	return c->exe.len ? c->exe : c->filename;
}
