/* SPDX-License-Identifier: BSD-3-Clause */
#include "recording/encode.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "ebt_abi.h"

/* What the decoder puts before a path whose beginning is missing. */
#define CUT_MARK "..."

/* Flags of an event, and the flag of a record that means the same. */
static const struct {
	uint32_t ev, rec;
} flag_map[] = {
	{ EBT_EV_SCRIPT, EBT_EXEC_SCRIPT },
	{ EBT_EV_EXE_DELETED, EBT_EXEC_EXE_DELETED },
	{ EBT_EV_CWD_DELETED, EBT_EXEC_CWD_DELETED },
	{ EBT_EV_PATH_TRUNCATED, EBT_EXEC_EXE_CUT },
	{ EBT_EV_CWD_TRUNCATED, EBT_EXEC_CWD_CUT },
	{ EBT_EV_EXE_UNREACHABLE, EBT_EXEC_EXE_UNREACHABLE },
	{ EBT_EV_CWD_UNREACHABLE, EBT_EXEC_CWD_UNREACHABLE },
	{ EBT_EV_FILENAME_TRUNCATED, EBT_EXEC_FILENAME_CUT },
	{ EBT_EV_HAS_EXE, EBT_EXEC_HAS_EXE },
	{ EBT_EV_HAS_CWD, EBT_EXEC_HAS_CWD },
	{ EBT_EV_HAS_ENV, EBT_EXEC_HAS_ENV },
	{ EBT_EV_HAS_TTY, EBT_EXEC_HAS_TTY },
	{ EBT_EV_ARGS_FAULT, EBT_EXEC_ARGS_PARTIAL },
	{ EBT_EV_ARGS_TRUNCATED, EBT_EXEC_ARGS_CUT },
	{ EBT_EV_IMAGE_GONE, EBT_EXEC_IMAGE_GONE },
	{ EBT_EV_NO_ENTRY, EBT_EXEC_NO_ENTRY },
};

static void encode_comm(char out[EBT_COMM_LEN], struct ebt_bytes text)
{
	size_t len = text.len < EBT_COMM_LEN ? text.len : EBT_COMM_LEN;

	if (len)
		memcpy(out, text.data, len);
}

/* The decoder has made pts/3 of pts3. */
static void encode_tty(char out[EBT_COMM_LEN], struct ebt_bytes tty)
{
	size_t at = 0;

	for (size_t i = 0; i < tty.len && at < EBT_COMM_LEN; i++)
		if (tty.data[i] != '/')
			out[at++] = tty.data[i];
}

/* Append the components of a path, leaf first, and return their bytes. */
static uint32_t encode_path(struct ebt_buf *out, struct ebt_bytes path)
{
	size_t begin = out->len, mark = sizeof(CUT_MARK) - 1;

	if (path.len > mark && memcmp(path.data, CUT_MARK "/", mark + 1) == 0) {
		path.data += mark;
		path.len -= mark;
	}
	while (path.len) {
		const char *slash = memrchr(path.data, '/', path.len);
		const char *leaf = slash ? slash + 1 : path.data;
		size_t len = path.len - (size_t)(leaf - path.data);

		if (len) {
			ebt_buf_append(out, leaf, len);
			ebt_buf_append(out, "", 1);
		}
		path.len = slash ? (size_t)(slash - path.data) : 0;
	}
	return (uint32_t)(out->len - begin);
}

static uint32_t encode_bytes(struct ebt_buf *out, struct ebt_bytes bytes)
{
	ebt_buf_append(out, bytes.data, bytes.len);
	return (uint32_t)bytes.len;
}

/* Return the length that a section had before its end was lost. */
static uint32_t encode_whole(struct ebt_bytes got, uint32_t bytes)
{
	return bytes > got.len && bytes <= EBT_ARGS_MAX ? bytes : (uint32_t)got.len + 1;
}

static void encode_payload(const struct ebt_event_exec *x, struct ebt_rec_exec *rec,
			   struct ebt_buf *out)
{
	rec->sect_len[EBT_SECT_FILENAME] = encode_bytes(out, x->filename);
	rec->sect_len[EBT_SECT_EXE] = encode_path(out, x->exe);
	rec->sect_len[EBT_SECT_CWD] = encode_path(out, x->cwd);
	rec->sect_len[EBT_SECT_ARGS] = encode_bytes(out, x->args);
	rec->sect_len[EBT_SECT_ENV] = encode_bytes(out, x->env);
	/* A length beyond the end of the record tells the decoder that the rest was lost. */
	if (x->flags & EBT_EV_ARGS_LOST) {
		rec->late = 1u << EBT_SECT_ARGS;
		out->len -= x->env.len + x->args.len;
		encode_bytes(out, x->env);
		encode_bytes(out, x->args);
		rec->sect_len[EBT_SECT_ARGS] = encode_whole(x->args, x->args_bytes);
	} else if (x->flags & EBT_EV_ENV_LOST) {
		rec->sect_len[EBT_SECT_ENV] = encode_whole(x->env, x->env_bytes);
	}
}

static void encode_fixed(const struct ebt_event_exec *x, struct ebt_rec_exec *rec)
{
	rec->pid = x->pid;
	rec->ppid = x->ppid;
	rec->tid = x->tid;
	rec->vpid = x->vpid;
	rec->uid = x->uid;
	rec->euid = x->euid;
	rec->gid = x->gid;
	rec->egid = x->egid;
	rec->loginuid = x->loginuid;
	rec->sessionid = x->sessionid;
	rec->pid_ns = x->pid_ns;
	rec->mnt_ns = x->mnt_ns;
	rec->ret = x->ret;
	rec->argc = x->argc;
	rec->envc = x->envc;
	rec->exe_dev = x->exe_dev;
	rec->exe_ino = x->exe_ino;
	rec->exe_version = x->exe_version;
	rec->cgroup_id = x->cgroup_id & ~EBT_CGROUP_V1;
	rec->start_ns = x->start_ns;
	rec->parent_start_ns = x->parent_start_ns;
	rec->args_bytes = x->args_bytes;
	rec->env_bytes = x->env_bytes;
	rec->flags = EBT_EXEC_HAS_PARENT_COMM;
	rec->flags |= x->cgroup_id & EBT_CGROUP_V1 ? EBT_EXEC_CGROUP_V1 : 0;
	rec->flags |= x->ret < 0 ? EBT_EXEC_FAILED : 0;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(flag_map); i++)
		rec->flags |= x->flags & flag_map[i].ev ? flag_map[i].rec : 0;
	encode_comm(rec->comm, x->comm);
	encode_comm(rec->prev_comm, x->prev_comm);
	encode_comm(rec->parent_comm, x->parent_comm);
	encode_tty(rec->tty, x->tty);
}

static struct ebt_rec_hdr encode_hdr(const struct ebt_event *ev, uint64_t seq,
				     enum ebt_rec_type type, size_t size)
{
	return (struct ebt_rec_hdr){ .size = (uint32_t)size,
				     .type = (uint8_t)type,
				     .seq = seq,
				     .mono_ns = ev->mono_ns,
				     .cpu = ev->cpu,
				     .generation = 1 };
}

static int encode_exec(const struct ebt_event *ev, uint64_t seq, struct ebt_buf *out)
{
	struct ebt_rec_exec rec = { .pid = 0 };
	size_t begin = out->len;

	ebt_buf_append(out, &rec, sizeof(rec));
	encode_fixed(&ev->exec, &rec);
	encode_payload(&ev->exec, &rec, out);
	if (out->error)
		return out->error;
	rec.hdr = encode_hdr(ev, seq, EBT_REC_EXEC, out->len - begin);
	memcpy(out->data + begin, &rec, sizeof(rec));
	return 0;
}

static int encode_exit(const struct ebt_event *ev, uint64_t seq, struct ebt_buf *out)
{
	const struct ebt_event_exit *x = &ev->exit;
	/* Where the login is not known the record ends before it, as in version 2. */
	size_t size = x->has_login ? sizeof(struct ebt_rec_exit)
				   : offsetof(struct ebt_rec_exit, loginuid);
	struct ebt_rec_exit rec = {
		.hdr = encode_hdr(ev, seq, EBT_REC_EXIT, size),
		.pid = x->pid,
		.ppid = x->ppid,
		.exit_code = x->status,
		.uid = x->uid,
		.start_ns = x->start_ns,
		.utime_ns = x->utime_ns, /* rtime_ns is 0: they are not scaled again */
		.stime_ns = x->stime_ns,
		.maxrss_pages = x->maxrss_bytes / (uint64_t)sysconf(_SC_PAGESIZE),
		.loginuid = x->loginuid,
		.sessionid = x->sessionid,
	};

	encode_comm(rec.comm, x->comm);
	return ebt_buf_append(out, &rec, size);
}

int ebt_encode_event(const struct ebt_event *ev, uint64_t seq, struct ebt_buf *out)
{
	switch (ev->type) {
	case EBT_EVENT_EXEC:
		return encode_exec(ev, seq, out);
	case EBT_EVENT_EXIT:
		return encode_exit(ev, seq, out);
	default:
		return -EINVAL;
	}
}
