/* SPDX-License-Identifier: BSD-3-Clause */
/* hooks.c - attach the stubs to their tracepoints and put programs into their slots */
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "bpf/hooks.h"
#include "base/failure.h"
#include "ebt_abi.h"

static const struct ebt_hook {
	const char *name; /* short, for users */
	const char *stub, *tracepoint;
	bool needed;	 /* tracing is impossible without it; otherwise only a field is missing */
	uint32_t filter; /* the filter that needs it; 0 if it is always attached */
} hooks[EBT_HOOKS] = {
	{ "exec", "ebt_stub_exec", "sched_process_exec", true, 0 },
	{ "exit", "ebt_stub_exit", "sched_process_exit", true, 0 },
	{ "fork", "ebt_stub_fork", "sched_process_fork", true, EBT_FILTER_TREE },
	{ "rename", "ebt_stub_rename", "task_rename", false, 0 },
};

static const struct ebt_slot_fill {
	const char *prog;
	uint32_t slot;
	bool by_generation; /* the index is slot + (generation & 1) */
} fills[] = {
	/* Fill the end of the chain first, because a new exec program must find the rest of its own
	 * chain. */
	{ "ebt_on_more", EBT_SLOT_MORE, true },	     { "ebt_on_build", EBT_SLOT_BUILD, true },
	{ "ebt_on_walk", EBT_SLOT_WALK, true },	     { "ebt_on_threads", EBT_SLOT_THREADS, true },
	{ "ebt_on_rename", EBT_SLOT_RENAME, false }, { "ebt_on_fork", EBT_SLOT_FORK, false },
	{ "ebt_on_exec", EBT_SLOT_EXEC, false },     { "ebt_on_exit", EBT_SLOT_EXIT, false },
};

void ebt_hooks_init(struct ebt_hooks *h)
{
	for (size_t i = 0; i < EBT_HOOKS; i++)
		h->links[i] = h->stubs[i] = -1;
}

/* Empty a slot whose program the new image does not have; its stub then does nothing. */
static int hook_fill_slot(int map_fd, const struct ebt_generation *g,
			  const struct ebt_slot_fill *fill, struct ebt_failure *failure)
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
				fill->prog, ebt_strerror(-err));
	return err;
}

int ebt_hooks_fill(const struct ebt_generation *g, struct ebt_failure *failure)
{
	int slots = ebt_generation_map(g, "ebt_slots"), err = 0;

	if (slots < 0)
		return ebt_failure_set(failure, slots, "the text has no program array ebt_slots");
	for (size_t i = 0; !err && i < EBT_ARRAY_SIZE(fills); i++)
		err = hook_fill_slot(slots, g, &fills[i], failure);
	return err;
}

/* The program array outlives a generation and would keep its programs, and these would keep its
 * maps. */
void ebt_hooks_empty(const struct ebt_generation *g, const struct ebt_generation *current)
{
	int map_fd = ebt_generation_map(current, "ebt_slots");

	for (size_t i = 0; map_fd >= 0 && i < EBT_ARRAY_SIZE(fills); i++) {
		uint32_t slot = fills[i].slot + (g->number & 1);

		if (fills[i].by_generation && ((g->number ^ current->number) & 1))
			bpf_map_delete_elem(map_fd, &slot);
	}
}

void ebt_hooks_drop_stubs(const struct ebt_hooks *h, struct ebt_generation *g)
{
	for (size_t i = 0; i < EBT_HOOKS; i++) {
		if (h->stubs[i] >= 0)
			ebt_generation_drop(g, hooks[i].stub);
	}
}

static int hook_attach(struct ebt_hooks *h, size_t i, const struct ebt_generation *g,
		       struct ebt_failure *failure)
{
	int prog = h->stubs[i] >= 0 ? h->stubs[i] : ebt_generation_prog(g, hooks[i].stub);
	int fd = prog < 0 ? prog : bpf_raw_tracepoint_open(hooks[i].tracepoint, prog);

	if (fd < 0 && !hooks[i].needed)
		return 0;
	if (fd < 0)
		return ebt_failure_set(failure, fd, "cannot attach to the tracepoint %s: %s",
				       hooks[i].tracepoint, ebt_strerror(-fd));
	h->links[i] = fd;
	if (h->stubs[i] < 0)
		h->stubs[i] = fcntl(prog, F_DUPFD_CLOEXEC, 0);
	return 0;
}

int ebt_hooks_attach_tree(struct ebt_hooks *h, const struct ebt_generation *g,
			  struct ebt_failure *failure)
{
	int err = 0;

	for (size_t i = 0; !err && i < EBT_HOOKS; i++) {
		if (hooks[i].filter == EBT_FILTER_TREE && h->links[i] < 0)
			err = hook_attach(h, i, g, failure);
	}
	return err;
}

void ebt_hooks_detach_tree(struct ebt_hooks *h)
{
	for (size_t i = 0; i < EBT_HOOKS; i++) {
		if (hooks[i].filter != EBT_FILTER_TREE)
			continue;
		ebt_cleanup_close(&h->links[i]);
		h->links[i] = -1;
	}
}

int ebt_hooks_attach(struct ebt_hooks *h, const struct ebt_generation *g,
		     struct ebt_failure *failure)
{
	int err = 0;

	for (size_t i = 0; !err && i < EBT_HOOKS; i++) {
		if (!hooks[i].filter)
			err = hook_attach(h, i, g, failure);
	}
	return err;
}

void ebt_hooks_detach(struct ebt_hooks *h)
{
	for (size_t i = 0; i < EBT_HOOKS; i++) {
		ebt_cleanup_close(&h->links[i]);
		h->links[i] = -1;
	}
}

bool ebt_hooks_attached(const struct ebt_hooks *h)
{
	for (size_t i = 0; i < EBT_HOOKS; i++) {
		if (hooks[i].needed && !hooks[i].filter && h->links[i] < 0)
			return false;
	}
	return true;
}

void ebt_hooks_names(const struct ebt_hooks *h, char *out, size_t out_len)
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < EBT_HOOKS && at < out_len; i++) {
		if (h->links[i] >= 0)
			at += (size_t)snprintf(out + at, out_len - at, "%s%s", at ? " " : "",
					       hooks[i].name);
	}
}

void ebt_hooks_free(struct ebt_hooks *h)
{
	ebt_hooks_detach(h);
	for (size_t i = 0; i < EBT_HOOKS; i++)
		ebt_cleanup_close(&h->stubs[i]);
}

int ebt_hooks_stub_fd(const struct ebt_hooks *h, const char *name)
{
	for (size_t i = 0; i < EBT_HOOKS; i++) {
		if (strcmp(hooks[i].stub, name) == 0 && h->stubs[i] >= 0)
			return h->stubs[i];
	}
	return -ENOENT;
}
