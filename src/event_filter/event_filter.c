/* SPDX-License-Identifier: BSD-3-Clause */
#include "event_filter/event_filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/hash.h"

/* A process that runs a program which was given on, or which waits for its end. */
struct event_filter_run {
	uint32_t pid;
	bool waits;
	uint64_t start_ns, exec_ns;
	size_t bytes;
	struct ebt_event ev; /* of one that waits; its texts follow */
	UT_hash_handle hh;
	char texts[];
};

struct ebt_event_filter {
	struct ebt_expr *expr;
	const struct ebt_model *model;
	const struct ebt_event_filter_ops *ops;
	void *arg;
	struct event_filter_run *runs; /* by pid, the oldest first */
	size_t count, bytes;
	uint64_t given_up, unsure;
};

static const char *event_filter_user(const void *names, uint32_t uid)
{
	return ebt_model_user(names, uid);
}

/* Judge an exec, which has ended as `end` says; ended is its exit event, or NULL without one. */
static enum ebt_expr_result event_filter_judge(struct ebt_event_filter *s,
					       const struct ebt_event *ev, enum ebt_expr_end end,
					       const struct ebt_event *ended, bool once)
{
	const struct ebt_event_exec *e = &ev->exec;
	struct ebt_expr_subject subject = {
		.pid = e->pid,
		.uid = e->uid,
		.euid = e->euid,
		.ret = e->ret,
		.args = e->args,
		.args_incomplete = e->flags & EBT_EV_ARGS_INCOMPLETE,
		.comm = e->comm,
		.exe = e->exe.len ? e->exe : e->filename,
		.parent = e->parent_comm,
		.cwd = e->cwd,
		.tty = e->tty,
		.cgroup = e->cgroup_id ? ebt_model_cgroup(s->model, e->cgroup_id) : NULL,
		.args_bytes = e->args_bytes,
		.life_unknown = !e->start_ns,
		.end = e->ret < 0 ? EBT_EXPR_FAILED : end,
		.once = once,
		.user = event_filter_user,
		.names = s->model,
	};

	if (ended && ended->mono_ns > ev->mono_ns)
		subject.run_ns = ended->mono_ns - ev->mono_ns;
	if (ended && ended->mono_ns > e->start_ns)
		subject.life_ns = ended->mono_ns - e->start_ns;
	if (ended && end == EBT_EXPR_EXITED) {
		subject.status = ended->exit.status;
		subject.cpu_ns = ended->exit.utime_ns + ended->exit.stime_ns;
	}
	return ebt_expr_match(s->expr, &subject);
}

static void event_filter_pass(struct ebt_event_filter *s, const struct ebt_event *ev)
{
	s->ops->pass(ev, s->arg);
}

/* Give on an exec, which may match or does. One that the other filters have marked is counted there. */
static void event_filter_pass_as(struct ebt_event_filter *s, const struct ebt_event *ev,
				 bool unsure)
{
	struct ebt_event marked = *ev;

	if (unsure && !(ev->exec.flags & EBT_EV_MATCH_UNKNOWN))
		s->unsure++;
	if (unsure)
		marked.exec.flags |= EBT_EV_MATCH_UNKNOWN;
	event_filter_pass(s, &marked);
}

/* Give on an exec that was judged last. */
static void event_filter_pass_exec(struct ebt_event_filter *s, const struct ebt_event *ev)
{
	event_filter_pass_as(s, ev, ebt_expr_unsure(s->expr));
}

static void event_filter_leave_out(struct ebt_event_filter *s, const struct ebt_event *ev)
{
	if (s->ops->left_out)
		s->ops->left_out(ev, s->arg);
}

static void event_filter_forget(struct ebt_event_filter *s, struct event_filter_run *run)
{
	HASH_DELETE(hh, s->runs, run);
	s->count--;
	s->bytes -= run->bytes;
	free(run);
}

/* Return what the process runs that was given on or waits. One of that pid that began at another time
 * has ended unseen. */
static struct event_filter_run *event_filter_find(struct ebt_event_filter *s, uint32_t pid,
						  uint64_t start_ns)
{
	struct event_filter_run *run;

	HASH_FIND(hh, s->runs, &pid, sizeof(pid), run);
	if (!run || run->start_ns == start_ns)
		return run;
	if (run->waits &&
	    event_filter_judge(s, &run->ev, EBT_EXPR_LOST, NULL, true) == EBT_EXPR_YES)
		event_filter_pass_exec(s, &run->ev);
	event_filter_forget(s, run);
	return NULL;
}

/* Copy a text of the event behind the others, and let it point there. */
static char *event_filter_copy(char *to, struct ebt_bytes *text)
{
	if (text->len)
		memcpy(to, text->data, text->len);
	text->data = to;
	return to + text->len;
}

/* Remember that the end of an exec is awaited, and with `waits` a copy of it. */
static bool event_filter_keep(struct ebt_event_filter *s, const struct ebt_event *ev, bool waits)
{
	const struct ebt_event_exec *e = &ev->exec;
	size_t texts = !waits ? 0
			      : e->comm.len + e->prev_comm.len + e->tty.len + e->parent_comm.len +
					e->filename.len + e->exe.len + e->cwd.len + e->args.len +
					e->env.len;
	struct event_filter_run *run = calloc(1, sizeof(*run) + texts);
	char *at;

	if (!run)
		return false;
	run->pid = e->pid;
	run->start_ns = e->start_ns;
	run->exec_ns = ev->mono_ns;
	run->bytes = sizeof(*run) + texts;
	run->waits = waits;
	run->ev = *ev;
	if (waits) {
		struct ebt_event_exec *x = &run->ev.exec;
		struct ebt_bytes *const all[] = { &x->comm,	   &x->prev_comm, &x->tty,
						  &x->parent_comm, &x->filename,  &x->exe,
						  &x->cwd,	   &x->args,	  &x->env };

		at = run->texts;
		for (size_t i = 0; i < EBT_ARRAY_SIZE(all); i++)
			at = event_filter_copy(at, all[i]);
	}
	HASH_ADD(hh, s->runs, pid, sizeof(run->pid), run);
	if (!run->hh.tbl) {
		free(run);
		return false;
	}
	s->count++;
	s->bytes += run->bytes;
	return true;
}

/* Give the oldest up until there is room. What waits is then left out, since nothing says that it is
 * wanted. */
static void event_filter_make_room(struct ebt_event_filter *s)
{
	while (s->runs &&
	       (s->count > EBT_EVENT_FILTER_RUNS_MAX || s->bytes > EBT_EVENT_FILTER_BYTES_MAX)) {
		s->given_up += s->runs->waits;
		event_filter_forget(s, s->runs);
	}
}

/* The exec ev replaces a program that was given on or waits. */
static void event_filter_replace(struct ebt_event_filter *s, struct event_filter_run *run,
				 const struct ebt_event *ev, bool next_passes)
{
	bool shown = !run->waits;
	struct ebt_event end = *ev;

	if (run->waits &&
	    event_filter_judge(s, &run->ev, EBT_EXPR_REPLACED, ev, true) == EBT_EXPR_YES) {
		event_filter_pass_exec(s, &run->ev);
		shown = true;
	}
	event_filter_forget(s, run);
	if (!shown || next_passes)
		return;
	end.type = EBT_EVENT_REPLACED;
	end.exit = (struct ebt_event_exit){ .pid = ev->exec.pid,
					    .ppid = ev->exec.ppid,
					    .uid = ev->exec.uid,
					    .start_ns = ev->exec.start_ns,
					    .comm = ev->exec.comm };
	event_filter_pass(s, &end);
}

static void event_filter_exec(struct ebt_event_filter *s, const struct ebt_event *ev)
{
	enum ebt_expr_result result = event_filter_judge(s, ev, EBT_EXPR_RUNS, NULL, true);
	bool unsure = ebt_expr_unsure(s->expr), runs = ev->exec.ret >= 0;
	struct event_filter_run *run =
		runs ? event_filter_find(s, ev->exec.pid, ev->exec.start_ns) : NULL;

	if (run && ev->mono_ns < run->exec_ns) { /* it came late: its end has been */
		if (result == EBT_EXPR_YES)
			event_filter_pass_as(s, ev, unsure);
		return;
	}
	if (run)
		event_filter_replace(s, run, ev, result == EBT_EXPR_YES);
	if (result == EBT_EXPR_YES)
		event_filter_pass_as(s, ev, unsure);
	else
		event_filter_leave_out(s, ev);
	if (!runs || result == EBT_EXPR_NO)
		return;
	if (!event_filter_keep(s, ev, result == EBT_EXPR_LATER))
		s->given_up++;
	event_filter_make_room(s);
}

static void event_filter_exit(struct ebt_event_filter *s, const struct ebt_event *ev)
{
	struct event_filter_run *run = event_filter_find(s, ev->exit.pid, ev->exit.start_ns);
	bool shown = run && !run->waits;

	if (run && run->waits &&
	    event_filter_judge(s, &run->ev, EBT_EXPR_EXITED, ev, true) == EBT_EXPR_YES) {
		event_filter_pass_exec(s, &run->ev);
		shown = true;
	}
	if (run)
		event_filter_forget(s, run);
	if (shown)
		event_filter_pass(s, ev);
	else
		event_filter_leave_out(s, ev);
}

/* A program that was given on is replaced by one that the other filters leave out. */
static void event_filter_replaced(struct ebt_event_filter *s, const struct ebt_event *ev)
{
	struct event_filter_run *run = event_filter_find(s, ev->exit.pid, ev->exit.start_ns);

	if (!run)
		return;
	if (run->waits) {
		if (event_filter_judge(s, &run->ev, EBT_EXPR_REPLACED, ev, true) != EBT_EXPR_YES) {
			event_filter_forget(s, run);
			return;
		}
		event_filter_pass_exec(s, &run->ev);
	}
	event_filter_forget(s, run);
	event_filter_pass(s, ev);
}

/* An event of homeostasis has a program, a process and its name. */
static void event_filter_homeo(struct ebt_event_filter *s, const struct ebt_event *ev)
{
	const struct ebt_expr_subject subject = { .pid = ev->homeo.pid,
						  .uid = UINT32_MAX,
						  .euid = UINT32_MAX,
						  .comm = ev->homeo.comm,
						  .exe = ev->homeo.exe,
						  .end = EBT_EXPR_LOST };

	if (ebt_expr_match(s->expr, &subject) == EBT_EXPR_YES)
		event_filter_pass(s, ev);
}

void ebt_event_filter_event(struct ebt_event_filter *s, const struct ebt_event *ev)
{
	switch (ev->type) {
	case EBT_EVENT_EXEC:
		event_filter_exec(s, ev);
		break;
	case EBT_EVENT_EXIT:
		event_filter_exit(s, ev);
		break;
	case EBT_EVENT_REPLACED:
		event_filter_replaced(s, ev);
		break;
	case EBT_EVENT_HOMEO:
		event_filter_homeo(s, ev);
		break;
	case EBT_EVENT_LOST:
	case EBT_EVENT_NOTE:
		event_filter_pass(s, ev);
		break;
	}
}

void ebt_event_filter_finish(struct ebt_event_filter *s)
{
	while (s->runs) {
		struct event_filter_run *run = s->runs;

		if (run->waits &&
		    event_filter_judge(s, &run->ev, EBT_EXPR_RUNS, NULL, false) == EBT_EXPR_YES)
			event_filter_pass_exec(s, &run->ev);
		event_filter_forget(s, run);
	}
}

uint64_t ebt_event_filter_given_up(const struct ebt_event_filter *s)
{
	return s ? s->given_up : 0;
}

uint64_t ebt_event_filter_unsure(const struct ebt_event_filter *s)
{
	return s ? s->unsure : 0;
}

int ebt_event_filter_new(struct ebt_event_filter **out, const char *text,
			 const struct ebt_model *model, const struct ebt_event_filter_ops *ops,
			 void *arg)
{
	struct ebt_expr *expr;
	int err = ebt_expr_new(&expr, text, NULL);

	*out = NULL;
	if (err || !expr)
		return err;
	*out = calloc(1, sizeof(**out));
	if (!*out) {
		ebt_expr_free(&expr);
		return -ENOMEM;
	}
	**out = (struct ebt_event_filter){ .expr = expr, .model = model, .ops = ops, .arg = arg };
	return 0;
}

void ebt_event_filter_free(struct ebt_event_filter **sp)
{
	struct ebt_event_filter *s = *sp;

	if (!s)
		return;
	while (s->runs)
		event_filter_forget(s, s->runs);
	ebt_expr_free(&s->expr);
	free(s);
	*sp = NULL;
}
