/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lab_serve.h - the loader's side of the Lab: has the text compiled once more with lines, looks at
 * each program in the kernel, has its native code disassembled, and sends it all to the view. In
 * steps, beside everything else the loader does; what compiler and disassembler wrote is kept for
 * as long as the same generation runs.
 */
#ifndef EBT_PROCESSES_LOADER_LAB_SERVE_H
#define EBT_PROCESSES_LOADER_LAB_SERVE_H

#include "image/image_store.h"
#include "ipc/outbox.h"
#include "lab/blob.h"

enum ebt_lab_state {
	EBT_LAB_NONE,
	EBT_LAB_LISTING,
	EBT_LAB_LOOKING,
	EBT_LAB_NATIVE,
	EBT_LAB_READY
};

struct ebt_lab_serve {
	enum ebt_lab_state state;
	struct ebt_build build; /* LISTING, NATIVE */
	uint32_t generation;
	struct ebt_buf built, code, native;
	char why_native[EBT_LAB_WHY];
	struct ebt_image *image;
	uint32_t *values; /* of the image's members */
	struct ebt_inspection progs[EBT_IMAGE_MAX_PROGS];
	uint32_t n_progs;
	uint32_t next; /* LOOKING: index in image->progs */
};

/* The view wants it. Sent at once when it is ready and still true. */
void ebt_lab_ask(struct ebt_lab_serve *lab, struct ebt_images *images,
		 struct ebt_programs *programs, struct ebt_outbox *out);
/* True while _step is to be called: when one of build's fds is ready, or at once (timeout 0) while
 * LOOKING. */
static inline bool ebt_lab_busy(const struct ebt_lab_serve *lab)
{
	return lab->state != EBT_LAB_NONE && lab->state != EBT_LAB_READY;
}
void ebt_lab_step(struct ebt_lab_serve *lab, struct ebt_images *images,
		  struct ebt_programs *programs, struct ebt_outbox *out);
void ebt_lab_serve_free(struct ebt_lab_serve *lab);

#endif
