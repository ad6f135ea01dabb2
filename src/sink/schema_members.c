/* SPDX-License-Identifier: BSD-3-Clause */
#include "sink/schema_members.h"

#include <string.h>

#include "base/cleanup.h"

/* Write the names of the flags that are set, each as a member or all in an array. */
static void schema_put_flags(struct ebt_json_writer *w, const char *key, uint32_t flags,
			     bool members)
{
	if (!members)
		ebt_json_open(w, key, "[");
	for (size_t i = 0; i < ebt_event_flags_count; i++) {
		if (!(flags & ebt_event_flags[i].bit))
			continue;
		if (members)
			ebt_json_text(w, ebt_event_flags[i].name, "true");
		else
			ebt_json_text(w, NULL, ebt_event_flags[i].name);
	}
	if (!members)
		ebt_json_close(w, "]");
}

/* Write one field under its key, numbers and truth values as texts when `texts` says so. A field that
 * is not known, or known to be none, is left out. */
static void schema_put_value(struct ebt_json_writer *w, const char *key, const struct ebt_value *v,
			     bool texts)
{
	switch (v->type) {
	case EBT_VALUE_NUMBER:
		if (texts)
			ebt_json_id(w, key, v->number);
		else
			ebt_json_u64(w, key, v->number);
		break;
	case EBT_VALUE_BOOL:
		if (texts)
			ebt_json_text(w, key, v->number ? "true" : "false");
		else
			ebt_json_bool(w, key, v->number);
		break;
	case EBT_VALUE_WORD:
	case EBT_VALUE_TEXT:
		if (v->bytes.len)
			ebt_json_bytes(w, key, v->bytes);
		break;
	case EBT_VALUE_FLAGS:
		schema_put_flags(w, key, (uint32_t)v->number, texts);
		break;
	default: /* has a place in both schemas */
		break;
	}
}

/* Write the object of that name: the fields whose path in the schema begins with it. */
static void schema_put_object(struct ebt_json_writer *w, const struct ebt_sink_line *line,
			      const struct ebt_event *ev, const char *object, bool ecs)
{
	const unsigned sets[] = { EBT_FIELDS_COMMON, ev->type };
	size_t len = strlen(object);

	ebt_json_open(w, object, "{");
	for (size_t s = 0; s < EBT_ARRAY_SIZE(sets); s++) {
		size_t count;
		const struct ebt_field *rows = ebt_fields_of(sets[s], &count);

		for (size_t i = 0; i < count; i++) {
			const char *path = ecs ? rows[i].ecs : rows[i].ocsf;
			struct ebt_value v;

			if (!(rows[i].types & 1u << ev->type) || strncmp(path, object, len) != 0 ||
			    path[len] != '.')
				continue;
			v = ebt_field_value(&rows[i], ev, &line->context);
			schema_put_value(w, path + len + 1, &v, ecs);
		}
	}
	ebt_json_close(w, "}");
}

void ebt_schema_put_labels(struct ebt_json_writer *w, const struct ebt_sink_line *line,
			   const struct ebt_event *ev)
{
	schema_put_object(w, line, ev, "labels", true);
}

void ebt_schema_put_unmapped(struct ebt_json_writer *w, const struct ebt_sink_line *line,
			     const struct ebt_event *ev)
{
	schema_put_object(w, line, ev, "unmapped", false);
}
