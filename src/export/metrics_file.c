/* SPDX-License-Identifier: BSD-3-Clause */
#include "export/metrics_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/output_place.h"
#include "base/replace_file.h"
#include "export/metrics.h"

struct ebt_metrics_file {
	const char *path; /* as the user named it */
	struct ebt_output_place place;
	mode_t mode;
	uint64_t period_ns, due_ns, start_real_ns, missed_writes;
	bool started; /* start_real_ns is that of the recording */
	char instance[64];
	struct ebt_metrics metrics;
	struct ebt_buf text;
	char error[240];
};

static int metrics_fail(struct ebt_metrics_file *f, int err)
{
	snprintf(f->error, sizeof(f->error), "cannot write %s: %s; it is tried again", f->path,
		 strerror(-err));
	f->missed_writes++;
	return err;
}

/* Check the target each time, because the rename would replace a device, or a link that came later, by
 * a file. */
static int metrics_refuse(struct ebt_metrics_file *f, const char *what)
{
	snprintf(f->error, sizeof(f->error),
		 "cannot write %s: %s, and metrics need a file's own name, which is replaced each "
		 "time; no more metrics",
		 f->path, what);
	return -EEXIST;
}

/* Everybody may read a new file, because node_exporter runs as another user and the file contains
 * only numbers; a file that was there keeps its mode. The temporary file must not be called *.prom,
 * because the collector reads all files of that name. */
static int write_file(struct ebt_metrics_file *f)
{
	const struct ebt_replace_options options = {
		.mode = f->mode, .flags = EBT_REPLACE_EXACT_MODE | EBT_REPLACE_UNLINK
	};

	return ebt_replace_file(f->place.dir, f->place.name,
				(struct ebt_bytes){ f->text.data, f->text.len }, &options);
}

int ebt_metrics_file_write(struct ebt_metrics_file *f, const struct ebt_player *p)
{
	/* A replay tells when its recording began, before any retune or suspend. */
	if (!f->started && p->start.mono_ns && p->clock.mono_to_real_ns) {
		f->started = true;
		f->start_real_ns = p->start.mono_ns + (uint64_t)p->clock.mono_to_real_ns;
	}
	struct ebt_metrics_buffers b = { .counters = p->have_status ? p->counters : NULL,
					 .ncpu = p->ncpu,
					 .ring_used = p->status.ring_used,
					 .ring_size = p->status.ring_size,
					 .scratch_bytes = p->status.scratch_bytes,
					 .kernel_bytes = p->status.kernel_bytes,
					 .recursion_misses = p->status.recursion_misses,
					 .generation = p->status.generation,
					 .kernel = ebt_facts_get(&p->facts, "kernel"),
					 .start_real_ns = f->start_real_ns,
					 .missed_writes = f->missed_writes,
					 .instance = f->instance,
					 .now_real_ns = ebt_clock_ns(CLOCK_REALTIME) };
	const char *what = ebt_not_a_file(f->place.dir, f->place.name);
	int err;

	if (what)
		return metrics_refuse(f, what);
	ebt_buf_reset(&f->text);
	err = ebt_metrics_write(&f->text, &f->metrics, &b);
	if (!err)
		err = write_file(f);
	return err ? metrics_fail(f, err) : 0;
}

int ebt_metrics_file_new(struct ebt_metrics_file **out, const char *path, uint64_t period_ns,
			 char *why, size_t why_len)
{
	struct ebt_metrics_file *f = calloc(1, sizeof(*f));
	struct ebt_player none = { 0 };
	char *suffix;
	int err;

	if (!f)
		return -ENOMEM;
	f->path = path;
	f->place.dir = -1;
	f->period_ns = period_ns;
	f->start_real_ns = ebt_clock_ns(CLOCK_REALTIME);
	err = ebt_output_find(&f->place, path, why, why_len);
	if (err) {
		ebt_metrics_file_free(&f);
		return err;
	}
	snprintf(f->instance, sizeof(f->instance), "%s", f->place.name);
	suffix = strrchr(f->instance, '.');
	if (suffix && suffix != f->instance)
		*suffix = '\0';
	f->mode = ebt_output_mode(&f->place, 0644);
	ebt_replace_clean(f->place.dir, f->place.name);
	err = ebt_metrics_file_write(f, &none);
	if (err) {
		snprintf(why, why_len, "%.*s", (int)strcspn(f->error, ";"), f->error);
		ebt_metrics_file_free(&f);
		return err;
	}
	*out = f;
	return 0;
}

void ebt_metrics_file_free(struct ebt_metrics_file **fp)
{
	if (!*fp)
		return;
	ebt_output_close(&(*fp)->place);
	ebt_buf_free(&(*fp)->text);
	free(*fp);
	*fp = NULL;
}

void ebt_metrics_file_event(struct ebt_metrics_file *f, const struct ebt_event *ev)
{
	ebt_metrics_event(&f->metrics, ev);
}

bool ebt_metrics_file_due(struct ebt_metrics_file *f, uint64_t now_ns, bool last)
{
	if (!last && now_ns < f->due_ns)
		return false;
	f->due_ns = now_ns + f->period_ns;
	return true;
}

const char *ebt_metrics_file_error(const struct ebt_metrics_file *f)
{
	return f->error;
}
