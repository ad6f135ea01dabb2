/* SPDX-License-Identifier: BSD-3-Clause */
/* hooks.c - what is attached where, and which program fills which slot. */
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "bpf/programs_internal.h"

static const struct ebt_hook {
	const char *stub, *tracepoint;
	bool needed;	 /* without it there is no tracing; else a field is missing */
	uint32_t filter; /* only attached when this filter is on; 0: always */
} hooks[EBT_HOOKS] = {
	{ "ebt_stub_exec", "sched_process_exec", true, 0 },
	{ "ebt_stub_exit", "sched_process_exit", true, 0 },
	{ "ebt_stub_fork", "sched_process_fork", true, EBT_FILTER_TREE },
	{ "ebt_stub_rename", "task_rename", false, 0 },
};

static const struct ebt_slot_fill {
	const char *prog;
	uint32_t slot;
	bool by_generation; /* slot + (generation & 1) */
} fills[] = {
	/* The end of the chain first: a new exec program must find the rest of its own. */
	{ "ebt_on_more", EBT_SLOT_MORE, true },	     { "ebt_on_build", EBT_SLOT_BUILD, true },
	{ "ebt_on_walk", EBT_SLOT_WALK, true },	     { "ebt_on_threads", EBT_SLOT_THREADS, true },
	{ "ebt_on_rename", EBT_SLOT_RENAME, false }, { "ebt_on_fork", EBT_SLOT_FORK, false },
	{ "ebt_on_exec", EBT_SLOT_EXEC, false },     { "ebt_on_exit", EBT_SLOT_EXIT, false },
};

void ebt_hooks_init(struct ebt_loader *l)
{
	for (size_t i = 0; i < EBT_HOOKS; i++)
		l->links[i] = l->stubs[i] = -1;
}

/* A slot whose program the new image does not have is emptied: its stub does nothing then. */
static int fill_slot(int map_fd, const struct ebt_generation *g, const struct ebt_slot_fill *fill,
		     struct ebt_failure *failure)
{
	uint32_t slot = fill->slot + (fill->by_generation ? g->number & 1 : 0);
	int prog = ebt_generation_prog(g, fill->prog);
	int err;

	if (prog < 0) {
		err = bpf_map_delete_elem(map_fd, &slot);
		if (err == -ENOENT)
			err = 0;
	} else {
		err = bpf_map_update_elem(map_fd, &slot, &prog, BPF_ANY);
	}
	if (err)
		ebt_failure_set(failure, err, "the program %s could not be put into its slot: %s",
				fill->prog, strerror(-err));
	return err;
}

int ebt_hooks_fill(struct ebt_loader *l, const struct ebt_generation *g,
		   struct ebt_failure *failure)
{
	int slots = ebt_generation_map(g, "ebt_slots"), err = 0;

	(void)l;
	if (slots < 0)
		return ebt_failure_set(failure, slots, "the text has no program array ebt_slots");
	for (size_t i = 0; !err && i < EBT_ARRAY_SIZE(fills); i++)
		err = fill_slot(slots, g, &fills[i], failure);
	return err;
}

/* The program array outlives a generation and would keep its programs, and those its maps. */
void ebt_hooks_empty(struct ebt_loader *l, const struct ebt_generation *g)
{
	int map_fd = ebt_loader_map_fd(l, "ebt_slots");

	for (size_t i = 0; map_fd >= 0 && i < EBT_ARRAY_SIZE(fills); i++) {
		uint32_t slot = fills[i].slot + (g->number & 1);

		if (fills[i].by_generation && ((g->number ^ l->current->number) & 1))
			bpf_map_delete_elem(map_fd, &slot);
	}
}

void ebt_hooks_drop_stubs(const struct ebt_loader *l, struct ebt_generation *g)
{
	for (size_t i = 0; i < EBT_HOOKS; i++) {
		if (l->stubs[i] >= 0)
			ebt_generation_drop(g, hooks[i].stub);
	}
}

static int attach(struct ebt_loader *l, size_t i, struct ebt_failure *failure)
{
	int prog = l->stubs[i] >= 0 ? l->stubs[i] : ebt_generation_prog(l->current, hooks[i].stub);
	int fd = prog < 0 ? prog : bpf_raw_tracepoint_open(hooks[i].tracepoint, prog);

	if (fd < 0 && !hooks[i].needed)
		return 0;
	if (fd < 0)
		return ebt_failure_set(failure, fd, "cannot attach to the tracepoint %s: %s",
				       hooks[i].tracepoint, strerror(-fd));
	l->links[i] = fd;
	if (l->stubs[i] < 0)
		l->stubs[i] = fcntl(prog, F_DUPFD_CLOEXEC, 0);
	return 0;
}

int ebt_hooks_attach_tree(struct ebt_loader *l, struct ebt_failure *failure)
{
	int err = 0;

	for (size_t i = 0; !err && i < EBT_HOOKS; i++) {
		if (hooks[i].filter == EBT_FILTER_TREE && l->links[i] < 0)
			err = attach(l, i, failure);
	}
	return err;
}

void ebt_hooks_detach_tree(struct ebt_loader *l)
{
	for (size_t i = 0; i < EBT_HOOKS; i++) {
		if (hooks[i].filter != EBT_FILTER_TREE)
			continue;
		ebt_cleanup_close(&l->links[i]);
		l->links[i] = -1;
	}
}

int ebt_loader_attach(struct ebt_loader *l, struct ebt_failure *failure)
{
	int err = 0;

	for (size_t i = 0; !err && i < EBT_HOOKS; i++) {
		if (!hooks[i].filter)
			err = attach(l, i, failure);
	}
	if (!err)
		err = ebt_failed_attach(l, l->current, failure);
	if (err)
		ebt_loader_detach(l);
	l->attached = !err;
	return err;
}

void ebt_loader_detach(struct ebt_loader *l)
{
	for (size_t i = 0; i < EBT_HOOKS; i++) {
		ebt_cleanup_close(&l->links[i]);
		l->links[i] = -1;
	}
	ebt_failed_detach(l);
	l->attached = false;
}

int ebt_loader_stub_fd(const struct ebt_loader *l, const char *name)
{
	for (size_t i = 0; i < EBT_HOOKS; i++) {
		if (strcmp(hooks[i].stub, name) == 0 && l->stubs[i] >= 0)
			return l->stubs[i];
	}
	return -ENOENT;
}
