/* SPDX-License-Identifier: BSD-3-Clause */
/* options_files.c - options of recordings, replays and homeostasis, and -o. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "base/number.h"
#include "cli/options_table.h"
#include "homeostasis/settings.h"
#include "recording/parts.h"
#include "sink/columns.h"

#define ROTATE_TIME_MAX 100000u /* of any unit: 273 years of days fit into 64 bits of ns */

/* Read a time as 90s, 30min, 12h or 7d. */
static bool rotate_time(const char *text, uint64_t *ns)
{
	static const struct {
		const char *unit;
		uint64_t seconds;
	} units[] = { { "s", 1 }, { "min", 60 }, { "h", 3600 }, { "d", 86400 } };
	size_t digits = strspn(text, "0123456789");
	uint64_t count;

	if (!ebt_number_digits(text, digits, &count) || count > ROTATE_TIME_MAX)
		return false;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(units); i++) {
		if (strcmp(text + digits, units[i].unit) == 0) {
			*ns = count * units[i].seconds * 1000000000u;
			return true;
		}
	}
	return false;
}

/* Read a size, a time, or both with a comma between them; len bytes of text. */
static bool rotate_limits(const char *text, size_t len, uint64_t *bytes, uint64_t *ns)
{
	char copy[64], *rest = copy, *limit;

	*bytes = *ns = 0;
	if (!len || len >= sizeof(copy) || text[len - 1] == ',')
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	while ((limit = strsep(&rest, ","))) {
		if (!*ns && rotate_time(limit, ns) && *ns >= EBT_ROTATE_MIN_NS)
			continue;
		if (*bytes || ebt_parse_size(limit, bytes) < 0 || *bytes < EBT_ROTATE_MIN)
			return false;
	}
	return true;
}

bool ebt_option_set_rotate(struct ebt_command_line *line, const struct ebt_option *option,
			   const char *arg)
{
	struct ebt_rotate *r = &line->options.rotate;
	const char *colon = strchr(arg, ':');
	size_t len = colon ? (size_t)(colon - arg) : strlen(arg);
	bool by_signal = len == 6 && memcmp(arg, "signal", 6) == 0;
	uint64_t count = 0;

	r->bytes = r->ns = 0;
	if ((!by_signal && !rotate_limits(arg, len, &r->bytes, &r->ns)) ||
	    (colon && (!ebt_number_digits(colon + 1, strlen(colon + 1), &count) || count < 1 ||
		       count > EBT_PARTS_MAX)))
		return ebt_option_bad(option, arg,
				      "allowed is a size from 64K, a time (30s, 10min, 1h, 1d), "
				      "both with a comma between them, or signal, and behind a "
				      "colon how many files to keep, 1 to %d",
				      EBT_PARTS_MAX);
	r->given = r->on_signal = true;
	r->count = (unsigned)count;
	return true;
}

bool ebt_option_set_keep(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg)
{
	struct ebt_rotate *r = &line->options.rotate;

	if (!rotate_limits(arg, strlen(arg), &r->keep_bytes, &r->keep_ns))
		return ebt_option_bad(option, arg,
				      "allowed is a size from 64K, an age (90s, 10min, 12h, 7d), "
				      "or both with a comma between them");
	return true;
}

bool ebt_option_set_speed(struct ebt_command_line *line, const struct ebt_option *option,
			  const char *arg)
{
	struct ebt_options *o = &line->options;
	uint64_t speed;

	if (strcmp(arg, "max") == 0) {
		o->speed = EBT_SPEED_MAX;
		return true;
	}
	if (!ebt_number_digits(arg, strlen(arg), &speed) || speed < 1 || speed > 1000000)
		return ebt_option_bad(option, arg,
				      "allowed are 1 to 1000000 (times as fast), or max");
	o->speed = (uint32_t)speed;
	return true;
}

/* Read the fraction that may follow the seconds of a time, and leave *text behind it. */
static bool time_fraction(const char **text, uint64_t *out_ns)
{
	size_t len;

	*out_ns = 0;
	if (**text != '.')
		return true;
	len = strspn(*text + 1, "0123456789");
	if (!len || !ebt_option_fraction(*text + 1, len, out_ns))
		return false;
	*text += 1 + len;
	return true;
}

/* Read a time in one of three forms. 90 and 0.5 are seconds from the beginning of the recording. 14:30,
 * 14:30:05 and 14:30:05.25 (as -e prints it) are local times of its first day. 2026-11-21T14:30:05 is
 * a local time too, UTC if a Z follows (as -J prints it, with nine places), and of the zone that +01:00
 * or +0100 names. */
static bool time_parse(const char *arg, struct ebt_option_time *out)
{
	unsigned h, m, s = 0;
	struct tm tm = { .tm_isdst = -1 }, zone;
	const char *rest, *end;
	int used = 0, got;
	uint64_t part = 0;

	if (strchr(arg, 'T')) {
		rest = strptime(arg, "%Y-%m-%dT%H:%M:%S", &tm);
		if (!rest || !time_fraction(&rest, &part))
			return false;
		zone = (struct tm){ .tm_gmtoff = 0 };
		end = *rest ? strptime(rest, "%z", &zone) : rest;
		if (!end || *end)
			return false;
		out->kind = *rest ? EBT_TIME_DATE : EBT_TIME_LOCAL_DATE;
		out->ns = (uint64_t)(timegm(&tm) - zone.tm_gmtoff) * 1000000000u + part;
		return true;
	}
	if (strchr(arg, ':')) {
		got = sscanf(arg, "%2u:%2u%n:%2u%n", &h, &m, &used, &s, &used);
		rest = arg + used;
		if (got < 2 || h > 23 || m > 59 || s > 60 ||
		    (got == 3 && !time_fraction(&rest, &part)) || *rest)
			return false;
		out->kind = EBT_TIME_CLOCK;
		out->ns = (h * 3600ull + m * 60 + s) * 1000000000u + part;
		return true;
	}
	out->kind = EBT_TIME_OFFSET;
	return ebt_option_seconds(arg, &out->ns);
}

bool ebt_option_set_time(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg)
{
	struct ebt_option_time *out = (void *)((char *)line + option->offset);

	if (!time_parse(arg, out))
		return ebt_option_bad(option, arg,
				      "allowed are seconds from the beginning, a time as 14:30 or "
				      "14:30:05, or 2026-11-21T14:30:05 (Z or +01:00 behind it "
				      "names the zone)");
	return true;
}

/* Take the columns of the lines of -e or --csv. */
static bool order_lines(struct ebt_command_line *line, const struct ebt_option *option)
{
	enum ebt_sink_format format =
		line->options.mode == EBT_MODE_CSV ? EBT_SINK_CSV : EBT_SINK_TEXT;
	char words[1024], unknown[64];

	if (ebt_sink_columns_check(format, line->order, unknown, sizeof(unknown))) {
		ebt_sink_columns_words(format, words, sizeof(words));
		return ebt_option_bad(option, line->order, "there is no column %s; columns are %s",
				      unknown, words);
	}
	line->options.line_columns = line->order;
	return true;
}

bool ebt_option_set_order(struct ebt_command_line *line, const struct ebt_option *option)
{
	struct ebt_options *o = &line->options;
	const char *arg = line->order, *name = arg + (*arg == '+' || *arg == '-');
	int column = ebt_words_find(&option->words, name);
	char words[256];

	if (o->mode == EBT_MODE_EVENTS || o->mode == EBT_MODE_CSV)
		return order_lines(line, option);
	if (column < 0)
		return ebt_option_bad(option, arg, "columns are %s",
				      ebt_words_list(&option->words, words, sizeof(words)));
	o->sort = (enum ebt_column)column;
	/* Names come from A to Z unless told otherwise, all else from high to low. */
	o->invert = column == EBT_COL_NAME ? *arg == '+' : *arg == '-';
	o->sort_given = true;
	return true;
}

bool ebt_option_set_save_in(struct ebt_command_line *line, const struct ebt_option *option,
			    const char *arg)
{
	if (!*arg)
		return ebt_option_bad(option, arg, "it must not be empty");
	line->options.profiles_dir = arg;
	/* Of --profiles and --no-save the last one holds. */
	line->no_save = false;
	return true;
}

bool ebt_option_set_homeo(struct ebt_command_line *line, const struct ebt_option *option,
			  const char *arg)
{
	struct ebt_options *o = &line->options;
	const char *eq = strchr(arg, '=');
	struct ebt_ph_settings settings;
	char name[64], why[256] = "";

	if (!eq)
		return ebt_option_bad(option, arg, "NAME=VALUE is wanted");
	if (o->homeo_set_count == EBT_OPTION_HOMEO_SETS)
		return ebt_option_bad(option, arg, "at most %d can be given",
				      EBT_OPTION_HOMEO_SETS);
	snprintf(name, sizeof(name), "%.*s", (int)(eq - arg), arg);
	ebt_ph_settings_default(&settings);
	if (ebt_ph_setting_set(&settings, name, eq + 1, why, sizeof(why)))
		return ebt_option_bad(option, arg, "%s", why);
	o->homeo_set[o->homeo_set_count++] = arg;
	return true;
}

bool ebt_option_set_compiler(struct ebt_command_line *line, const struct ebt_option *option,
			     const char *arg)
{
	struct ebt_options *o = &line->options;

	if (!*arg)
		return ebt_option_bad(option, arg, "the name or the path of a compiler");
	if (o->compiler_count >= EBT_COMPILERS_MAX)
		return ebt_option_bad(option, arg, "at most %d compilers can be named",
				      EBT_COMPILERS_MAX);
	o->compilers[o->compiler_count++] = arg;
	return true;
}
