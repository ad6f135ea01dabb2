/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/replay/replay_filter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "model/snapshot.h"
#include "recording/player.h"

#define PROCS_MAX (8u << 20) /* maximum number in a recording, 32 bytes each */
/* maximum number of ancestors; a forged recording may contain a circle */
#define STEPS_MAX 4096u
#define SLACK_NS  100000000u /* inaccuracy of start times from /proc (model/process.h) */

/* Sources of knowledge about a process, from best to worst. */
enum source { AT_EXEC, BEFORE, AT_EXIT };

struct ebt_replay_proc {
	uint64_t start_ns, parent_start_ns; /* parent_start_ns is 0 if it is not known */
	uint32_t pid, ppid;
	enum source source;
};

static void add(struct ebt_replay_filter *f, struct ebt_replay_proc proc)
{
	struct ebt_replay_proc *more;
	size_t cap = f->cap ? f->cap * 2 : 1024;

	if (f->n == f->cap) {
		more = f->n < PROCS_MAX ? reallocarray(f->procs, cap, sizeof(*more)) : NULL;
		if (!more) {
			f->error = -ENOMEM;
			return;
		}
		f->procs = more;
		f->cap = cap;
	}
	f->procs[f->n++] = proc;
}

static void scan_event(const struct ebt_event *ev, void *arg)
{
	struct ebt_replay_filter *f = arg;
	struct ebt_replay_proc proc;

	if (ev->type == EBT_EVENT_EXEC)
		proc = (struct ebt_replay_proc){ ev->exec.start_ns, ev->exec.parent_start_ns,
						 ev->exec.pid, ev->exec.ppid, AT_EXEC };
	else if (ev->type == EBT_EVENT_EXIT)
		proc = (struct ebt_replay_proc){ ev->exit.start_ns, 0, ev->exit.pid, ev->exit.ppid,
						 AT_EXIT };
	else
		return;
	add(f, proc);
}

static const struct ebt_player_ops scan_ops = { .event = scan_event };

static void scan_process(struct ebt_replay_filter *f, const struct ebt_frame *frame)
{
	struct ebt_frame_process p;

	ebt_frame_fixed(frame, &p, sizeof(p));
	add(f, (struct ebt_replay_proc){ p.start_ns, 0, p.pid, p.ppid, BEFORE });
}

/* Compare by pid, then by start, then by source. */
static int compare(const void *a, const void *b)
{
	const struct ebt_replay_proc *x = a, *y = b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	return (int)x->source - (int)y->source;
}

static int scan(struct ebt_replay_filter *f, struct ebt_parts_reader *reader)
{
	struct ebt_player player;
	struct ebt_frame frame;
	int got = 1;

	ebt_player_init(&player, &scan_ops, f);
	while (!f->error && (got = ebt_parts_reader_next(reader, &frame)) == 1) {
		if (frame.kind == EBT_FRAME_PROCESS)
			scan_process(f, &frame);
		else if (ebt_player_frame(&player, &frame))
			f->error = -ENOMEM;
	}
	ebt_player_deinit(&player);
	ebt_parts_reader_rewind(reader);
	if (f->n)
		qsort(f->procs, f->n, sizeof(*f->procs), compare);
	return f->error ? f->error : got;
}

/* Return the first entry that is not before (pid, start_ns). */
static size_t place_of(const struct ebt_replay_filter *f, uint32_t pid, uint64_t start_ns)
{
	struct ebt_replay_proc key = { .pid = pid, .start_ns = start_ns };
	size_t low = 0, high = f->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare(&f->procs[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static uint64_t apart(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* Return the process that had pid and began at about start_ns, or NULL. */
static const struct ebt_replay_proc *find(const struct ebt_replay_filter *f, uint32_t pid,
					  uint64_t start_ns)
{
	size_t at = place_of(f, pid, start_ns), n = f->n;
	const struct ebt_replay_proc *p = f->procs;
	const struct ebt_replay_proc *after = at < n && p[at].pid == pid ? &p[at] : NULL;
	const struct ebt_replay_proc *before = at > 0 && p[at - 1].pid == pid ? &p[at - 1] : NULL;

	if (after &&
	    (!before || apart(after->start_ns, start_ns) <= apart(before->start_ns, start_ns)))
		return apart(after->start_ns, start_ns) <= SLACK_NS ? after : NULL;
	return before && apart(before->start_ns, start_ns) <= SLACK_NS ? before : NULL;
}

/* Return the process that had pid when its child began: the last one that began before that. */
static const struct ebt_replay_proc *find_at(const struct ebt_replay_filter *f, uint32_t pid,
					     uint64_t child_start_ns)
{
	size_t at = place_of(f, pid, child_start_ns + SLACK_NS);

	return at > 0 && f->procs[at - 1].pid == pid ? &f->procs[at - 1] : NULL;
}

static bool named(const struct ebt_options *o, uint32_t pid)
{
	for (unsigned i = 0; i < o->pid_count; i++)
		if (o->pids[i] == pid)
			return true;
	return false;
}

/* Return whether a process or one of its ancestors is among those of -p. */
static bool in_tree(const struct ebt_replay_filter *f, uint32_t pid, uint64_t start_ns)
{
	const struct ebt_replay_proc *proc = find(f, pid, start_ns);

	for (unsigned i = 0; i < STEPS_MAX && !named(f->options, pid); i++) {
		if (!proc || proc->ppid == 0)
			return false;
		pid = proc->ppid;
		proc = proc->parent_start_ns ? find(f, pid, proc->parent_start_ns)
					     : find_at(f, pid, proc->start_ns);
	}
	return named(f->options, pid);
}

static bool is_below(const char *path, const char *top)
{
	size_t len = strlen(top);

	while (len && top[len - 1] == '/')
		len--;
	if (*top != '/' && *path == '/')
		path++;
	return strncmp(path, top, len) == 0 && (path[len] == '\0' || path[len] == '/' || !len);
}

/* Return whether a path of the recording is the cgroup of --cgroup or below it. That may be named by its
 * directory, of this machine or of the one that was recorded, which is not known: systemd mounts the
 * hierarchy at the second place on a machine that has v1 beside it, else at the third. */
static bool cgroup_is_below(const struct ebt_replay_filter *f, const char *path)
{
	const char *const roots[] = { f->cgroups.v2, "/sys/fs/cgroup/unified", "/sys/fs/cgroup" };
	const char *top = f->options->cgroup;

	for (size_t i = 0; i < EBT_ARRAY_SIZE(roots); i++) {
		size_t len = strlen(roots[i]);

		if (len && strncmp(top, roots[i], len) == 0 &&
		    (top[len] == '/' || top[len] == '\0') && is_below(path, top + len))
			return true;
	}
	return is_below(path, top);
}

static bool cgroup_wanted(struct ebt_replay_filter *f, struct ebt_model *model,
			  const struct ebt_event *ev)
{
	const char *path;
	struct ebt_row row;
	uint64_t id;

	if (ev->type == EBT_EVENT_EXEC) {
		path = ebt_model_cgroup(model, ev->exec.cgroup_id);
		if (!path || !cgroup_is_below(f, path))
			return false;
		f->in_cgroup = true;
		return true;
	}
	/* An exit event does not contain the fields: keep it if the exec was kept, which then has a
	 * row. */
	id = ebt_snapshot_row_of_pid(model, ev->exit.pid);
	return id && ebt_snapshot_row(model, id, &row) && !row.seeded &&
	       row.start_ns == ev->exit.start_ns;
}

/* An exit has the real id only. */
static bool replay_is_user(const struct ebt_options *o, const struct ebt_event *ev)
{
	if (ev->type != EBT_EVENT_EXEC)
		return ev->exit.uid == o->uid;
	return (o->user_ids != EBT_USER_EFFECTIVE && ev->exec.uid == o->uid) ||
	       (o->user_ids != EBT_USER_REAL && ev->exec.euid == o->uid);
}

bool ebt_replay_filter_wants(struct ebt_replay_filter *f, struct ebt_model *model,
			     const struct ebt_event *ev)
{
	const struct ebt_options *o = f->options;
	bool exec = ev->type == EBT_EVENT_EXEC;

	if (!o)
		return true;
	if (o->uid_set && !replay_is_user(o, ev))
		return false;
	if (o->no_enoent && exec && ev->exec.ret == -ENOENT)
		return false;
	if (o->pid_count && !in_tree(f, exec ? ev->exec.pid : ev->exit.pid,
				     exec ? ev->exec.start_ns : ev->exit.start_ns))
		return false;
	return !o->cgroup || cgroup_wanted(f, model, ev);
}

int ebt_replay_filter_init(struct ebt_replay_filter *f, const struct ebt_options *o,
			   struct ebt_parts_reader *reader, char *why, size_t why_len)
{
	int err;

	*f = (struct ebt_replay_filter){ .options = o };
	if (o->cgroup)
		ebt_cgroups_open(&f->cgroups);
	if (!o->pid_count)
		return 0;
	err = scan(f, reader);
	if (err) {
		snprintf(why, why_len, "-p: %s has more processes than can be kept", o->read_file);
		return err;
	}
	for (unsigned i = 0; i < o->pid_count; i++) {
		uint32_t pid = o->pids[i];
		size_t at = place_of(f, pid, 0);

		if (at == f->n || f->procs[at].pid != pid) {
			snprintf(why, why_len,
				 "-p: there is no process %u in %s; -e -o time,pid,command shows "
				 "which there are%s",
				 pid, o->read_file,
				 ebt_parts_reader_begins_later(reader)
					 ? " (processes that started earlier are in its earlier "
					   "files, which were not read)"
					 : "");
			return -ENOENT;
		}
	}
	return 0;
}

void ebt_replay_filter_deinit(struct ebt_replay_filter *f)
{
	free(f->procs);
	*f = (struct ebt_replay_filter){ 0 };
}
