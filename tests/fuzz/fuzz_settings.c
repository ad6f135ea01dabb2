/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fuzz_settings.c - libFuzzer target: the settings file. Whatever it says, what comes out is
 * settings that the view can draw with, and that written and read again are the same.
 */
#include "base/bytes.h"
#include "base/cleanup.h"
#include "fuzz.h"
#include "ui/core/settings.h"
#include "ui/core/ui_state.h"

static void check_columns(const struct ebt_columns *columns, unsigned max)
{
	uint32_t seen = 0;

	require(columns->count > 0 && columns->count <= EBT_COLUMNS_MAX);
	for (unsigned i = 0; i < columns->count; i++) {
		require(columns->id[i] < max && !(seen & 1u << columns->id[i]));
		seen |= 1u << columns->id[i];
	}
}

static int same_columns(const struct ebt_columns *a, const struct ebt_columns *b)
{
	return a->count == b->count && memcmp(a->id, b->id, a->count) == 0;
}

static void check_round_trip(const struct ebt_settings *a)
{
	_cleanup_buf_ struct ebt_buf text = { 0 };
	struct ebt_settings b;
	char err[128];

	require(ebt_settings_format(a, &text) == 0);
	ebt_settings_default(&b);
	require(ebt_settings_parse(&b, (struct ebt_bytes){ text.data, text.len }, err,
				   sizeof(err)) == 0);
	require(a->screen == b.screen && a->theme == b.theme && a->group_by == b.group_by &&
		a->sort == b.sort && a->invert == b.invert && a->wrap == b.wrap &&
		a->program_path == b.program_path && a->cpu_meters == b.cpu_meters &&
		a->highlight == b.highlight);
	require(same_columns(&a->events, &b.events) && same_columns(&a->tree, &b.tree) &&
		same_columns(&a->top, &b.top));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ebt_settings settings;
	char *text = input_copy(data, size), err[96];
	int wrong;

	memset(err, 'x', sizeof(err));
	ebt_settings_default(&settings);
	wrong = ebt_settings_parse(&settings, (struct ebt_bytes){ text, size }, err, sizeof(err));
	require(wrong >= 0 && strnlen(err, sizeof(err)) < sizeof(err));
	require((wrong > 0) == (err[0] != '\0'));
	check_columns(&settings.events, EBT_RC_MAX);
	check_columns(&settings.tree, EBT_RC_MAX);
	check_columns(&settings.top, EBT_TOP_CMAX);
	check_round_trip(&settings);
	free(text);
	return 0;
}
