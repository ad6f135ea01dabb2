/* SPDX-License-Identifier: BSD-3-Clause */
/* history.c - a ring of packed rows */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "model/history.h"

int ebt_history_init(struct ebt_history *h, size_t bytes, size_t spare_per_row)
{
	const size_t row_min = sizeof(struct ebt_hist_row);
	size_t slots = 1;
	void *map;

	if (bytes < EBT_HISTORY_MIN || bytes > EBT_HISTORY_MAX)
		return -EINVAL;
	/* Provide as many slots as the smallest rows need, so that only the arena can be full. */
	while (slots * (row_min + sizeof(uint32_t) + spare_per_row) < bytes)
		slots *= 2;
	*h = (struct ebt_history){ .slots = slots, .first_id = 1, .next_id = 1 };
	h->arena_bytes = bytes - slots * (sizeof(uint32_t) + spare_per_row);
	h->arena_bytes &= ~(size_t)7;
	h->map_bytes = h->arena_bytes + slots * sizeof(uint32_t);
	map = mmap(NULL, h->map_bytes, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED)
		return -errno;
	/* Huge pages would make a program that has seen ten execs two megabytes larger. */
	(void)madvise(map, h->map_bytes, MADV_NOHUGEPAGE);
	h->arena = map;
	h->offset = (uint32_t *)(void *)(h->arena + h->arena_bytes);
	return 0;
}

void ebt_history_deinit(struct ebt_history *h)
{
	if (h->arena)
		munmap(h->arena, h->map_bytes);
	*h = (struct ebt_history){ 0 };
}

void ebt_history_clear(struct ebt_history *h)
{
	(void)madvise(h->arena, h->map_bytes, MADV_DONTNEED);
	h->first_id = h->next_id;
	h->head = 0;
	h->used_bytes = 0;
	h->dropped = 0;
}

static void drop_oldest(struct ebt_history *h)
{
	struct ebt_hist_row *row = ebt_history_get(h, h->first_id);

	if (h->on_drop)
		h->on_drop(row, h->arg);
	h->used_bytes -= row->size;
	h->first_id++;
	h->dropped++;
}

/* Return the offset of size contiguous free bytes (at most half the arena), after dropping the rows
 * in the way. */
static size_t make_room(struct ebt_history *h, size_t size)
{
	for (;;) {
		size_t at = h->head, tail;

		if (ebt_history_rows(h) == 0)
			return 0;
		tail = (size_t)h->offset[h->first_id & (h->slots - 1)] * 8;
		if (ebt_history_rows(h) == h->slots) {
			drop_oldest(h);
			continue;
		}
		if (at > tail) {
			/* Free space lies after the rows up to the end, and before them. */
			if (size <= h->arena_bytes - at)
				return at;
			if (size <= tail)
				return 0;
		} else if (size <= tail - at) {
			return at; /* the rows wrap around the end; at == tail means full */
		}
		drop_oldest(h);
	}
}

static void put_text(struct ebt_hist_row *row, char **at, enum ebt_hist_text which,
		     struct ebt_bytes text)
{
	if (text.len > 0)
		memcpy(*at, text.data, text.len);
	*at += text.len;
	row->len[which] = (uint32_t)text.len;
}

static void fill_exec(struct ebt_hist_row *row, const struct ebt_event_exec *x)
{
	row->pid = x->pid;
	row->ppid = x->ppid;
	row->tid = x->tid;
	row->vpid = x->vpid;
	row->uid = x->uid;
	row->euid = x->euid;
	row->gid = x->gid;
	row->egid = x->egid;
	row->loginuid = x->loginuid;
	row->sessionid = x->sessionid;
	row->pid_ns = x->pid_ns;
	row->mnt_ns = x->mnt_ns;
	row->ret = x->ret;
	row->flags = x->flags;
	row->argc = x->argc;
	row->envc = x->envc;
	row->args_bytes = x->args_bytes;
	row->args_captured = x->args_captured;
	row->env_bytes = x->env_bytes;
	row->env_captured = x->env_captured;
	row->exe_dev = x->exe_dev;
	row->exe_ino = x->exe_ino;
	row->cgroup_id = x->cgroup_id;
	row->start_ns = x->start_ns;
	row->parent_start_ns = x->parent_start_ns;
	row->end = x->ret < 0 ? EBT_END_FAILED : EBT_END_NONE;
}

/* Add an empty row of size bytes. Return NULL if that is more than half the ring. */
static struct ebt_hist_row *add_row(struct ebt_history *h, const struct ebt_event *ev,
				    uint64_t real_ns, size_t size)
{
	struct ebt_hist_row *row;
	size_t at;

	size = (size + 7) & ~(size_t)7;
	if (size > h->arena_bytes / 2) {
		h->dropped++;
		return NULL;
	}
	at = make_room(h, size);
	row = (void *)(h->arena + at);
	*row = (struct ebt_hist_row){
		.id = h->next_id,
		.size = (uint32_t)size,
		.mono_ns = ev->mono_ns,
		.real_ns = real_ns,
		.seq = ev->seq,
		.cpu = ev->cpu,
	};
	h->offset[row->id & (h->slots - 1)] = (uint32_t)(at / 8);
	h->head = at + size;
	h->used_bytes += size;
	h->next_id++;
	return row;
}

struct ebt_hist_row *ebt_history_add(struct ebt_history *h, const struct ebt_event *ev,
				     uint64_t real_ns, struct ebt_bytes parent_comm)
{
	const struct ebt_event_exec *x = &ev->exec;
	bool same = ebt_bytes_equal(x->filename, x->exe);
	struct ebt_bytes filename = { x->filename.data, same ? 0 : x->filename.len };
	size_t size = sizeof(struct ebt_hist_row) + x->comm.len + x->prev_comm.len +
		      parent_comm.len + x->tty.len + filename.len + x->exe.len + x->cwd.len +
		      x->args.len + x->env.len;
	struct ebt_hist_row *row;
	char *text;

	row = add_row(h, ev, real_ns, size);
	if (!row)
		return NULL;
	row->filename_is_exe = same;
	fill_exec(row, x);
	text = row->text;
	put_text(row, &text, EBT_TEXT_COMM, x->comm);
	put_text(row, &text, EBT_TEXT_PREV_COMM, x->prev_comm);
	put_text(row, &text, EBT_TEXT_PARENT_COMM, parent_comm);
	put_text(row, &text, EBT_TEXT_TTY, x->tty);
	put_text(row, &text, EBT_TEXT_FILENAME, filename);
	put_text(row, &text, EBT_TEXT_EXE, x->exe);
	put_text(row, &text, EBT_TEXT_CWD, x->cwd);
	put_text(row, &text, EBT_TEXT_ARGS, x->args);
	put_text(row, &text, EBT_TEXT_ENV, x->env);

	return row;
}

struct ebt_hist_row *ebt_history_add_homeo(struct ebt_history *h, const struct ebt_event *ev,
					   uint64_t real_ns, uint32_t ppid, uint32_t uid)
{
	const struct ebt_event_homeo *x = &ev->homeo;
	size_t size = sizeof(struct ebt_hist_row) + x->comm.len + x->event.len + x->call.len +
		      x->exe.len + x->cause.len + 1;
	struct ebt_hist_row *row = add_row(h, ev, real_ns, size);
	char *text;

	if (!row)
		return NULL;
	row->kind = EBT_ROW_HOMEO;
	row->end = EBT_END_FAILED; /* there is no process that could end */
	row->pid = x->pid;
	row->tid = x->tid;
	row->vpid = x->pid;
	row->ppid = ppid;
	row->uid = row->euid = uid;
	row->gid = row->egid = row->loginuid = row->sessionid = EBT_UNSET;
	row->status = (int32_t)x->level;
	row->argc = 1;
	row->filename_is_exe = true;
	row->args_bytes = row->args_captured = (uint32_t)x->cause.len + 1;
	text = row->text;
	put_text(row, &text, EBT_TEXT_COMM, x->comm);
	put_text(row, &text, EBT_TEXT_PREV_COMM, x->event);
	put_text(row, &text, EBT_TEXT_TTY, x->call);
	put_text(row, &text, EBT_TEXT_EXE, x->exe);
	put_text(row, &text, EBT_TEXT_ARGS, x->cause);
	*text = '\0';
	row->len[EBT_TEXT_ARGS]++;
	return row;
}
