/* SPDX-License-Identifier: BSD-3-Clause */
/* metrics_file.h - write the file of --metrics to a temporary file and rename it, so that a scrape
 * never reads half of it */
#ifndef EBT_EXPORT_METRICS_FILE_H
#define EBT_EXPORT_METRICS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/event.h"
#include "recording/player.h"

struct ebt_metrics_file;

/* Create a writer and check that the directory is writable. path is borrowed; a path that is a
 * device, a link or the like is refused (-EEXIST). On failure return -errno with a sentence in
 * why. */
int ebt_metrics_file_new(struct ebt_metrics_file **out, const char *path, uint64_t period_ns,
			 char *why, size_t why_len);
void ebt_metrics_file_free(struct ebt_metrics_file **file);
void ebt_metrics_file_event(struct ebt_metrics_file *file, const struct ebt_event *ev);
/* Return true once per period, and if last is set. */
bool ebt_metrics_file_due(struct ebt_metrics_file *file, uint64_t now_ns, bool last);
int ebt_metrics_file_write(struct ebt_metrics_file *file, const struct ebt_player *player);
const char *ebt_metrics_file_error(const struct ebt_metrics_file *file);

#endif
