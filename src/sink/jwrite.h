/* SPDX-License-Identifier: BSD-3-Clause */
/* jwrite.h - JSON objects written straight into a buffer: commas are set, texts are escaped. */
#ifndef EBT_SINK_JWRITE_H
#define EBT_SINK_JWRITE_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "sink/sink_internal.h"

struct ebt_jw {
	struct ebt_buf *out;
	bool comma; /* before the next member */
};

/* key NULL: an element of an array. Keys are our own and need no escaping. */
static inline void ebt_jw_key(struct ebt_jw *w, const char *key)
{
	if (w->comma)
		ebt_buf_append(w->out, ",", 1);
	w->comma = true;
	if (!key)
		return;
	ebt_buf_append(w->out, "\"", 1);
	ebt_buf_puts(w->out, key);
	ebt_buf_append(w->out, "\":", 2);
}

/* open: "{" or "[". */
static inline void ebt_jw_open(struct ebt_jw *w, const char *key, const char *open)
{
	ebt_jw_key(w, key);
	ebt_buf_append(w->out, open, 1);
	w->comma = false;
}

static inline void ebt_jw_close(struct ebt_jw *w, const char *close)
{
	ebt_buf_append(w->out, close, 1);
	w->comma = true;
}

static inline void ebt_jw_u64(struct ebt_jw *w, const char *key, uint64_t v)
{
	ebt_jw_key(w, key);
	ebt_buf_printf(w->out, "%" PRIu64, v);
}

static inline void ebt_jw_i64(struct ebt_jw *w, const char *key, int64_t v)
{
	ebt_jw_key(w, key);
	ebt_buf_printf(w->out, "%" PRId64, v);
}

static inline void ebt_jw_bool(struct ebt_jw *w, const char *key, bool v)
{
	ebt_jw_key(w, key);
	ebt_buf_puts(w->out, v ? "true" : "false");
}

static inline void ebt_jw_bytes(struct ebt_jw *w, const char *key, struct ebt_bytes v)
{
	ebt_jw_key(w, key);
	ebt_json_string(w->out, v);
}

/* NULL or empty: left out. */
static inline void ebt_jw_text(struct ebt_jw *w, const char *key, const char *v)
{
	if (v && *v)
		ebt_jw_bytes(w, key, ebt_bytes_from(v));
}

/* A number as a text, as the schemas want ids. */
static inline void ebt_jw_id(struct ebt_jw *w, const char *key, uint64_t v)
{
	ebt_jw_key(w, key);
	ebt_buf_printf(w->out, "\"%" PRIu64 "\"", v);
}

/* NUL-terminated strings as an array. */
void ebt_jw_strings(struct ebt_jw *w, const char *key, struct ebt_bytes block);
/* The command line, quoted as for a shell. */
void ebt_jw_command(struct ebt_jw *w, const char *key, struct ebt_bytes args);
/* The part behind the last slash. */
struct ebt_bytes ebt_jw_base(struct ebt_bytes path);

#endif
