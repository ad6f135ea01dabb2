/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * json.c - writes one JSON object a line (docs/json.md).
 *
 * The members and their order come from the table of fields. A member that the kernel or the
 * options do not give is left out; one that is known to be nothing (no login, no terminal) is null.
 * This is the format of long recordings, so the numbers of an event are written with one check of
 * the buffer for many of them.
 */
#include <string.h>

#include "base/format.h"
#include "base/json_write.h"
#include "base/text.h"
#include "cgroup/container.h"
#include "sink/sink_format.h"

/* Room for one member that is not a string: its key and a number, a time or all flags. */
#define JSON_MEMBER_ROOM 512
/* Room for several of them, so that most members find room without a call. */
#define JSON_ROOM (4 * JSON_MEMBER_ROOM)

#define JSON_LITERAL(p, s) (memcpy((p), (s), sizeof(s) - 1), (p) + sizeof(s) - 1)

/* A line that is being written. What lies between the buffer's length and `at` is written, but not
 * counted in the length yet. */
struct json_line {
	struct ebt_buf *out;
	char *at;  /* NULL: the buffer is full */
	char *end; /* of the room */
};

static void json_count(struct json_line *l)
{
	if (l->at)
		l->out->len = (size_t)(l->at - l->out->data);
}

/* Go on behind what something else has appended to the buffer. */
static void json_resume(struct json_line *l)
{
	l->at = l->out->error ? NULL : l->out->data + l->out->len;
	l->end = l->out->error ? NULL : l->out->data + l->out->cap - 1;
}

static bool json_room(struct json_line *l)
{
	if (l->at && l->end - l->at >= JSON_MEMBER_ROOM)
		return true;
	json_count(l);
	ebt_buf_reserve(l->out, JSON_ROOM);
	json_resume(l);
	return l->at;
}

static char *json_key(char *p, const struct ebt_field *f)
{
	memcpy(p, f->key, sizeof(f->key));
	return p + f->key_len;
}

static char *json_signed(char *p, int64_t v)
{
	if (v >= 0)
		return ebt_json_digits(p, (uint64_t)v);
	*p++ = '-';
	return ebt_json_digits(p, -(uint64_t)v);
}

static char *json_flags(char *p, uint32_t flags)
{
	bool first = true;

	*p++ = '[';
	for (size_t i = 0; i < ebt_event_flags_count; i++) {
		if (!(flags & ebt_event_flags[i].bit))
			continue;
		if (!first)
			*p++ = ',';
		first = false;
		*p++ = '"';
		p = stpcpy(p, ebt_event_flags[i].name);
		*p++ = '"';
	}
	*p++ = ']';
	return p;
}

/* Append the twin of a text that is not UTF-8: all its bytes in base64. */
static void json_base64_twin(struct ebt_buf *out, const struct ebt_field *f, struct ebt_bytes bytes)
{
	if (ebt_text_is_utf8(bytes))
		return;
	ebt_buf_append(out, f->key, (size_t)f->key_len - 2);
	ebt_buf_puts(out, "_b64\":");
	ebt_json_base64(out, bytes);
}

static void json_container(struct ebt_buf *out, struct ebt_bytes cgroup)
{
	struct ebt_json_writer w = { .out = out };
	struct ebt_container c;

	if (!ebt_container_find(cgroup.data, &c))
		c = (struct ebt_container){ .runtime = "unknown" };
	ebt_json_open(&w, NULL, "{");
	ebt_json_text(&w, "runtime", c.runtime);
	ebt_json_bytes(&w, "id", c.id);
	if (!ebt_text_is_utf8(c.id)) {
		ebt_json_key(&w, "id_b64");
		ebt_json_base64(out, c.id);
	}
	ebt_json_close(&w, "}");
}

/* Write a string. *plain becomes false when it has, or may have, bytes other than plain ASCII. */
static void json_string(struct json_line *l, struct ebt_bytes text, bool *plain)
{
	if ((size_t)(l->end - l->at) >= text.len + 2 &&
	    ebt_json_plain(l->at + 1, text) == text.len) {
		l->at[0] = l->at[text.len + 1] = '"';
		l->at += text.len + 2;
		return;
	}
	*plain = false;
	json_count(l);
	ebt_json_string(l->out, text);
	json_resume(l);
}

static void json_strings(struct json_line *l, struct ebt_bytes block, bool *plain)
{
	struct ebt_bytes text;
	bool first = true;

	*l->at++ = '[';
	while (ebt_text_next_arg(&block, &text) && json_room(l)) {
		if (!first)
			*l->at++ = ',';
		first = false;
		json_string(l, text, plain);
	}
	if (json_room(l))
		*l->at++ = ']';
}

/* Write a value that may be of any length, behind its key. */
static void json_long(struct json_line *l, const struct ebt_field *f, const struct ebt_value *v)
{
	bool plain = true;

	switch (v->type) {
	case EBT_VALUE_TEXT:
		json_string(l, v->bytes, &plain);
		break;
	case EBT_VALUE_STRINGS:
		json_strings(l, v->bytes, &plain);
		break;
	default:
		json_count(l);
		json_container(l->out, v->bytes);
		json_resume(l);
		return;
	}
	if (plain || !l->at)
		return;
	json_count(l);
	json_base64_twin(l->out, f, v->bytes);
	json_resume(l);
}

static void json_member(struct json_line *l, const struct ebt_field *f, const struct ebt_value *v)
{
	char *p;

	if (v->type == EBT_VALUE_UNKNOWN || !json_room(l))
		return;
	p = json_key(l->at, f);
	switch (v->type) {
	case EBT_VALUE_NONE:
		p = JSON_LITERAL(p, "null");
		break;
	case EBT_VALUE_NUMBER:
		p = ebt_json_digits(p, v->number);
		break;
	case EBT_VALUE_SIGNED:
		p = json_signed(p, (int64_t)v->number);
		break;
	case EBT_VALUE_BOOL:
		p = v->number ? JSON_LITERAL(p, "true") : JSON_LITERAL(p, "false");
		break;
	case EBT_VALUE_TIME:
		*p++ = '"';
		/* It is written where it belongs: to copy what was just written byte by byte, the
		 * processor would have to wait. */
		ebt_fmt_iso8601(p, v->number);
		p += EBT_FMT_ISO8601_LEN;
		*p++ = '"';
		break;
	case EBT_VALUE_FLAGS:
		p = json_flags(p, (uint32_t)v->number);
		break;
	case EBT_VALUE_WORD:
		*p++ = '"';
		p = stpcpy(p, v->bytes.data);
		*p++ = '"';
		break;
	default:
		l->at = p;
		json_long(l, f, v);
		return;
	}
	l->at = p;
}

/* Write a plain number without going through struct ebt_value, which doubles the cost: most members
 * are numbers. Return whether the member is done. */
static bool json_number_member(struct json_line *l, const struct ebt_field *f,
			       const struct ebt_event *ev)
{
	const char *at = (const char *)ev + f->offset;
	uint64_t v;

	if (f->type != EBT_VALUE_NUMBER || f->needs)
		return false;
	switch ((enum ebt_field_read)f->read) {
	case EBT_READ_U32:
	case EBT_READ_U32_SET:
	case EBT_READ_U32_OR_NONE:
	case EBT_READ_U32_NONZERO:
		v = *(const uint32_t *)at;
		/* These two may mean that the number is not known. */
		if (v == EBT_EV_UNSET || v == 0)
			return false;
		break;
	case EBT_READ_U64:
	case EBT_READ_U64_NONZERO:
		v = *(const uint64_t *)at;
		if (v == 0)
			return false;
		break;
	default:
		return false;
	}
	if (json_room(l))
		l->at = ebt_json_digits(json_key(l->at, f), v);
	return true;
}

static void json_event(struct ebt_buf *out, const struct ebt_sink_line *line,
		       const struct ebt_event *ev)
{
	struct json_line l = { .out = out };
	const unsigned sets[] = { EBT_FIELDS_COMMON, ev->type };
	size_t begin = out->len;

	for (size_t s = 0; s < EBT_ARRAY_SIZE(sets); s++) {
		size_t count;
		const struct ebt_field *rows = ebt_fields_of(sets[s], &count);

		for (size_t i = 0; i < count; i++) {
			struct ebt_value v;

			if (!(rows[i].types & 1u << ev->type) ||
			    rows[i].leave_out & EBT_FIELD_NOT_JSON)
				continue;
			if (json_number_member(&l, &rows[i], ev))
				continue;
			v = ebt_field_value(&rows[i], ev, &line->context);
			json_member(&l, &rows[i], &v);
		}
	}
	json_count(&l);
	if (out->len > begin)
		out->data[begin] = '{'; /* in place of the first comma */
	ebt_buf_append(out, "}\n", 2);
}

const struct ebt_sink_format_ops ebt_sink_json_ops = {
	.event = json_event,
};
