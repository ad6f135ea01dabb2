/* SPDX-License-Identifier: BSD-3-Clause */
/* failure.h - why an operation failed: one sentence, and the words of the compiler or verifier. */
#ifndef EBT_BASE_FAILURE_H
#define EBT_BASE_FAILURE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/bytes.h"

/* Zero-initialise it; free words with ebt_buf_free. */
struct ebt_failure {
	char text[512];	      /* one sentence for the user, "" while nothing has failed */
	struct ebt_buf words; /* owned: the compiler's or verifier's own output, may be empty */
	bool is_log;	      /* words is a verifier log: only its last lines say why */
};

/* Format the sentence, unless there is one already, because the first cause is the one to show. Return
 * err, so that a caller can write `return ebt_failure_set(failure, -ENOMEM, "out of memory")`. */
int ebt_failure_set(struct ebt_failure *failure, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Keep the compiler's words, or those of a verifier log, for the sentence that ebt_failure_set gets
 * next. Words that come after a sentence belong to a later cause and are dropped. */
void ebt_failure_add_words(struct ebt_failure *failure, struct ebt_bytes words, bool is_log);

/* As strerror, and for ENOTSUPP (524), which the kernel's BPF gives and libc does not know. */
const char *ebt_strerror(int err);

/* Print words to out; of a verifier log only the last lines. Prints nothing if there are none. */
void ebt_failure_print(const struct ebt_failure *failure, FILE *out);

#endif
