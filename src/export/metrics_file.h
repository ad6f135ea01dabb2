/* SPDX-License-Identifier: BSD-3-Clause */
/* metrics_file.h - the file of --metrics: written beside its place and renamed into it, so that a
 * scrape never reads half of one. */
#ifndef EBT_EXPORT_METRICS_FILE_H
#define EBT_EXPORT_METRICS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/event.h"
#include "recording/player.h"

struct ebt_metrics_file;

/* path is borrowed. Tries the directory at once; a path that is a device, a link or the like is
 * refused (-EEXIST). -errno with a sentence in why. */
int ebt_metrics_file_new(struct ebt_metrics_file **out, const char *path, uint64_t period_ns,
			 char *why, size_t why_len);
void ebt_metrics_file_free(struct ebt_metrics_file **file);
void ebt_metrics_file_event(struct ebt_metrics_file *file, const struct ebt_event *ev);
/* True once a period, and for the last time. */
bool ebt_metrics_file_due(struct ebt_metrics_file *file, uint64_t now_ns, bool last);
int ebt_metrics_file_write(struct ebt_metrics_file *file, const struct ebt_player *player);
const char *ebt_metrics_file_error(const struct ebt_metrics_file *file);

#endif
