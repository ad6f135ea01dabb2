/* SPDX-License-Identifier: BSD-3-Clause */
/* frozen.c - copy rows that must stay on the screen while the model changes */
#include "ui/core/frozen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ui/core/list.h"
#include "ui/core/ui_state.h"

/* Copied texts are cut, because they are shown in one line; the details make a complete copy of
 * their own. */
#define TEXT_MAX 4096
/* maximum bytes of a copy's texts, so that a pause does not double the history */
#define BYTES_MAX ((size_t)16 << 20)

static struct ebt_bytes *row_text(struct ebt_row *row, unsigned i)
{
	struct ebt_bytes *const texts[] = { &row->comm, &row->prev_comm, &row->parent_comm,
					    &row->tty,	&row->filename,	 &row->exe,
					    &row->cwd,	&row->args,	 &row->env };

	return i < sizeof(texts) / sizeof(texts[0]) ? texts[i] : NULL;
}

static size_t capped(size_t len)
{
	return len < TEXT_MAX ? len : TEXT_MAX;
}

static size_t group_bytes(const struct ebt_snapshot *snap)
{
	size_t sum = 0;

	for (size_t i = 0; i < snap->count; i++)
		sum += capped(snap->groups[i].name.len) + snap->groups[i].parent.len;
	return sum;
}

static size_t row_bytes(const struct ebt_snapshot *snap)
{
	size_t sum = 0;

	for (size_t i = 0; i < snap->count; i++) {
		struct ebt_row row = snap->rows[i];
		struct ebt_bytes *text;

		for (unsigned t = 0; (text = row_text(&row, t)); t++)
			sum += capped(text->len);
	}
	return sum;
}

static size_t move_text(struct ebt_bytes *text, char *to, size_t room)
{
	size_t len = capped(text->len);

	len = len < room ? len : room;
	if (len)
		memcpy(to, text->data, len);
	*text = (struct ebt_bytes){ to, len };
	return len;
}

static void copy_groups(struct ebt_frozen *frozen, const struct ebt_snapshot *snap, size_t room)
{
	size_t used = 0;

	for (size_t i = 0; i < snap->count; i++) {
		struct ebt_group *group = &frozen->groups[i];
		uint16_t *spark = frozen->sparks + i * EBT_SPARK_LEN;

		*group = snap->groups[i];
		used += move_text(&group->name, frozen->bytes + used, room - used);
		used += move_text(&group->parent, frozen->bytes + used, room - used);
		if (group->spark)
			memcpy(spark, group->spark, EBT_SPARK_LEN * sizeof(*spark));
		group->spark = spark;
	}
}

static void copy_rows(struct ebt_frozen *frozen, const struct ebt_snapshot *snap, size_t room)
{
	size_t used = 0;

	for (size_t i = 0; i < snap->count; i++) {
		struct ebt_bytes *text;

		frozen->rows[i] = snap->rows[i];
		for (unsigned t = 0; (text = row_text(&frozen->rows[i], t)); t++)
			used += move_text(text, frozen->bytes + used, room - used);
	}
}

void ebt_frozen_drop(struct ebt_frozen *frozen)
{
	free(frozen->rows);
	free(frozen->groups);
	free(frozen->bytes);
	free(frozen->sparks);
	*frozen = (struct ebt_frozen){ 0 };
}

void ebt_frozen_take(struct ebt_frozen *frozen, const struct ebt_snapshot *snap)
{
	bool groups = snap->list == EBT_LIST_GROUPS;
	size_t bytes = groups ? group_bytes(snap) : row_bytes(snap);
	size_t n = snap->count ? snap->count : 1;

	ebt_frozen_drop(frozen);
	bytes = bytes < BYTES_MAX ? bytes : BYTES_MAX;
	frozen->bytes = malloc(bytes ? bytes : 1);
	if (groups) {
		frozen->groups = calloc(n, sizeof(*frozen->groups));
		frozen->sparks = calloc(n * EBT_SPARK_LEN, sizeof(*frozen->sparks));
	} else {
		frozen->rows = calloc(n, sizeof(*frozen->rows));
	}
	if (!frozen->bytes || (groups ? !frozen->groups || !frozen->sparks : !frozen->rows)) {
		ebt_frozen_drop(frozen); /* without memory the list goes on moving */
		return;
	}
	frozen->list = snap->list;
	frozen->count = snap->count;
	if (groups)
		copy_groups(frozen, snap, bytes);
	else
		copy_rows(frozen, snap, bytes);
}

/* Return the copy of a screen's list, taken now if it is empty; NULL without memory. */
static struct ebt_frozen *frozen_fill(struct ebt_ui *ui, struct ebt_frozen *frozen, unsigned screen)
{
	struct ebt_query all = ebt_list_query_of(ui, screen);
	struct ebt_snapshot snap;

	all.count = SIZE_MAX;
	if (frozen->list == EBT_LIST_NONE) {
		ebt_snapshot_take(ui->model, &all, ui->now_ns, &snap);
		ebt_frozen_take(frozen, &snap);
	}
	return frozen->list != EBT_LIST_NONE ? frozen : NULL;
}

struct ebt_frozen *ebt_frozen_of(struct ebt_ui *ui, enum ebt_list list)
{
	bool overview = ui->screen == EBT_SCREEN_OVERVIEW;

	if (list == EBT_LIST_GROUPS)
		return overview ? frozen_fill(ui, &ui->frozen_overview, EBT_SCREEN_OVERVIEW)
				: frozen_fill(ui, &ui->frozen_top, EBT_SCREEN_TOP);
	return list == EBT_LIST_TREE ? frozen_fill(ui, &ui->frozen_tree, EBT_SCREEN_TREE) : NULL;
}

void ebt_frozen_drop_all(struct ebt_ui *ui)
{
	ebt_frozen_drop(&ui->frozen_overview);
	ebt_frozen_drop(&ui->frozen_top);
	ebt_frozen_drop(&ui->frozen_tree);
}

void ebt_frozen_window(const struct ebt_frozen *frozen, const struct ebt_query *query,
		       struct ebt_snapshot *snap)
{
	size_t count = query->count < frozen->count ? query->count : frozen->count;
	size_t first = query->first < frozen->count - count ? query->first : frozen->count - count;

	snap->list = frozen->list;
	snap->total_rows = frozen->count;
	snap->first = first;
	snap->count = count;
	snap->rows = frozen->rows ? frozen->rows + first : NULL;
	snap->groups = frozen->groups ? frozen->groups + first : NULL;
}

int ebt_row_copy(struct ebt_row *row, char **text, size_t *text_len)
{
	struct ebt_bytes *field;
	size_t sum = 0, used = 0;

	for (unsigned t = 0; (field = row_text(row, t)); t++)
		sum += field->len;
	char *copy = malloc(sum ? sum : 1);

	if (!copy)
		return -ENOMEM;
	for (unsigned t = 0; (field = row_text(row, t)); t++) {
		if (field->len)
			memcpy(copy + used, field->data, field->len);
		field->data = copy + used;
		used += field->len;
	}
	*text = copy;
	*text_len = sum;
	return 0;
}

void ebt_pause_toggle(struct ebt_ui *ui)
{
	struct ebt_query none = { .list = EBT_LIST_EVENTS };
	struct ebt_snapshot snap;

	ebt_frozen_drop_all(ui);
	ebt_snapshot_take(ui->model, &none, ui->now_ns, &snap);
	if (ui->paused) {
		ui->paused = false;
		return;
	}
	ui->paused_at_events = snap.all_rows + snap.dropped_rows;
	ui->paused_last_id = ebt_snapshot_newest(ui->model);
	/* Copy at once and not when the list is shown, so that all screens show the same time. */
	frozen_fill(ui, &ui->frozen_overview, EBT_SCREEN_OVERVIEW);
	frozen_fill(ui, &ui->frozen_top, EBT_SCREEN_TOP);
	frozen_fill(ui, &ui->frozen_tree, EBT_SCREEN_TREE);
	ui->paused = true;
}

void ebt_ui_pause_again(struct ebt_ui *ui)
{
	if (!ui->paused)
		return;
	ebt_pause_toggle(ui);
	ebt_pause_toggle(ui);
	ui->dirty = true;
}
