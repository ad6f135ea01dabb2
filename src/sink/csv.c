/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * csv.c - RFC 4180: a header, CRLF, fields with comma or quote in quotes. All kinds of events share
 * one set of columns, named as in JSON; what an event does not have is empty.
 *
 * Texts are quoted as for a shell where they are not plain: one line stays one line, no byte acts
 * on a terminal, the exact bytes can be had back. A text that begins with one of = + - @ is in
 * single quotes too, so that a spreadsheet does not take it for a formula.
 */
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "base/text.h"
#include "sink/text_internal.h"

/* The one list of columns: X(name). Order here is order in the file. */
#define COLUMNS(X)         \
	X(type)            \
	X(ts)              \
	X(mono_ns)         \
	X(cpu)             \
	X(seq)             \
	X(pid)             \
	X(ppid)            \
	X(tid)             \
	X(uid)             \
	X(user)            \
	X(euid)            \
	X(gid)             \
	X(egid)            \
	X(loginuid)        \
	X(sessionid)       \
	X(tty)             \
	X(comm)            \
	X(prev_comm)       \
	X(exe)             \
	X(exe_dev)         \
	X(exe_ino)         \
	X(filename)        \
	X(cwd)             \
	X(cgroup_id)       \
	X(cgroup)          \
	X(container)       \
	X(pid_ns)          \
	X(mnt_ns)          \
	X(vpid)            \
	X(script)          \
	X(ret)             \
	X(argc)            \
	X(args)            \
	X(args_bytes)      \
	X(args_captured)   \
	X(envc)            \
	X(env)             \
	X(env_bytes)       \
	X(env_captured)    \
	X(flags)           \
	X(exit_code)       \
	X(signal)          \
	X(core_dumped)     \
	X(utime_ns)        \
	X(stime_ns)        \
	X(maxrss_bytes)    \
	X(lifetime_ns)     \
	X(start_ns)        \
	X(parent_start_ns) \
	X(cause)           \
	X(count)           \
	X(text)

enum column {
#define X(name) COL_##name,
	COLUMNS(X)
#undef X
		COL_MAX
};

static const char *const column_names[COL_MAX] = {
#define X(name) [COL_##name] = #name,
	COLUMNS(X)
#undef X
};

/* A line being written: the column that comes next. Cells are set in rising order of column; those
 * in between stay empty. */
struct line {
	struct ebt_buf *out;
	unsigned next;
	size_t start[COL_MAX + 1]; /* where each cell begins; the last: where the line ends */
};

static void go_to(struct line *l, enum column column)
{
	char commas[COL_MAX];
	/* the first cell has no comma before it */
	unsigned n = column - l->next + (l->next ? 1 : 0);

	memset(commas, ',', sizeof(commas));
	ebt_buf_append(l->out, commas, n);
	for (unsigned i = l->next; i <= (unsigned)column; i++)
		l->start[i] = l->out->len - (column - i);
	l->next = column + 1;
}

static void put_u64(struct line *l, enum column column, uint64_t v)
{
	go_to(l, column);
	ebt_buf_printf(l->out, "%llu", (unsigned long long)v);
}

static void put_known(struct line *l, enum column column, uint32_t v)
{
	if (v != EBT_EV_UNSET)
		put_u64(l, column, v);
}

static void put_nonzero(struct line *l, enum column column, uint64_t v)
{
	if (v)
		put_u64(l, column, v);
}

static void insert(struct ebt_buf *out, size_t at, char c)
{
	if (ebt_buf_append(out, "", 1) < 0)
		return;
	memmove(out->data + at + 1, out->data + at, out->len - 1 - at);
	out->data[at] = c;
}

/* The text from `from` on was appended safe and as for a shell: makes it a cell. */
static void finish_cell(struct ebt_buf *out, size_t from)
{
	size_t quotes = 0, len;
	char *end, *p;

	if (out->error || out->len == from)
		return;
	if (strchr("=+-@", out->data[from])) {
		const char *space = memchr(out->data + from, ' ', out->len - from);

		/* A word that is not quoted yet has no quotes in it. */
		insert(out, space ? (size_t)(space - out->data) : out->len, '\'');
		insert(out, from, '\'');
	}
	len = out->len - from;
	for (size_t i = 0; i < len; i++)
		quotes += out->data[from + i] == '"';
	if (!quotes && !memchr(out->data + from, ',', len))
		return;
	if (!ebt_buf_reserve(out, quotes + 2))
		return;
	/* From the end, so that nothing is overwritten before it is moved. */
	p = out->data + from + len;
	out->len += quotes + 2;
	end = out->data + out->len;
	*end = '\0';
	*--end = '"';
	while (p > out->data + from) {
		*--end = *--p;
		if (*p == '"')
			*--end = '"';
	}
	*--end = '"';
}

static void put_text(struct line *l, enum column column, struct ebt_bytes text)
{
	size_t from;

	if (!text.len)
		return;
	go_to(l, column);
	from = l->out->len;
	ebt_text_quote(l->out, text, 0);
	finish_cell(l->out, from);
}

static void put_texts(struct line *l, enum column column, struct ebt_bytes block)
{
	size_t from;

	go_to(l, column);
	from = l->out->len;
	ebt_text_quote_args(l->out, block, 0, 0);
	finish_cell(l->out, from);
}

static void put_flags(struct line *l, uint32_t flags)
{
	const char *space = "";

	for (size_t i = 0; i < ebt_sink_flags_count; i++) {
		if (!(flags & ebt_sink_flags[i].bit))
			continue;
		if (!*space)
			go_to(l, COL_flags);
		ebt_buf_printf(l->out, "%s%s", space, ebt_sink_flags[i].name);
		space = " ";
	}
}

static void put_cgroup(struct line *l, const char *path)
{
	_cleanup_buf_ struct ebt_buf text = { 0 };

	put_text(l, COL_cgroup, ebt_bytes_from(path));
	if (ebt_sink_container(&text, path))
		put_text(l, COL_container, (struct ebt_bytes){ text.data, text.len });
}

static void put_exec(struct line *l, const struct ebt_sink_options *o,
		     const struct ebt_event_exec *e)
{
	put_u64(l, COL_pid, e->pid);
	put_known(l, COL_ppid, e->ppid);
	put_known(l, COL_tid, e->tid);
	put_known(l, COL_uid, e->uid);
	if (o->names)
		put_text(l, COL_user, ebt_bytes_from(ebt_model_user(o->names, e->uid)));
	put_known(l, COL_euid, e->euid);
	put_known(l, COL_gid, e->gid);
	put_known(l, COL_egid, e->egid);
	put_known(l, COL_loginuid, e->loginuid);
	put_known(l, COL_sessionid, e->sessionid);
	if (e->flags & EBT_EV_HAS_TTY)
		put_text(l, COL_tty, e->tty);
	put_text(l, COL_comm, e->comm);
	put_text(l, COL_prev_comm, e->prev_comm);
	if (e->flags & EBT_EV_HAS_EXE)
		put_text(l, COL_exe, e->exe);
	if (e->exe_ino) {
		put_u64(l, COL_exe_dev, e->exe_dev);
		put_u64(l, COL_exe_ino, e->exe_ino);
	}
	put_text(l, COL_filename, e->filename);
	if (e->flags & EBT_EV_HAS_CWD)
		put_text(l, COL_cwd, e->cwd);
	put_nonzero(l, COL_cgroup_id, e->cgroup_id & ~EBT_CGROUP_V1);
	if (o->names && e->cgroup_id)
		put_cgroup(l, ebt_model_cgroup(o->names, e->cgroup_id));
	put_nonzero(l, COL_pid_ns, e->pid_ns);
	put_nonzero(l, COL_mnt_ns, e->mnt_ns);
	if (e->vpid)
		put_known(l, COL_vpid, e->vpid);
	put_u64(l, COL_script, !!(e->flags & EBT_EV_SCRIPT));
	go_to(l, COL_ret);
	ebt_buf_printf(l->out, "%d", e->ret);
	put_known(l, COL_argc, e->argc);
	put_texts(l, COL_args, e->args);
	put_u64(l, COL_args_bytes, e->args_bytes);
	put_u64(l, COL_args_captured, e->args_captured);
	if (e->flags & EBT_EV_HAS_ENV) {
		put_known(l, COL_envc, e->envc);
		put_texts(l, COL_env, e->env);
		put_u64(l, COL_env_bytes, e->env_bytes);
		put_u64(l, COL_env_captured, e->env_captured);
	}
	put_flags(l, e->flags);
	put_nonzero(l, COL_start_ns, e->start_ns);
	put_nonzero(l, COL_parent_start_ns, e->parent_start_ns);
}

static void put_exit(struct line *l, const struct ebt_sink_options *o,
		     const struct ebt_event_exit *e)
{
	put_u64(l, COL_pid, e->pid);
	put_known(l, COL_ppid, e->ppid);
	put_known(l, COL_uid, e->uid);
	if (o->names)
		put_text(l, COL_user, ebt_bytes_from(ebt_model_user(o->names, e->uid)));
	put_text(l, COL_comm, e->comm);
	if (WIFSIGNALED(e->status)) {
		put_u64(l, COL_signal, WTERMSIG(e->status));
		put_u64(l, COL_core_dumped, !!WCOREDUMP(e->status));
	} else {
		put_u64(l, COL_exit_code, WEXITSTATUS(e->status));
	}
	put_u64(l, COL_utime_ns, e->utime_ns);
	put_u64(l, COL_stime_ns, e->stime_ns);
	put_u64(l, COL_maxrss_bytes, e->maxrss_bytes);
	put_u64(l, COL_lifetime_ns, e->lifetime_ns);
	put_nonzero(l, COL_start_ns, e->start_ns);
}

/* Its name is the cause, the sentence the text. */
static void put_homeo(struct line *l, const struct ebt_event_homeo *e)
{
	put_u64(l, COL_pid, e->pid);
	put_u64(l, COL_tid, e->tid);
	put_text(l, COL_comm, e->comm);
	put_text(l, COL_exe, e->exe);
	put_text(l, COL_cause, e->event);
	put_u64(l, COL_count, e->count);
	put_text(l, COL_text, e->cause);
}

const char *ebt_csv_column(unsigned i)
{
	return i < COL_MAX ? column_names[i] : NULL;
}

/* The cells that were asked for, in that order, in place of the whole line that began at `from`. */
static void choose(struct line *l, const struct ebt_sink_options *o, size_t from)
{
	size_t end = l->out->len;

	l->start[COL_MAX] = end + 1; /* as if a comma followed */
	for (unsigned i = 0; i < o->column_count; i++) {
		unsigned c = o->column[i];
		size_t len = l->start[c + 1] - 1 - l->start[c];

		if (i)
			ebt_buf_append(l->out, ",", 1);
		if (ebt_buf_reserve(l->out, len + 1))
			ebt_buf_append(l->out, l->out->data + l->start[c], len);
	}
	if (l->out->error)
		return;
	memmove(l->out->data + from, l->out->data + end, l->out->len - end);
	l->out->len -= end - from;
}

static void csv_header(struct ebt_buf *out, const struct ebt_sink_options *o)
{
	for (unsigned i = 0; i < o->column_count; i++)
		ebt_buf_printf(out, "%s%s%s", i ? "," : "", column_names[o->column[i]],
			       i + 1 == o->column_count ? "\r\n" : "");
	if (o->column_count)
		return;
	for (unsigned i = 0; i < COL_MAX; i++)
		ebt_buf_printf(out, "%s%s", i ? "," : "", column_names[i]);
	ebt_buf_puts(out, "\r\n");
}

static void csv_event(struct ebt_buf *out, const struct ebt_sink_options *o,
		      const struct ebt_event *ev)
{
	static const char *const types[] = {
		[EBT_EVENT_EXEC] = "exec",	   [EBT_EVENT_EXIT] = "exit",
		[EBT_EVENT_LOST] = "lost",	   [EBT_EVENT_NOTE] = "note",
		[EBT_EVENT_HOMEO] = "homeostasis",
	};
	struct line l = { .out = out };
	size_t from = out->len;
	char ts[EBT_FMT_LEN];

	if ((unsigned)ev->type >= EBT_ARRAY_SIZE(types))
		return;
	go_to(&l, COL_type);
	ebt_buf_puts(out, types[ev->type]);
	go_to(&l, COL_ts);
	ebt_buf_puts(out, ebt_fmt_iso8601(ts, ebt_sink_real_ns(o, ev)));
	put_u64(&l, COL_mono_ns, ev->mono_ns);
	if (ev->type != EBT_EVENT_NOTE && ev->type != EBT_EVENT_HOMEO)
		put_u64(&l, COL_cpu, ev->cpu);
	switch (ev->type) {
	case EBT_EVENT_EXEC:
		put_u64(&l, COL_seq, ev->seq);
		put_exec(&l, o, &ev->exec);
		break;
	case EBT_EVENT_EXIT:
		put_u64(&l, COL_seq, ev->seq);
		put_exit(&l, o, &ev->exit);
		break;
	case EBT_EVENT_LOST:
		go_to(&l, COL_cause);
		ebt_buf_puts(out, ebt_lost_cause_name(ev->lost.cause));
		put_u64(&l, COL_count, ev->lost.count);
		break;
	case EBT_EVENT_NOTE:
		put_text(&l, COL_text, ev->note.text);
		break;
	case EBT_EVENT_HOMEO:
		put_homeo(&l, &ev->homeo);
		break;
	}
	if (l.next < COL_MAX)
		go_to(&l, COL_MAX - 1);
	if (o->column_count)
		choose(&l, o, from);
	ebt_buf_puts(out, "\r\n");
}

const struct ebt_sink_ops ebt_sink_csv_ops = {
	.header = csv_header,
	.event = csv_event,
};
