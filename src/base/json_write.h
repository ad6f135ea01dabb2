/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * json_write.h - writes JSON straight into a buffer.
 *
 * This is the program's JSON writer for everything that is written once an event: it sets the
 * commas, escapes the texts, and allocates nothing apart from the buffer itself. jansson is used
 * to parse JSON, and to build the answers to requests, which are small and rare.
 *
 * Errors stay in the buffer (struct ebt_buf, error); the caller checks once at the end. A writer
 * may be used by one thread at a time. Keys are the program's own words and are not escaped.
 */
#ifndef EBT_BASE_JSON_WRITE_H
#define EBT_BASE_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

struct ebt_json_writer {
	struct ebt_buf *out; /* borrowed */
	bool comma;	     /* the next member needs a comma before it */
};

/* Append a JSON string, quotes included. The result is valid UTF-8 for any input: bytes that are
 * not UTF-8 become U+FFFD. Characters on which a terminal would act, or which it would hide, are
 * written as \uHHHH. */
void ebt_json_string(struct ebt_buf *out, struct ebt_bytes in);
/* Copy the bytes up to the first one that ebt_json_string writes in another way, and return their
 * number. p has room for all bytes of in, and may be overwritten as far as that. */
size_t ebt_json_plain(char *p, struct ebt_bytes in);
/* Append a JSON string that holds the base64 of the bytes (RFC 4648, padded). */
void ebt_json_base64(struct ebt_buf *out, struct ebt_bytes in);
#define EBT_JSON_DIGITS_MAX 20 /* of a 64-bit number */
/* Write the digits of v at p and return their end. p has room for EBT_JSON_DIGITS_MAX bytes, all of
 * which may be overwritten. */
char *ebt_json_digits(char *p, uint64_t v);

/* Begin a member: append the comma that is due and the key. With key NULL, begin an element of an
 * array. */
void ebt_json_key(struct ebt_json_writer *w, const char *key);
/* Begin a member that is an object ("{") or an array ("["). */
void ebt_json_open(struct ebt_json_writer *w, const char *key, const char *bracket);
/* End the innermost object ("}") or array ("]"). */
void ebt_json_close(struct ebt_json_writer *w, const char *bracket);

void ebt_json_u64(struct ebt_json_writer *w, const char *key, uint64_t v);
void ebt_json_i64(struct ebt_json_writer *w, const char *key, int64_t v);
void ebt_json_bool(struct ebt_json_writer *w, const char *key, bool v);
void ebt_json_null(struct ebt_json_writer *w, const char *key);
void ebt_json_bytes(struct ebt_json_writer *w, const char *key, struct ebt_bytes v);
/* Append a text. NULL and the empty text are left out. */
void ebt_json_text(struct ebt_json_writer *w, const char *key, const char *v);
/* Append a number as a text; ECS and OCSF define ids as texts. */
void ebt_json_id(struct ebt_json_writer *w, const char *key, uint64_t v);
/* Append strings that end in NUL each, as an array. */
void ebt_json_strings(struct ebt_json_writer *w, const char *key, struct ebt_bytes block);
/* Append arguments that end in NUL each, as one text that is quoted as for a shell. */
void ebt_json_command(struct ebt_json_writer *w, const char *key, struct ebt_bytes args);

#endif
