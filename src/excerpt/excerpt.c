/* SPDX-License-Identifier: BSD-3-Clause */
#include "excerpt/excerpt.h"

#include <errno.h>

#include "base/text.h"
#include "sink/sink.h"

bool ebt_excerpt_is_exec(const struct ebt_row *row)
{
	return row->kind == EBT_ROW_EXEC && !row->seeded && row->mono_ns;
}

void ebt_excerpt_exec(const struct ebt_row *row, struct ebt_event *ev)
{
	*ev = (struct ebt_event){
		.type = EBT_EVENT_EXEC,
		.cpu = row->cpu,
		.seq = row->seq,
		.mono_ns = row->mono_ns,
		.exec = { .pid = row->pid,
			  .ppid = row->ppid,
			  .tid = row->tid,
			  .vpid = row->vpid,
			  .uid = row->uid,
			  .euid = row->euid,
			  .gid = row->gid,
			  .egid = row->egid,
			  .loginuid = row->loginuid,
			  .sessionid = row->sessionid,
			  .pid_ns = row->pid_ns,
			  .mnt_ns = row->mnt_ns,
			  .ret = row->ret,
			  .flags = row->flags,
			  .argc = row->argc,
			  .envc = row->envc,
			  .exe_dev = row->exe_dev,
			  .exe_ino = row->exe_ino,
			  .cgroup_id = row->cgroup_id,
			  .start_ns = row->start_ns,
			  .parent_start_ns = row->parent_start_ns,
			  .args_bytes = row->args_bytes,
			  .args_captured = row->args_captured,
			  .env_bytes = row->env_bytes,
			  .env_captured = row->env_captured,
			  .comm = row->comm,
			  .prev_comm = row->prev_comm,
			  .tty = row->tty,
			  .parent_comm = row->parent_comm,
			  .filename = row->filename,
			  .exe = row->exe,
			  .cwd = row->cwd,
			  .args = row->args,
			  .env = row->env },
	};
}

bool ebt_excerpt_exit(const struct ebt_row *row, struct ebt_event *ev)
{
	uint64_t at_ns = row->mono_ns + row->run_ns, life_ns = ebt_row_life_ns(row);

	if (!ebt_excerpt_is_exec(row) || row->ret < 0 || !row->ended || row->replaced)
		return false;
	*ev = (struct ebt_event){
		.type = EBT_EVENT_EXIT,
		.cpu = row->exit_cpu,
		.seq = row->exit_seq,
		.mono_ns = at_ns,
		.exit = { .pid = row->pid,
			  .ppid = row->ppid,
			  .uid = row->uid,
			  .status = row->status,
			  .start_ns = row->start_ns,
			  .lifetime_ns = life_ns ? life_ns : row->run_ns,
			  .utime_ns = row->utime_ns,
			  .stime_ns = row->stime_ns,
			  .maxrss_bytes = row->maxrss_bytes,
			  .loginuid = EBT_EV_UNSET,
			  .sessionid = EBT_EV_UNSET,
			  .comm = row->comm },
	};
	return true;
}

int ebt_excerpt_command(const struct ebt_row *row, unsigned text_flags, struct ebt_buf *out)
{
	struct ebt_bytes text = row->args;

	if (row->kind == EBT_ROW_HOMEO) {
		text.len -= text.len > 0; /* without its NUL */
		return ebt_text_escape(out, text, text_flags);
	}
	if (text.len)
		return ebt_text_quote_args(out, text, 0, text_flags);
	text = row->exe.len && row->ret >= 0 ? row->exe : row->filename;
	return ebt_text_quote(out, text.len ? text : row->comm, text_flags);
}

int ebt_excerpt_json(const struct ebt_row *row, const struct ebt_model *names, struct ebt_buf *out)
{
	struct ebt_sink_options options = { .format = EBT_SINK_JSON,
					    .fd = -1,
					    .mono_to_real_ns =
						    (int64_t)(row->real_ns - row->mono_ns),
					    .names = names };
	struct ebt_sink *sink = NULL;
	struct ebt_event ev;
	int err;

	if (!ebt_excerpt_is_exec(row))
		return -EINVAL;
	err = ebt_sink_new(&sink, &options);
	if (err)
		return err;
	ebt_excerpt_exec(row, &ev);
	err = ebt_sink_event(sink, &ev);
	if (!err)
		err = ebt_sink_take(sink, out);
	ebt_sink_free(&sink);
	return err;
}
