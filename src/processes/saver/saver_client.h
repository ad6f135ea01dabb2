/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * saver_client.h - the view's side of the saver: start it, and send it the execs of a list as a file, a
 * piece at a time, so that the view goes on meanwhile. One thread.
 */
#ifndef EBT_PROCESSES_SAVER_SAVER_CLIENT_H
#define EBT_PROCESSES_SAVER_SAVER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/choices.h"
#include "ipc/saver_msg.h"
#include "model/model.h"

struct ebt_saver;

/* What is to be saved. */
struct ebt_save {
	enum ebt_sink_format format; /* JSON or CSV, if it is no recording */
	bool recording;
	struct ebt_bytes facts; /* of a recording: what machine_facts.h has */
	bool whole;		/* the whole history, not only the rows that the filters let pass */
	bool replace;		/* a file of ours that is there may be replaced */
	uint64_t until_id;	/* the last row, as the screen may be paused; 0: all */
	const char *path;
};

/* Start the saver with the rights of this process. confined: it keeps to the present directory, as root's
 * must. read_file: the recording that is replayed, which stays as it is; or NULL. Return 0 or -errno. */
int ebt_saver_start(struct ebt_saver **out, bool confined, const char *read_file);
/* It ends with this, and removes a file that is not complete. */
void ebt_saver_free(struct ebt_saver **saver);

enum ebt_saver_news {
	EBT_SAVER_QUIET,
	EBT_SAVER_OPENED,
	EBT_SAVER_REFUSED,
	EBT_SAVER_SAVED,
	EBT_SAVER_FAILED
};

/* Ask for a file. What comes of it ebt_saver_step says. Return 0, -EBUSY while another is being
 * written, -EMSGSIZE for a path that is too long, or -EPIPE if the saver has ended. */
int ebt_saver_begin(struct ebt_saver *saver, struct ebt_model *model, const struct ebt_save *save);
/* Send what there is room for, for some milliseconds at most, and take the answers. It may be called at
 * any time. With REFUSED and FAILED *err and *text (borrowed until the next call) say why. */
enum ebt_saver_news ebt_saver_step(struct ebt_saver *saver, struct ebt_model *model, int *err,
				   const char **text);
/* Return whether there is something to be sent, so that step wants to be called soon. */
bool ebt_saver_busy(const struct ebt_saver *saver);
/* Events written so far, all of them, and rows that the history dropped before they were. */
void ebt_saver_count(const struct ebt_saver *saver, size_t *done, size_t *all, size_t *dropped);
/* The path of the last ebt_saver_begin. */
const char *ebt_saver_path(const struct ebt_saver *saver);

#endif
