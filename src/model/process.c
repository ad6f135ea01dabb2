/* SPDX-License-Identifier: BSD-3-Clause */
/* process.c - a table of processes by pid */
#include <stdlib.h>
#include <string.h>

#include "model/process.h"

/* Hash a pid one to one, so that equal hashes mean equal pids, and spread neighbours. */
static uint64_t hash_pid(uint32_t pid)
{
	uint64_t h = pid * 0x9e3779b97f4a7c15u; /* 2^64 / golden ratio, odd */

	return h ^ h >> 32;
}

struct ebt_proc *ebt_procs_find(const struct ebt_procs *procs, uint32_t pid)
{
	uint64_t hash = hash_pid(pid);
	size_t at = hash;

	return ebt_index_next(&procs->index, hash, &at);
}

bool ebt_proc_is(const struct ebt_proc *proc, uint64_t start_ns)
{
	uint64_t apart;

	if (start_ns == 0 || proc->start_ns == 0 || proc->start_ns == start_ns)
		return true;
	if (!proc->seeded)
		return false;
	apart = start_ns > proc->start_ns ? start_ns - proc->start_ns : proc->start_ns - start_ns;
	return apart <= EBT_PROC_SEED_SLACK_NS;
}

static void list_append(struct ebt_proc_list *list, struct ebt_proc *proc)
{
	proc->next = NULL;
	proc->prev = list->last;
	*(list->last ? &list->last->next : &list->first) = proc;
	list->last = proc;
	list->n++;
}

static void list_remove(struct ebt_proc_list *list, struct ebt_proc *proc)
{
	*(proc->prev ? &proc->prev->next : &list->first) = proc->next;
	*(proc->next ? &proc->next->prev : &list->last) = proc->prev;
	list->n--;
}

struct ebt_proc *ebt_procs_add(struct ebt_procs *procs, uint32_t pid)
{
	struct ebt_proc *proc = procs->spare ? procs->spare : malloc(sizeof(*proc));

	if (!proc)
		return NULL;
	procs->spare = NULL;
	memset(proc, 0, sizeof(*proc));
	proc->pid = pid;
	if (ebt_index_add(&procs->index, hash_pid(pid), proc)) {
		free(proc);
		return NULL;
	}
	procs->bytes += sizeof(*proc);
	procs->changed = true;
	list_append(&procs->live, proc);
	return proc;
}

void ebt_proc_keep(struct ebt_procs *procs, struct ebt_proc *proc, struct ebt_hist_row *row)
{
	if (proc->kept)
		procs->bytes -= proc->kept->size;
	free(proc->kept);
	proc->kept = row;
	if (row)
		procs->bytes += row->size;
}

/* Load the processes that will be dropped next, which nobody has touched for long; see fetch_next
 * in group.c. */
static void fetch_next(const struct ebt_procs *procs)
{
	const struct ebt_proc *first = procs->exited.first;
	const char *next = first ? (const char *)first->next : NULL;

	if (!next)
		return;
	ebt_index_prefetch(&procs->index, hash_pid(first->pid));
	for (size_t at = 0; at < sizeof(*first); at += 64)
		__builtin_prefetch(next + at);
}

void ebt_procs_remove(struct ebt_procs *procs, struct ebt_proc *proc)
{
	ebt_proc_keep(procs, proc, NULL);
	if (!proc->exited && proc->has_exec)
		procs->running--;
	list_remove(proc->exited ? &procs->exited : &procs->live, proc);
	ebt_index_remove(&procs->index, hash_pid(proc->pid), proc);
	procs->bytes -= sizeof(*proc);
	procs->changed = true;
	if (procs->spare)
		free(proc);
	else
		procs->spare = proc;
	fetch_next(procs);
}

void ebt_procs_deinit(struct ebt_procs *procs)
{
	while (procs->live.first)
		ebt_procs_remove(procs, procs->live.first);
	while (procs->exited.first)
		ebt_procs_remove(procs, procs->exited.first);
	free(procs->spare);
	procs->spare = NULL;
	ebt_index_deinit(&procs->index);
}

void ebt_procs_touch(struct ebt_procs *procs, struct ebt_proc *proc)
{
	if (!proc->has_exec)
		procs->running++;
	proc->has_exec = true;
	procs->changed = true;
	if (procs->live.last == proc)
		return;
	list_remove(&procs->live, proc);
	list_append(&procs->live, proc);
}

void ebt_procs_exit(struct ebt_procs *procs, struct ebt_proc *proc, uint64_t mono_ns)
{
	if (proc->has_exec)
		procs->running--;
	list_remove(&procs->live, proc);
	list_append(&procs->exited, proc);
	proc->exited = true;
	proc->ended_ns = mono_ns;
	procs->changed = true;
}

void ebt_proc_set_comm(struct ebt_proc *proc, struct ebt_bytes comm)
{
	proc->comm_len = (uint8_t)(comm.len < EBT_COMM_LEN ? comm.len : EBT_COMM_LEN);
	if (proc->comm_len > 0)
		memcpy(proc->comm, comm.data, proc->comm_len);
}

void ebt_procs_early_put(struct ebt_procs *procs, const struct ebt_event *ev)
{
	const struct ebt_event_exit *x = &ev->exit;

	procs->early[x->pid & (EBT_PROC_EARLY_EXITS - 1)] = (struct ebt_early_exit){
		.pid = x->pid,
		.cpu = ev->cpu,
		.status = x->status,
		.seq = ev->seq,
		.start_ns = x->start_ns,
		.mono_ns = ev->mono_ns,
		.utime_ns = x->utime_ns,
		.stime_ns = x->stime_ns,
		.maxrss_bytes = x->maxrss_bytes,
	};
}

bool ebt_procs_early_take(struct ebt_procs *procs, uint32_t pid, uint64_t start_ns,
			  uint64_t since_ns, struct ebt_early_exit *out)
{
	struct ebt_early_exit *e = &procs->early[pid & (EBT_PROC_EARLY_EXITS - 1)];

	if (start_ns == 0 || e->pid != pid || e->start_ns != start_ns || e->mono_ns < since_ns)
		return false;
	*out = *e;
	*e = (struct ebt_early_exit){ 0 };
	return true;
}
