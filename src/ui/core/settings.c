/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/core/settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "groups/columns.h"
#include "ui/core/columns.h"
#include "ui/core/layout.h"
#include "ui/core/ui_state.h"

#define LINE_MAX_BYTES 1024

static const uint8_t default_rows[] = { EBT_RC_TIME,	EBT_RC_CPU,   EBT_RC_PID,   EBT_RC_PPID,
					EBT_RC_USER,	EBT_RC_FLAGS, EBT_RC_EXIT,  EBT_RC_RUN,
					EBT_RC_CPUTIME, EBT_RC_RSS,   EBT_RC_BYTES, EBT_RC_PARENT,
					EBT_RC_COMMAND };
static const uint8_t default_tree[] = { EBT_RC_PID,	EBT_RC_USER, EBT_RC_FLAGS,
					EBT_RC_EXIT,	EBT_RC_RUN,  EBT_RC_CPUTIME,
					EBT_RC_JOBTIME, EBT_RC_RSS,  EBT_RC_COMMAND };
static const uint8_t default_top[] = { EBT_COL_RATE,	 EBT_COL_RATE_1M,  EBT_COL_COUNT,
				       EBT_COL_FAILURES, EBT_TOP_MISSING,  EBT_COL_RUNNING,
				       EBT_COL_CPU,	 EBT_COL_CPU_TIME, EBT_COL_LIFE_MEAN,
				       EBT_COL_LIFE_P95, EBT_COL_ARGS,	   EBT_COL_LAST,
				       EBT_TOP_SPARK,	 EBT_COL_NAME };

static void set_columns(struct ebt_columns *columns, const uint8_t *ids, size_t n)
{
	memcpy(columns->id, ids, n);
	columns->count = (uint8_t)n;
}

void ebt_settings_default(struct ebt_settings *settings)
{
	int theme = ebt_theme_find("default");

	*settings = (struct ebt_settings){ .screen = EBT_SCREEN_OVERVIEW,
					   .theme = theme >= 0 ? (unsigned)theme : 0,
					   .group_by = EBT_GROUP_EXE,
					   .sort = EBT_COL_RATE,
					   .cpu_meters = false,
					   .highlight = true };
	set_columns(&settings->events, default_rows, sizeof(default_rows));
	set_columns(&settings->tree, default_tree, sizeof(default_tree));
	set_columns(&settings->top, default_top, sizeof(default_top));
}

static bool parse_bool(const char *value, bool *out)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return false;
	*out = value[0] == 'y';
	return true;
}

static int find_column(const struct ebt_column_spec *specs, unsigned count, const char *name)
{
	const char *now = ebt_column_now(name, strlen(name));

	/* Each of these two names is that of another column in -e. */
	if (strcmp(name, "cgroup") == 0)
		now = "cgroup_id";
	if (strcmp(name, "args") == 0)
		now = "args_bytes";
	for (unsigned i = 0; i < count; i++)
		if (strcmp(specs[i].name, now ? now : name) == 0)
			return (int)i;
	return -1;
}

/* "time pid command": names known, none twice, the one that takes the rest among them. */
static bool parse_columns(char *value, struct ebt_columns *out, const struct ebt_column_spec *specs,
			  unsigned count, unsigned needed)
{
	struct ebt_columns columns = { .count = 0 };
	uint32_t seen = 0;
	char *save = NULL;

	for (char *name = strtok_r(value, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
		int id = find_column(specs, count, name);

		if (id < 0 || (seen & 1u << id) || columns.count == EBT_COLUMNS_MAX)
			return false;
		seen |= 1u << id;
		columns.id[columns.count++] = (uint8_t)id;
	}
	if (!(seen & 1u << needed))
		return false;
	*out = columns;
	return true;
}

static bool parse_group(const char *value, enum ebt_group_by *out)
{
	for (int i = 0; i < EBT_GROUP_BY_MAX; i++) {
		if (strcmp(ebt_group_by_name((enum ebt_group_by)i), value) == 0) {
			*out = (enum ebt_group_by)i;
			return true;
		}
	}
	return false;
}

static bool parse_sort(const char *value, enum ebt_column *out)
{
	int column = ebt_column_find(value);

	if (column < 0)
		return false;
	*out = (enum ebt_column)column;
	return true;
}

/* 1: taken, 0: the value is wrong, -1: no such key. */
static int set_key(struct ebt_settings *s, const char *key, char *value)
{
	int n;

	if (strcmp(key, "screen") == 0) {
		n = ebt_screen_find(value);
		s->screen = n >= 0 ? (unsigned)n : s->screen;
		return n >= 0;
	}
	if (strcmp(key, "theme") == 0) {
		n = ebt_theme_find(value);
		s->theme = n >= 0 ? (unsigned)n : s->theme;
		return n >= 0;
	}
	if (strcmp(key, "group") == 0)
		return parse_group(value, &s->group_by);
	if (strcmp(key, "sort") == 0)
		return parse_sort(value, &s->sort);
	if (strcmp(key, "invert") == 0)
		return parse_bool(value, &s->invert);
	if (strcmp(key, "wrap") == 0)
		return parse_bool(value, &s->wrap);
	if (strcmp(key, "program_path") == 0)
		return parse_bool(value, &s->program_path);
	if (strcmp(key, "cpu_meters") == 0)
		return parse_bool(value, &s->cpu_meters);
	if (strcmp(key, "highlight") == 0)
		return parse_bool(value, &s->highlight);
	if (strcmp(key, "events_columns") == 0)
		return parse_columns(value, &s->events, ebt_row_columns, EBT_RC_MAX,
				     EBT_RC_COMMAND);
	if (strcmp(key, "tree_columns") == 0)
		return parse_columns(value, &s->tree, ebt_row_columns, EBT_RC_MAX, EBT_RC_COMMAND);
	if (strcmp(key, "top_columns") == 0)
		return parse_columns(value, &s->top, ebt_top_columns, EBT_TOP_CMAX, EBT_COL_NAME);
	return -1;
}

static char *trim(char *text)
{
	size_t len;

	while (*text == ' ' || *text == '\t')
		text++;
	len = strlen(text);
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\t' || text[len - 1] == '\r'))
		text[--len] = '\0';
	return text;
}

/* NULL, or what is wrong with the line. */
static const char *parse_line(struct ebt_settings *settings, struct ebt_bytes bytes)
{
	char line[LINE_MAX_BYTES];

	if (bytes.len >= sizeof(line))
		return "line too long";
	if (memchr(bytes.data, '\0', bytes.len))
		return "not a text";
	memcpy(line, bytes.data, bytes.len);
	line[bytes.len] = '\0';
	char *key = trim(line);

	if (*key == '\0' || *key == '#')
		return NULL;
	char *value = strchr(key, '=');

	if (!value)
		return "no \"=\"";
	*value++ = '\0';
	switch (set_key(settings, trim(key), trim(value))) {
	case 1:
		return NULL;
	case 0:
		return "value not known";
	default:
		return "key not known";
	}
}

int ebt_settings_parse(struct ebt_settings *settings, struct ebt_bytes text, char *err,
		       size_t err_len)
{
	int wrong = 0, number = 0;

	if (err_len)
		err[0] = '\0';
	if (text.len > EBT_SETTINGS_MAX) {
		snprintf(err, err_len, "settings: more than %d bytes", EBT_SETTINGS_MAX);
		return 1;
	}
	while (text.len) {
		const char *end = memchr(text.data, '\n', text.len);
		size_t len = end ? (size_t)(end - text.data) : text.len;
		const char *why =
			len ? parse_line(settings, (struct ebt_bytes){ text.data, len }) : NULL;

		number++;
		if (why && wrong++ == 0)
			snprintf(err, err_len, "settings, line %d: %s", number, why);
		len += end ? 1 : 0;
		text.data += len;
		text.len -= len;
	}
	return wrong;
}

static void format_columns(struct ebt_buf *out, const char *key, const struct ebt_columns *columns,
			   const struct ebt_column_spec *specs)
{
	ebt_buf_printf(out, "%s =", key);
	for (int i = 0; i < columns->count; i++)
		ebt_buf_printf(out, " %s", specs[columns->id[i]].name);
	ebt_buf_puts(out, "\n");
}

int ebt_settings_format(const struct ebt_settings *s, struct ebt_buf *out)
{
	static const char *const words[] = { "no", "yes" };

	ebt_buf_puts(out, "# execbig-top; written by the setup screen (F2), read at start\n");
	ebt_buf_printf(out, "screen = %s\n", ebt_screen_name((enum ebt_ui_screen)s->screen));
	ebt_buf_printf(out, "theme = %s\n", ebt_themes[s->theme].name);
	ebt_buf_printf(out, "group = %s\n", ebt_group_by_name(s->group_by));
	ebt_buf_printf(out, "sort = %s\n", ebt_column_name(s->sort));
	ebt_buf_printf(out, "invert = %s\n", words[s->invert]);
	ebt_buf_printf(out, "wrap = %s\n", words[s->wrap]);
	ebt_buf_printf(out, "program_path = %s\n", words[s->program_path]);
	ebt_buf_printf(out, "cpu_meters = %s\n", words[s->cpu_meters]);
	ebt_buf_printf(out, "highlight = %s\n", words[s->highlight]);
	format_columns(out, "events_columns", &s->events, ebt_row_columns);
	format_columns(out, "tree_columns", &s->tree, ebt_row_columns);
	format_columns(out, "top_columns", &s->top, ebt_top_columns);
	return out->error;
}
