/* SPDX-License-Identifier: BSD-3-Clause */
/* exec.c - make one event of an exec record and its payload stream */
#include <errno.h>
#include <string.h>

#include "decode/decode_internal.h"

static const uint32_t sect_max[EBT_SECT_MAX] = {
	[EBT_SECT_FILENAME] = EBT_DECODE_PATH_MAX,
	[EBT_SECT_EXE] = EBT_DECODE_PATH_MAX,
	[EBT_SECT_CWD] = EBT_DECODE_PATH_MAX,
	[EBT_SECT_ARGS] = EBT_ARGS_MAX,
	[EBT_SECT_ENV] = EBT_ARGS_MAX,
};

/* Each flag of a record, and the flag of an event that means the same. */
static const struct {
	uint32_t rec, ev;
} flag_map[] = {
	{ EBT_EXEC_SCRIPT, EBT_EV_SCRIPT },
	{ EBT_EXEC_EXE_DELETED, EBT_EV_EXE_DELETED },
	{ EBT_EXEC_EXE_MEMFD, EBT_EV_EXE_DELETED },
	{ EBT_EXEC_CWD_DELETED, EBT_EV_CWD_DELETED },
	{ EBT_EXEC_EXE_CUT, EBT_EV_PATH_TRUNCATED },
	{ EBT_EXEC_CWD_CUT, EBT_EV_CWD_TRUNCATED },
	{ EBT_EXEC_EXE_UNREACHABLE, EBT_EV_EXE_UNREACHABLE },
	{ EBT_EXEC_CWD_UNREACHABLE, EBT_EV_CWD_UNREACHABLE },
	{ EBT_EXEC_FILENAME_CUT, EBT_EV_FILENAME_TRUNCATED },
	{ EBT_EXEC_HAS_EXE, EBT_EV_HAS_EXE },
	{ EBT_EXEC_HAS_CWD, EBT_EV_HAS_CWD },
	{ EBT_EXEC_HAS_ENV, EBT_EV_HAS_ENV },
	{ EBT_EXEC_HAS_TTY, EBT_EV_HAS_TTY },
	{ EBT_EXEC_ARGS_PARTIAL, EBT_EV_ARGS_FAULT },
	{ EBT_EXEC_ARGS_CUT, EBT_EV_ARGS_TRUNCATED },
	{ EBT_EXEC_IMAGE_GONE, EBT_EV_IMAGE_GONE },
	{ EBT_EXEC_NO_ENTRY, EBT_EV_NO_ENTRY },
};

int ebt_decode_spans(const struct ebt_rec_exec *rec, struct ebt_span span[EBT_SECT_MAX],
		     size_t *total)
{
	size_t at = 0;

	for (int late = 0; late <= 1; late++) {
		for (unsigned i = 0; i < EBT_SECT_MAX; i++) {
			if ((int)(rec->late >> i & 1) != late)
				continue;
			if (rec->sect_len[i] > sect_max[i])
				return -EBADMSG;
			span[i] = (struct ebt_span){ at, rec->sect_len[i] };
			at += rec->sect_len[i];
		}
	}
	*total = at;
	return 0;
}

/* Return how many bytes of a section are within [from, to) of the stream. */
static uint32_t exec_overlap(struct ebt_span span, size_t from, size_t to)
{
	size_t lo = span.start > from ? span.start : from;
	size_t hi = span.start + span.len < to ? span.start + span.len : to;

	return hi > lo ? (uint32_t)(hi - lo) : 0;
}

void ebt_decode_faults(struct ebt_stream *stream, const struct ebt_span span[EBT_SECT_MAX],
		       size_t from, size_t to, uint16_t flags, uint32_t fault_bytes)
{
	uint32_t args = 0, env = 0;

	/* A record with faults in both sections has one count for the two, which goes to argv
	 * first. */
	if (flags & EBT_RECF_FAULT_ARGS) {
		args = exec_overlap(span[EBT_SECT_ARGS], from, to);
		args = fault_bytes < args ? fault_bytes : args;
	}
	if (flags & EBT_RECF_FAULT_ENV) {
		env = exec_overlap(span[EBT_SECT_ENV], from, to);
		env = fault_bytes - args < env ? fault_bytes - args : env;
	}
	stream->fault_args += args;
	stream->fault_env += env;
	stream->fault_flags |= flags & (EBT_RECF_FAULT_ARGS | EBT_RECF_FAULT_ENV);
}

static struct ebt_bytes exec_section(const struct ebt_stream *stream, struct ebt_span span,
				     bool *cut)
{
	size_t got = exec_overlap(span, 0, stream->len);

	*cut = got < span.len;
	return got ? (struct ebt_bytes){ stream->data + span.start, got } : (struct ebt_bytes){ 0 };
}

static struct ebt_bytes exec_path(char out[EBT_DECODE_PATH_ROOM], struct ebt_bytes raw, bool lost,
				  uint32_t *flags, uint32_t has_flag, uint32_t cut_flag)
{
	bool cut = lost || (*flags & cut_flag);
	struct ebt_bytes text;

	if (!(*flags & has_flag))
		return (struct ebt_bytes){ 0 };
	text = ebt_decode_path(out, raw, &cut);
	if (cut)
		*flags |= cut_flag;
	if (text.len == 0)
		*flags &= ~has_flag;
	return text;
}

/* Return the name of a terminal below /dev: the kernel writes "pts3" for pts/3. */
static struct ebt_bytes exec_tty_name(char out[EBT_COMM_LEN + 1], const char name[EBT_COMM_LEN])
{
	size_t len = strnlen(name, EBT_COMM_LEN);
	size_t dir =
		len > 3 && memcmp(name, "pts", 3) == 0 && name[3] >= '0' && name[3] <= '9' ? 3 : 0;

	memcpy(out, name, dir);
	if (dir)
		out[dir] = '/';
	memcpy(out + dir + !!dir, name + dir, len - dir);
	return (struct ebt_bytes){ out, len + !!dir };
}

static void exec_fill_fixed(const struct ebt_rec_exec *rec, struct ebt_event_exec *x)
{
	x->pid = rec->pid;
	x->ppid = rec->ppid;
	x->tid = rec->tid;
	x->vpid = rec->vpid;
	x->uid = rec->uid;
	x->euid = rec->euid;
	x->gid = rec->gid;
	x->egid = rec->egid;
	x->loginuid = rec->loginuid;
	x->sessionid = rec->sessionid;
	x->pid_ns = rec->pid_ns;
	x->mnt_ns = rec->mnt_ns;
	/* A tracer may make a call return anything. The result is negated in many places, which
	 * overflows for INT32_MIN. */
	x->ret = rec->ret == INT32_MIN ? -INT32_MAX : rec->ret;
	x->argc = rec->argc;
	x->envc = rec->envc;
	/* A failed exec has no executable: the record has that of the program that called it. */
	if (rec->ret >= 0 || rec->flags & EBT_EXEC_IMAGE_GONE) {
		x->exe_dev = rec->exe_dev;
		x->exe_ino = rec->exe_ino;
		x->exe_version = rec->exe_version;
	}
	x->cgroup_id = rec->cgroup_id | (rec->flags & EBT_EXEC_CGROUP_V1 ? EBT_CGROUP_V1 : 0);
	x->start_ns = rec->start_ns;
	x->parent_start_ns = rec->parent_start_ns;
	x->comm = (struct ebt_bytes){ rec->comm, strnlen(rec->comm, EBT_COMM_LEN) };
	x->prev_comm = (struct ebt_bytes){ rec->prev_comm, strnlen(rec->prev_comm, EBT_COMM_LEN) };
	x->parent_comm =
		(struct ebt_bytes){ rec->parent_comm, strnlen(rec->parent_comm, EBT_COMM_LEN) };
	for (size_t i = 0; i < sizeof(flag_map) / sizeof(flag_map[0]); i++)
		if (rec->flags & flag_map[i].rec)
			x->flags |= flag_map[i].ev;
}

/* Set total, captured bytes and flags of argv or the environment. whole says that the total is what
 * the kernel meant to send, so that fewer bytes mean a limit. */
static void exec_account(uint32_t total, uint32_t sent, size_t got, uint32_t fault, bool whole,
			 uint32_t truncated_flag, uint32_t *flags, uint32_t *total_out,
			 uint32_t *captured_out)
{
	if (whole && sent < total)
		*flags |= truncated_flag;
	*total_out = total > sent ? total : sent;
	*captured_out = (uint32_t)got > fault ? (uint32_t)got - fault : 0;
}

bool ebt_decode_exec(struct ebt_decoder *dec, const struct ebt_rec_exec *rec,
		     const struct ebt_span span[EBT_SECT_MAX], const struct ebt_stream *stream,
		     struct ebt_event *ev)
{
	struct ebt_event_exec *x = &ev->exec;
	bool cut[EBT_SECT_MAX], partial;
	struct ebt_bytes exe, cwd;

	*ev = (struct ebt_event){
		.type = EBT_EVENT_EXEC,
		.cpu = rec->hdr.cpu,
		.seq = rec->hdr.seq,
		.mono_ns = rec->hdr.mono_ns,
		.generation = rec->hdr.generation,
		.records = stream->records,
		.unwanted = rec->flags & EBT_EXEC_UNWANTED,
		.ends = rec->flags & EBT_EXEC_UNWANTED,
	};
	exec_fill_fixed(rec, x);
	if (x->flags & EBT_EV_HAS_TTY)
		x->tty = exec_tty_name(dec->tty, rec->tty);
	x->filename = exec_section(stream, span[EBT_SECT_FILENAME], &cut[EBT_SECT_FILENAME]);
	exe = exec_section(stream, span[EBT_SECT_EXE], &cut[EBT_SECT_EXE]);
	cwd = exec_section(stream, span[EBT_SECT_CWD], &cut[EBT_SECT_CWD]);
	x->args = exec_section(stream, span[EBT_SECT_ARGS], &cut[EBT_SECT_ARGS]);
	x->env = exec_section(stream, span[EBT_SECT_ENV], &cut[EBT_SECT_ENV]);

	if (cut[EBT_SECT_FILENAME])
		x->flags |= EBT_EV_FILENAME_TRUNCATED;
	x->exe = exec_path(dec->exe, exe, cut[EBT_SECT_EXE], &x->flags, EBT_EV_HAS_EXE,
			   EBT_EV_PATH_TRUNCATED);
	x->cwd = exec_path(dec->cwd, cwd, cut[EBT_SECT_CWD], &x->flags, EBT_EV_HAS_CWD,
			   EBT_EV_CWD_TRUNCATED);

	partial = rec->flags & (EBT_EXEC_FAILED | EBT_EXEC_ARGS_PARTIAL);
	exec_account(rec->args_bytes, rec->sect_len[EBT_SECT_ARGS], x->args.len, stream->fault_args,
		     !partial, EBT_EV_ARGS_TRUNCATED, &x->flags, &x->args_bytes, &x->args_captured);
	exec_account(rec->env_bytes, rec->sect_len[EBT_SECT_ENV], x->env.len, stream->fault_env,
		     !partial && (x->flags & EBT_EV_HAS_ENV), EBT_EV_ENV_TRUNCATED, &x->flags,
		     &x->env_bytes, &x->env_captured);
	if (stream->fault_flags & EBT_RECF_FAULT_ARGS)
		x->flags |= EBT_EV_ARGS_FAULT;
	if (stream->fault_flags & EBT_RECF_FAULT_ENV)
		x->flags |= EBT_EV_ENV_FAULT;
	if (cut[EBT_SECT_ARGS])
		x->flags |= EBT_EV_ARGS_LOST;
	if (cut[EBT_SECT_ENV])
		x->flags |= EBT_EV_ENV_LOST;
	return cut[EBT_SECT_FILENAME] || cut[EBT_SECT_EXE] || cut[EBT_SECT_CWD] ||
	       cut[EBT_SECT_ARGS] || cut[EBT_SECT_ENV];
}
