/* SPDX-License-Identifier: BSD-3-Clause */
/* row.c - read packed rows */
#include <stdlib.h>
#include <string.h>

#include "model/history.h"

struct ebt_bytes ebt_hist_text(const struct ebt_hist_row *row, enum ebt_hist_text which)
{
	const char *at = row->text;

	if (which == EBT_TEXT_FILENAME && row->filename_is_exe)
		which = EBT_TEXT_EXE;
	for (unsigned i = 0; i < (unsigned)which; i++)
		at += row->len[i];
	return (struct ebt_bytes){ at, row->len[which] };
}

struct ebt_hist_row *ebt_hist_row_keep(const struct ebt_hist_row *row, size_t args_max)
{
	struct ebt_bytes args = ebt_hist_text(row, EBT_TEXT_ARGS);
	size_t text = (size_t)(args.data - row->text);
	bool cut = args.len > args_max;
	struct ebt_hist_row *copy;

	if (cut)
		args.len = args_max;
	copy = malloc(sizeof(*copy) + text + args.len);
	if (!copy)
		return NULL;
	memcpy(copy, row, sizeof(*copy) + text + args.len);
	copy->len[EBT_TEXT_ARGS] = (uint32_t)args.len;
	copy->len[EBT_TEXT_ENV] = 0;
	if (cut)
		copy->args_captured = (uint32_t)args.len;
	copy->unsure = false; /* the filter knows rows of the history only */
	copy->size = (uint32_t)(sizeof(*copy) + text + args.len);
	return copy;
}

struct ebt_hist_row *ebt_hist_row_seed(struct ebt_bytes comm, struct ebt_bytes exe,
				       struct ebt_bytes args, size_t args_max)
{
	struct ebt_bytes stored = args, arg = args;
	struct ebt_hist_row *row;
	size_t size;

	if (comm.len > EBT_COMM_LEN)
		comm.len = EBT_COMM_LEN;
	if (stored.len > args_max)
		stored.len = args_max;
	size = sizeof(*row) + comm.len + exe.len + stored.len;
	row = calloc(1, size);
	if (!row)
		return NULL;
	row->size = (uint32_t)size;
	row->seeded = true;
	row->tid = row->vpid = 0;
	row->loginuid = row->sessionid = EBT_UNSET;
	row->args_bytes = (uint32_t)(args.len < UINT32_MAX ? args.len : UINT32_MAX);
	row->args_captured = args.len > stored.len ? (uint32_t)stored.len : row->args_bytes;
	while (arg.len > 0) {
		const char *nul = memchr(arg.data, '\0', arg.len);
		size_t len = nul ? (size_t)(nul - arg.data) + 1 : arg.len;

		arg.data += len;
		arg.len -= len;
		row->argc++;
	}
	row->len[EBT_TEXT_COMM] = (uint32_t)comm.len;
	row->len[EBT_TEXT_EXE] = (uint32_t)exe.len;
	row->len[EBT_TEXT_ARGS] = (uint32_t)stored.len;
	if (comm.len > 0)
		memcpy(row->text, comm.data, comm.len);
	if (exe.len > 0)
		memcpy(row->text + comm.len, exe.data, exe.len);
	if (stored.len > 0)
		memcpy(row->text + comm.len + exe.len, stored.data, stored.len);
	return row;
}

static void fill_numbers(const struct ebt_hist_row *row, struct ebt_row *out)
{
	*out = (struct ebt_row){
		.kind = (enum ebt_row_kind)row->kind,
		.id = row->id,
		.mono_ns = row->mono_ns,
		.real_ns = row->real_ns,
		.cpu = row->cpu,
		.seq = row->seq,
		.pid = row->pid,
		.ppid = row->ppid,
		.uid = row->uid,
		.euid = row->euid,
		.gid = row->gid,
		.egid = row->egid,
		.loginuid = row->loginuid,
		.tid = row->tid,
		.vpid = row->vpid,
		.sessionid = row->sessionid,
		.pid_ns = row->pid_ns,
		.mnt_ns = row->mnt_ns,
		.ret = row->ret,
		.flags = row->flags | (row->unsure ? EBT_EV_MATCH_UNKNOWN : 0),
		.argc = row->argc,
		.envc = row->envc,
		.args_bytes = row->args_bytes,
		.args_captured = row->args_captured,
		.env_bytes = row->env_bytes,
		.env_captured = row->env_captured,
		.cgroup_id = row->cgroup_id,
		.exe_ino = row->exe_ino,
		.exe_dev = row->exe_dev,
		.start_ns = row->start_ns,
		.parent_start_ns = row->parent_start_ns,
		.status = row->status,
		.exit_seq = row->exit_seq,
		.exit_cpu = row->exit_cpu,
		.utime_ns = row->utime_ns,
		.stime_ns = row->stime_ns,
		.maxrss_bytes = row->maxrss_bytes,
		.seeded = row->seeded,
	};
}

void ebt_hist_row_fill(const struct ebt_hist_row *row, uint64_t now_ns, struct ebt_row *out)
{
	struct ebt_bytes text[EBT_TEXT_MAX];
	const char *at = row->text;

	fill_numbers(row, out);
	out->ended = row->end != EBT_END_NONE;
	out->exit_unknown = row->end == EBT_END_UNKNOWN;
	out->replaced = row->end == EBT_END_REPLACED || row->end == EBT_END_UNKNOWN;
	if (out->ended)
		out->run_ns = row->run_ns;
	else
		out->run_ns = now_ns > row->mono_ns ? now_ns - row->mono_ns : 0;
	for (unsigned i = 0; i < EBT_TEXT_MAX; i++) {
		text[i] = (struct ebt_bytes){ at, row->len[i] };
		at += row->len[i];
	}
	out->comm = text[EBT_TEXT_COMM];
	out->prev_comm = text[EBT_TEXT_PREV_COMM];
	out->parent_comm = text[EBT_TEXT_PARENT_COMM];
	out->tty = text[EBT_TEXT_TTY];
	out->filename = text[row->filename_is_exe ? EBT_TEXT_EXE : EBT_TEXT_FILENAME];
	out->exe = text[EBT_TEXT_EXE];
	out->cwd = text[EBT_TEXT_CWD];
	out->args = text[EBT_TEXT_ARGS];
	out->env = text[EBT_TEXT_ENV];
}

struct ebt_exec_command ebt_row_command(const struct ebt_row *row)
{
	return (struct ebt_exec_command){ .args = row->args,
					  .filename = row->filename,
					  .exe = row->exe,
					  .failed = row->ret < 0,
					  .filename_unread = row->flags & EBT_EV_FILENAME_TRUNCATED,
					  .script = row->flags & EBT_EV_SCRIPT,
					  .before = row->seeded,
					  .comm = row->comm };
}
