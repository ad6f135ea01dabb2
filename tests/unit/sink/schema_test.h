/* SPDX-License-Identifier: BSD-3-Clause */
/* schema_test.h - what ECS and OCSF have of an event, by path. */
#ifndef EBT_TESTS_UNIT_SINK_SCHEMA_TEST_H
#define EBT_TESTS_UNIT_SINK_SCHEMA_TEST_H

#include <jansson.h>

#include "sink_test.h"

/* Return what a sink of that format writes for an event, to be freed with json_decref, or NULL when it
 * writes nothing. */
static inline json_t *object_of(enum ebt_sink_format format, const struct ebt_event *ev)
{
	struct ebt_sink_options o = { .format = format, .boot_id = "boot", .host = "h" };
	json_error_t error;
	json_t *object = NULL;
	size_t len;
	char *line = test_line(o, ev, &len);

	assert_non_null(line);
	if (len) {
		object = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
		if (!object)
			fail_msg("%s at %d: %.300s", error.text, error.position, line);
	}
	free(line);
	return object;
}

/* Return what stands at a path such as "a.b.0.c". */
static inline const json_t *at(const json_t *value, const char *path)
{
	const char *end;
	char key[64];

	for (; *path; path = *end ? end + 1 : end) {
		end = strchrnul(path, '.');
		snprintf(key, sizeof(key), "%.*s", (int)(end - path), path);
		value = json_is_array(value) ? json_array_get(value, (size_t)atoi(key))
					     : json_object_get(value, key);
	}
	return value;
}

#endif
