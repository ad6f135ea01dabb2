/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fake_kernel.h - the functions of kernel.h and kernel_maps.h on tables in memory, for tests without
 * BPF. Include it once in a test: its definitions take the place of those in the library.
 */
#ifndef EBT_TESTS_FAKE_KERNEL_H
#define EBT_TESTS_FAKE_KERNEL_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "homeostasis/kernel_maps.h"

#define FAKE_SLOTS 8
#define FAKE_RECS  8

static struct fake_kernel {
	struct ebt_ph_set *sets[FAKE_SLOTS + 1]; /* owned */
	uint32_t slots;
	struct ebt_ph_task tasks[4]; /* tid 0: none */
	struct ebt_ph_counters counters;
	struct ebt_ph_config cfg; /* as last configured */
	struct ebt_ph_rec recs[FAKE_RECS];
	unsigned n_recs;
	int64_t step_ns;
	const char *no_deny;
	int configure_error, attach_error, put_error;
	unsigned freed, detached;
	uint32_t verb_slot;
	enum ebt_ph_verb verb;
} fake;

static inline void fake_reset(void)
{
	for (uint32_t i = 0; i <= FAKE_SLOTS; i++)
		ebt_ph_set_free(&fake.sets[i]);
	fake = (struct fake_kernel){ 0 };
}

/* Add a profile with two calls in it and return its slot. */
static inline uint32_t fake_add(uint64_t ino)
{
	struct ebt_ph_task task = { 0 };
	struct ebt_ph_config cfg;
	uint32_t slot = ++fake.slots;

	ebt_ph_config_default(&cfg);
	if (ebt_ph_set_new(&fake.sets[slot]))
		abort();
	fake.sets[slot]->profile.key = (struct ebt_ph_key){ .ino = ino, .dev = 1, .guard = 2 };
	ebt_ph_set_call(fake.sets[slot], &task, 0, &cfg);
	ebt_ph_set_call(fake.sets[slot], &task, 1, &cfg);
	ebt_ph_set_call(fake.sets[slot], &task, 0, &cfg);
	return slot;
}

#define FAKE_KERNEL ((struct ebt_ph_kernel *)&fake)

void ebt_ph_kernel_free(struct ebt_ph_kernel **kernel)
{
	fake.freed += *kernel != NULL;
	*kernel = NULL;
}

int ebt_ph_kernel_new(struct ebt_ph_kernel **out, const struct ebt_image *image,
		      const uint32_t *values, struct ebt_failure *failure)
{
	*out = FAKE_KERNEL;
	return 0;
}

int ebt_ph_kernel_attach(struct ebt_ph_kernel *kernel, struct ebt_failure *failure)
{
	if (fake.attach_error)
		snprintf(failure->text, sizeof(failure->text), "no tracepoint");
	return fake.attach_error;
}

void ebt_ph_kernel_detach(struct ebt_ph_kernel *kernel)
{
	fake.detached++;
}

const char *ebt_ph_kernel_no_deny(const struct ebt_ph_kernel *kernel)
{
	return fake.no_deny;
}

uint64_t ebt_ph_kernel_now_ns(const struct ebt_ph_kernel *kernel)
{
	return 1000000000;
}

int64_t ebt_ph_kernel_step_ns(struct ebt_ph_kernel *kernel)
{
	return fake.step_ns;
}

int ebt_ph_kernel_configure(struct ebt_ph_kernel *kernel, const struct ebt_ph_config *cfg)
{
	fake.cfg = *cfg;
	return fake.configure_error;
}

uint32_t ebt_ph_kernel_slots(const struct ebt_ph_kernel *kernel)
{
	return fake.slots;
}

int ebt_ph_kernel_verb(struct ebt_ph_kernel *kernel, uint32_t slot, enum ebt_ph_verb verb)
{
	fake.verb_slot = slot;
	fake.verb = verb;
	return slot >= 1 && slot <= fake.slots ? 0 : -ENOENT;
}

int ebt_ph_kernel_read(struct ebt_ph_kernel *kernel, ebt_ph_rec_fn fn, void *arg)
{
	unsigned n = fake.n_recs;

	fake.n_recs = 0;
	for (unsigned i = 0; i < n; i++)
		fn(&fake.recs[i], arg);
	return (int)n;
}

int ebt_ph_kernel_ring_fd(const struct ebt_ph_kernel *kernel)
{
	return -1;
}

uint64_t ebt_ph_kernel_bytes(const struct ebt_ph_kernel *kernel)
{
	return 4711;
}

int ebt_ph_kernel_put(struct ebt_ph_kernel *kernel, struct ebt_ph_set *set)
{
	uint32_t slot = fake.slots + 1;

	if (fake.put_error)
		return fake.put_error;
	if (ebt_ph_set_new(&fake.sets[slot]))
		return -ENOMEM;
	fake.sets[slot]->profile = set->profile;
	fake.slots = slot;
	return (int)slot;
}

int ebt_ph_kernel_profile(const struct ebt_ph_kernel *kernel, uint32_t slot,
			  struct ebt_ph_profile *out)
{
	if (!slot || slot > fake.slots || !fake.sets[slot])
		return -ENOENT;
	*out = fake.sets[slot]->profile;
	return 0;
}

int ebt_ph_kernel_get(const struct ebt_ph_kernel *kernel, uint32_t slot, struct ebt_ph_set **out,
		      uint64_t *bytes)
{
	_cleanup_ph_set_ struct ebt_ph_set *set = NULL;

	if (!slot || slot > fake.slots || !fake.sets[slot])
		return -ENOENT;
	if (ebt_ph_set_new(&set))
		return -ENOMEM;
	set->profile = fake.sets[slot]->profile;
	for (uint32_t col = 0; col < EBT_PH_COLS; col++) {
		if (!fake.sets[slot]->rows[col])
			continue;
		set->rows[col] = malloc(sizeof(*set->rows[col]));
		if (!set->rows[col])
			return -ENOMEM;
		*set->rows[col] = *fake.sets[slot]->rows[col];
	}
	*bytes = 1234;
	*out = TAKE_PTR(set);
	return 0;
}

int ebt_ph_kernel_tasks(const struct ebt_ph_kernel *kernel, ebt_ph_task_fn fn, void *arg)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(fake.tasks); i++) {
		if (fake.tasks[i].tid)
			fn((uint32_t)fake.tasks[i].tid, &fake.tasks[i], arg);
	}
	return 0;
}

int ebt_ph_kernel_task(const struct ebt_ph_kernel *kernel, uint32_t tid, struct ebt_ph_task *out)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(fake.tasks); i++) {
		if (tid && fake.tasks[i].tid == tid) {
			*out = fake.tasks[i];
			return 0;
		}
	}
	return -ENOENT;
}

int ebt_ph_kernel_counters(const struct ebt_ph_kernel *kernel, struct ebt_ph_counters *out)
{
	*out = fake.counters;
	return 0;
}

#endif
