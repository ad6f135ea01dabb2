/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/tracer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/failure.h"
#include "ipc/shared_memory.h"
#include "processes/loader/filter_resolve.h"

void ebt_tracer_init(struct ebt_tracer *t)
{
	*t = (struct ebt_tracer){ .images = { .cache = -1 }, .status_fd = -1 };
}

int ebt_tracer_open(struct ebt_tracer *t, const struct ebt_options *o, struct ebt_failure *failure)
{
	struct ebt_images_options images = { .text_dir = o->bpf_text_dir,
					     .cache_dir = o->cache_dir,
					     .no_cache = o->no_cache,
					     .headers = o->headers,
					     .headers_dir = o->headers_dir };
	int err = ebt_images_open(&t->images, &images, failure);

	if (err)
		return err;
	err = ebt_programs_new(&t->programs);
	return err ? ebt_failure_set(failure, err, "cannot count the CPUs: %s", ebt_strerror(-err))
		   : 0;
}

int ebt_tracer_start(struct ebt_tracer *t, const struct ebt_options *o, struct ebt_failure *failure)
{
	_cleanup_image_ struct ebt_image *image = NULL;
	struct ebt_filters filters;
	char ignored[128];
	int err = ebt_images_get(&t->images, &o->params, &image, &t->compile_ns, failure);

	if (err)
		return err;
	/* The view takes an expression that is too long to travel from the options itself. */
	ebt_filters_from(&filters, o, ignored, sizeof(ignored));
	err = ebt_tracer_load(t, image, &o->params, failure);
	if (!err)
		err = ebt_programs_switch(t->programs, failure);
	if (err) {
		/* Our own text loads on every supported kernel; another one may be wrong. */
		t->kernel_refused = !o->bpf_text_dir;
		return err;
	}
	err = ebt_tracer_filter(t, &filters, failure);
	if (err)
		return err;
	err = ebt_programs_attach(t->programs, failure);
	t->kernel_refused = err != 0;
	return err;
}

int ebt_tracer_filter(struct ebt_tracer *t, const struct ebt_filters *f,
		      struct ebt_failure *failure)
{
	struct ebt_filter_set set;
	char why[sizeof(failure->text)];
	bool keep_pids = t->filtering && ebt_filters_same_pids(f, &t->filters);
	int err = ebt_filters_resolve(f, &t->cgroups, &set, why, sizeof(why));

	if (!err && !keep_pids)
		err = ebt_filters_check_pids(f, why, sizeof(why));
	if (err)
		return ebt_failure_set(failure, err, "%s", why);
	set.command = t->command;
	set.keep_pids = keep_pids;
	err = ebt_programs_set_filters(t->programs, &set, failure);
	if (!err) {
		t->filters = *f;
		t->filtering = true;
	}
	return err;
}

int ebt_tracer_load(struct ebt_tracer *t, const struct ebt_image *image,
		    const struct ebt_params *params, struct ebt_failure *failure)
{
	_cleanup_free_ uint32_t *values = NULL;
	int err = ebt_images_members(&t->images, image, &values, failure);

	if (!err)
		err = ebt_programs_prepare(t->programs, image, values, params, failure);
	if (!err)
		t->offsets_cached = t->images.offsets_cached;
	return err;
}

int ebt_tracer_make_status(struct ebt_tracer *t)
{
	void *map;
	int fd;

	t->status_bytes = ebt_status_bytes(ebt_programs_ncpu(t->programs));
	fd = ebt_shared_memory_create("execbig-status", t->status_bytes, &map);
	if (fd < 0)
		return fd;
	t->status = map;
	t->status_fd = fd;
	return 0;
}

void ebt_tracer_fill_status(struct ebt_tracer *t, bool exes)
{
	if (exes)
		t->status->n_exes = (uint32_t)ebt_programs_exe_counts(t->programs, t->status->exes,
								      EBT_EXE_MAX);
	t->status->ncpu = ebt_programs_ncpu(t->programs);
	t->status->generation = ebt_programs_generation(t->programs);
	t->status->recursion_misses = ebt_programs_recursion_misses(t->programs);
	t->status->map_bytes = ebt_programs_map_bytes(t->programs);
	ebt_programs_counters(t->programs, t->status->cpu);
	t->status->offsets_cached = t->offsets_cached;
	ebt_programs_hooks(t->programs, t->status->hooks, sizeof(t->status->hooks));
	ebt_own_cost_fill(&t->own_cost, t->status);
	t->status->mono_ns = ebt_mono_ns();
}

int ebt_tracer_counters(const struct ebt_tracer *t, bool old)
{
	size_t len = ebt_programs_ncpu(t->programs) * sizeof(struct ebt_cpu_counters);
	_cleanup_free_ struct ebt_cpu_counters *c = malloc(len);
	_cleanup_close_ int fd = c ? memfd_create("counters", MFD_CLOEXEC) : -1;
	int err = fd < 0 ? -ENOMEM
		  : old	 ? ebt_programs_counters_old(t->programs, c)
			 : ebt_programs_counters_current(t->programs, c);

	if (err || write(fd, c, len) != (ssize_t)len)
		return -1;
	return TAKE_FD(fd);
}

void ebt_tracer_close(struct ebt_tracer *t)
{
	ebt_programs_free(&t->programs);
	ebt_images_close(&t->images);
	if (t->status)
		munmap(t->status, t->status_bytes);
	ebt_cleanup_close(&t->status_fd);
	ebt_tracer_init(t);
}
