/* SPDX-License-Identifier: BSD-3-Clause */
#include "export/compile_append.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

static int append_entry(struct ebt_compile_db *db, const json_t *entry)
{
	struct ebt_compile_earlier earlier = {
		.directory = ebt_bytes_from(json_string_value(json_object_get(entry, "directory"))),
		.file = ebt_bytes_from(json_string_value(json_object_get(entry, "file"))),
		.output = ebt_bytes_from(json_string_value(json_object_get(entry, "output"))),
	};
	char *text;
	int err;

	if (!earlier.directory.data || !earlier.file.data)
		return -EBADMSG;
	text = json_dumps(entry, JSON_COMPACT);
	if (!text)
		return -ENOMEM;
	earlier.object = ebt_bytes_from(text);
	err = ebt_compile_db_add(db, &earlier);
	free(text);
	return err;
}

int ebt_compile_db_append(struct ebt_compile_db *db, struct ebt_bytes text, char *why,
			  size_t why_len)
{
	json_error_t error;
	json_t *root = json_loadb(text.data, text.len, 0, &error), *entry;
	size_t i;
	int err = 0;

	if (!json_is_array(root)) {
		snprintf(why, why_len, "it is no compilation database: %s",
			 root ? "the outermost value is no array" : error.text);
		json_decref(root);
		return -EBADMSG;
	}
	json_array_foreach(root, i, entry)
	{
		err = append_entry(db, entry);
		if (err)
			break;
	}
	if (err == -EBADMSG)
		snprintf(why, why_len, "its entry %zu has no \"directory\" or no \"file\"", i + 1);
	json_decref(root);
	return err;
}
