/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * json.c - one JSON object a line (docs/json.md). The order of the members is fixed. A member that
 * the kernel or the options do not give is left out; one that is known to be nothing (no login, no
 * terminal) is null.
 */
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>

#include "base/container.h"
#include "base/format.h"
#include "base/json_write.h"
#include "base/text.h"
#include "sink/sink_internal.h"

#define SCHEMA "1"
/* Room for the numbers between two strings: keys of at most 20 characters, values of at most 20
 * digits, no more than 10 of them. */
#define NUMBERS_ROOM 512

#define LIT(p, s) (memcpy((p), (s), sizeof(s) - 1), (p) + sizeof(s) - 1)

static char *put_u64(char *p, uint64_t v)
{
	char digits[20];
	unsigned n = 0;

	do
		digits[n++] = (char)('0' + v % 10);
	while (v /= 10);
	while (n)
		*p++ = digits[--n];
	return p;
}

static char *put_i64(char *p, int64_t v)
{
	if (v >= 0)
		return put_u64(p, (uint64_t)v);
	*p++ = '-';
	return put_u64(p, -(uint64_t)v);
}

static char *put_key(char *p, const char *key)
{
	size_t len = strlen(key);

	*p++ = ',';
	*p++ = '"';
	memcpy(p, key, len);
	p += len;
	*p++ = '"';
	*p++ = ':';
	return p;
}

static char *put_number(char *p, const char *key, uint64_t v)
{
	return put_u64(put_key(p, key), v);
}

/* A number of which EBT_EV_UNSET means that the kernel does not give it. */
static char *put_known(char *p, const char *key, uint32_t v)
{
	return v == EBT_EV_UNSET ? p : put_number(p, key, v);
}

/* A number of which 0 means unknown. */
static char *put_nonzero(char *p, const char *key, uint64_t v)
{
	return v ? put_number(p, key, v) : p;
}

/* A number of which EBT_EV_UNSET means that there is none. */
static char *put_or_null(char *p, const char *key, uint32_t v)
{
	return v == EBT_EV_UNSET ? LIT(put_key(p, key), "null") : put_number(p, key, v);
}

static void put_string(struct ebt_buf *out, const char *key, struct ebt_bytes value)
{
	ebt_buf_append(out, ",\"", 2);
	ebt_buf_puts(out, key);
	ebt_buf_append(out, "\":", 2);
	ebt_json_string(out, value);
	if (!ebt_text_is_utf8(value)) {
		ebt_buf_append(out, ",\"", 2);
		ebt_buf_puts(out, key);
		ebt_buf_append(out, "_b64\":", 6);
		ebt_json_base64(out, value);
	}
}

static void put_nullable(struct ebt_buf *out, const char *key, struct ebt_bytes value)
{
	if (value.len)
		put_string(out, key, value);
	else
		ebt_buf_printf(out, ",\"%s\":null", key);
}

/* NUL-terminated strings as an array; when they are not UTF-8, the whole block as base64. */
static void put_strings(struct ebt_buf *out, const char *key, struct ebt_bytes block)
{
	struct ebt_bytes rest = block, arg;
	bool first = true;

	ebt_buf_append(out, ",\"", 2);
	ebt_buf_puts(out, key);
	ebt_buf_append(out, "\":[", 3);
	while (ebt_text_next_arg(&rest, &arg)) {
		if (!first)
			ebt_buf_append(out, ",", 1);
		first = false;
		ebt_json_string(out, arg);
	}
	ebt_buf_append(out, "]", 1);
	if (!ebt_text_is_utf8(block)) {
		ebt_buf_append(out, ",\"", 2);
		ebt_buf_puts(out, key);
		ebt_buf_append(out, "_b64\":", 6);
		ebt_json_base64(out, block);
	}
}

/* {"v":1,"type":…,"ts":…,"mono_ns":… and what else all kinds have. */
static void put_head(struct ebt_buf *out, const struct ebt_sink_options *o,
		     const struct ebt_event *ev, const char *type)
{
	char ts[EBT_FMT_LEN];
	char *start = ebt_buf_reserve(out, NUMBERS_ROOM), *p = start;

	if (!p)
		return;
	p = LIT(p, "{\"v\":" SCHEMA ",\"type\":\"");
	p = stpcpy(p, type);
	p = LIT(p, "\",\"ts\":\"");
	p = stpcpy(p, ebt_fmt_iso8601(ts, ebt_sink_real_ns(o, ev)));
	p = LIT(p, "\",\"mono_ns\":");
	p = put_u64(p, ev->mono_ns);
	if (ev->type != EBT_EVENT_NOTE && ev->type != EBT_EVENT_HOMEO)
		p = put_number(p, "cpu", ev->cpu);
	if (ev->type == EBT_EVENT_EXEC || ev->type == EBT_EVENT_EXIT)
		p = put_number(p, "seq", ev->seq);
	out->len += p - start;
}

static void put_exec_ids(struct ebt_buf *out, const struct ebt_event_exec *e)
{
	char *start = ebt_buf_reserve(out, NUMBERS_ROOM), *p = start;

	if (!p)
		return;
	p = put_number(p, "pid", e->pid);
	p = put_known(p, "ppid", e->ppid);
	p = put_known(p, "tid", e->tid);
	p = put_known(p, "uid", e->uid);
	p = put_known(p, "euid", e->euid);
	p = put_known(p, "gid", e->gid);
	p = put_or_null(p, "loginuid", e->loginuid);
	out->len += p - start;
}

/* The path, and the container that it names. */
static void put_cgroup(struct ebt_buf *out, const char *path)
{
	struct ebt_container c;

	put_string(out, "cgroup", ebt_bytes_from(path));
	if (!ebt_container_find(path, &c))
		return;
	ebt_buf_printf(out, ",\"container\":{\"runtime\":\"%s\"", c.runtime);
	put_string(out, "id", c.id);
	ebt_buf_puts(out, "}");
}

static void put_exec_place(struct ebt_buf *out, const struct ebt_sink_options *o,
			   const struct ebt_event_exec *e)
{
	const char *cgroup =
		o->names && e->cgroup_id ? ebt_model_cgroup(o->names, e->cgroup_id) : NULL;
	char *start, *p;

	if (e->cgroup_id)
		ebt_buf_printf(out, ",\"cgroup_id\":%llu",
			       (unsigned long long)(e->cgroup_id & ~EBT_CGROUP_V1));
	if (cgroup)
		put_cgroup(out, cgroup);
	p = start = ebt_buf_reserve(out, NUMBERS_ROOM);
	if (!p)
		return;
	p = put_nonzero(p, "pid_ns", e->pid_ns);
	p = put_nonzero(p, "mnt_ns", e->mnt_ns);
	if (e->vpid)
		p = put_known(p, "vpid", e->vpid);
	p = put_key(p, "script");
	p = e->flags & EBT_EV_SCRIPT ? LIT(p, "true") : LIT(p, "false");
	p = put_i64(put_key(p, "ret"), e->ret);
	out->len += p - start;
}

static void put_exec_more(struct ebt_buf *out, const struct ebt_event_exec *e)
{
	char *start = ebt_buf_reserve(out, 2 * NUMBERS_ROOM), *p = start;
	bool first = true;

	if (!p)
		return;
	p = LIT(p, ",\"flags\":[");
	for (size_t i = 0; i < ebt_sink_flags_count; i++) {
		if (!(e->flags & ebt_sink_flags[i].bit))
			continue;
		if (!first)
			*p++ = ',';
		first = false;
		*p++ = '"';
		p = stpcpy(p, ebt_sink_flags[i].name);
		*p++ = '"';
	}
	*p++ = ']';
	p = put_known(p, "argc", e->argc);
	if (e->flags & EBT_EV_HAS_ENV)
		p = put_known(p, "envc", e->envc);
	p = put_known(p, "egid", e->egid);
	p = put_or_null(p, "sessionid", e->sessionid);
	p = put_nonzero(p, "start_ns", e->start_ns);
	p = put_nonzero(p, "parent_start_ns", e->parent_start_ns);
	if (e->exe_ino) {
		p = put_number(p, "exe_dev", e->exe_dev);
		p = put_number(p, "exe_ino", e->exe_ino);
	}
	p = LIT(p, "}\n");
	out->len += p - start;
}

static void put_sizes(struct ebt_buf *out, const char *bytes_key, uint64_t bytes,
		      const char *captured_key, uint64_t captured)
{
	char *start = ebt_buf_reserve(out, NUMBERS_ROOM), *p = start;

	if (!p)
		return;
	p = put_number(p, bytes_key, bytes);
	p = put_number(p, captured_key, captured);
	out->len += p - start;
}

static void put_exec(struct ebt_buf *out, const struct ebt_sink_options *o,
		     const struct ebt_event *ev)
{
	const struct ebt_event_exec *e = &ev->exec;

	put_head(out, o, ev, "exec");
	put_exec_ids(out, e);
	if (e->flags & EBT_EV_HAS_TTY)
		put_nullable(out, "tty", e->tty);
	put_string(out, "comm", e->comm);
	if (e->prev_comm.len)
		put_string(out, "prev_comm", e->prev_comm);
	if (e->flags & EBT_EV_HAS_EXE)
		put_string(out, "exe", e->exe);
	put_string(out, "filename", e->filename);
	if (e->flags & EBT_EV_HAS_CWD)
		put_string(out, "cwd", e->cwd);
	put_exec_place(out, o, e);
	put_strings(out, "args", e->args);
	put_sizes(out, "args_bytes", e->args_bytes, "args_captured", e->args_captured);
	if (e->flags & EBT_EV_HAS_ENV) {
		put_strings(out, "env", e->env);
		put_sizes(out, "env_bytes", e->env_bytes, "env_captured", e->env_captured);
	}
	put_exec_more(out, e);
}

static void put_exit(struct ebt_buf *out, const struct ebt_event *ev)
{
	const struct ebt_event_exit *e = &ev->exit;
	bool killed = WIFSIGNALED(e->status);
	char *start = ebt_buf_reserve(out, NUMBERS_ROOM), *p = start;

	if (!p)
		return;
	p = put_number(p, "pid", e->pid);
	p = put_key(p, "exit_code");
	p = killed ? LIT(p, "null") : put_u64(p, WEXITSTATUS(e->status));
	p = put_key(p, "signal");
	p = killed ? put_u64(p, WTERMSIG(e->status)) : LIT(p, "null");
	p = put_number(p, "utime_ns", e->utime_ns);
	p = put_number(p, "stime_ns", e->stime_ns);
	p = put_number(p, "maxrss_bytes", e->maxrss_bytes);
	p = put_number(p, "lifetime_ns", e->lifetime_ns);
	out->len += p - start;
	put_string(out, "comm", e->comm);
	p = start = ebt_buf_reserve(out, NUMBERS_ROOM);
	if (!p)
		return;
	p = put_known(p, "ppid", e->ppid);
	p = put_known(p, "uid", e->uid);
	if (killed) {
		p = put_key(p, "core_dumped");
		p = WCOREDUMP(e->status) ? LIT(p, "true") : LIT(p, "false");
	}
	p = put_nonzero(p, "start_ns", e->start_ns);
	p = LIT(p, "}\n");
	out->len += p - start;
}

/* As `execbig-top attach -J` prints it. */
static void put_homeo(struct ebt_buf *out, const struct ebt_event_homeo *e)
{
	char *start, *p;

	put_string(out, "event", e->event);
	put_string(out, "level", ebt_bytes_from(ebt_homeo_level_name(e->level)));
	p = start = ebt_buf_reserve(out, NUMBERS_ROOM);
	if (!p)
		return;
	p = put_number(p, "pid", e->pid);
	p = put_number(p, "tid", e->tid);
	p = put_nonzero(p, "slot", e->slot);
	out->len += p - start;
	put_string(out, "exe", e->exe);
	put_string(out, "comm", e->comm);
	put_string(out, "cause", e->cause);
	if (e->call.len)
		put_string(out, "call", e->call);
	p = start = ebt_buf_reserve(out, NUMBERS_ROOM);
	if (!p)
		return;
	p = put_number(p, "train_count", e->train_count);
	if (e->call.len)
		p = put_number(p, "count", e->count);
	if (e->missed) {
		p = put_number(p, "missed", e->missed);
		p = put_number(p, "lfc", e->lfc);
		p = put_number(p, "max_lfc", e->max_lfc);
		p = put_number(p, "anomalies", e->anomalies);
	}
	p = LIT(p, "}\n");
	out->len += p - start;
}

static void json_event(struct ebt_buf *out, const struct ebt_sink_options *o,
		       const struct ebt_event *ev)
{
	switch (ev->type) {
	case EBT_EVENT_EXEC:
		put_exec(out, o, ev);
		break;
	case EBT_EVENT_EXIT:
		put_head(out, o, ev, "exit");
		put_exit(out, ev);
		break;
	case EBT_EVENT_LOST:
		put_head(out, o, ev, "lost");
		ebt_buf_printf(out, ",\"cause\":\"%s\",\"count\":%llu}\n",
			       ebt_lost_cause_name(ev->lost.cause),
			       (unsigned long long)ev->lost.count);
		break;
	case EBT_EVENT_NOTE:
		put_head(out, o, ev, "note");
		put_string(out, "text", ev->note.text);
		ebt_buf_append(out, "}\n", 2);
		break;
	case EBT_EVENT_HOMEO:
		put_head(out, o, ev, "homeostasis");
		put_homeo(out, &ev->homeo);
		break;
	}
}

const struct ebt_sink_ops ebt_sink_json_ops = {
	.event = json_event,
};
