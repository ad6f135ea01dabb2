/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * retune.h - what runs in the kernel as far as the view can change it: parameters, filters, poll
 * interval; requests to the loader to change them, and its answers.
 */
#ifndef EBT_PROCESSES_VIEW_RETUNE_H
#define EBT_PROCESSES_VIEW_RETUNE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "ipc/protocol.h"
#include "processes/view/ring_reader.h"
#include "processes/view/view.h"

struct ebt_ui_tuning;

/* Owns refusal; borrows view and sock. */
struct ebt_retune {
	struct ebt_view *view;
	int sock; /* to the loader */
	/* What runs now. */
	struct ebt_params params;
	struct ebt_filters filters;
	uint32_t generation;
	uint32_t poll_ms;
	/* The retune that is in progress, from any source. */
	bool running;
	enum ebt_progress progress;
	uint64_t since_ns;
	/* --auto: the retune under way is its own; its last one was refused, so it does not ask again
	 * before another generation runs. */
	bool auto_asked, auto_refused;
	/* The last refusal since the last swap: the sentence, "" for none, and the compiler's or
	 * verifier's words in full. */
	char refused[EBT_MSG_TEXT];
	struct ebt_buf refusal;
};

/* Take over what the loader says runs: a START or SWAPPED message. */
void ebt_retune_set(struct ebt_retune *r, const struct ebt_msg *msg);
void ebt_retune_free(struct ebt_retune *r);

/* Send a RETUNE message. Return false when it cannot be sent. */
bool ebt_retune_send(struct ebt_retune *r, const struct ebt_msg *msg, bool by_auto);
/* Ask for what the form of the setup screen has otherwise than what was shown in it. What cannot be
 * is refused with a notice. */
void ebt_retune_from_form(struct ebt_retune *r, const struct ebt_ui_tuning *shown,
			  const struct ebt_ui_tuning *wanted);
/* Ask for new perf buffers, with a note that says why: the kernel frees a CPU's buffer when the CPU
 * goes offline. Return false when there are none, or a retune is under way. */
bool ebt_retune_renew(struct ebt_retune *r, const char *why);

/* The loader's answers. words: file with the compiler's or verifier's words, borrowed; -1: none. */
void ebt_retune_progress(struct ebt_retune *r, enum ebt_progress progress);
void ebt_retune_refused(struct ebt_retune *r, const struct ebt_msg *msg, int words);
void ebt_retune_swapped(struct ebt_retune *r, const struct ebt_msg *msg);
void ebt_retune_filtered(struct ebt_retune *r, const struct ebt_msg *msg,
			 struct ebt_ring_reader *reader);

#endif
