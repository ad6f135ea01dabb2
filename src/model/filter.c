/* SPDX-License-Identifier: BSD-3-Clause */
/* filter.c - index of matching rows. */
#include "model/filter.h"

static const char *filter_user(const void *names, uint32_t uid)
{
	return ebt_names_get(names, uid);
}

/* An event of homeostasis has no end, and keeps its call where an exec has its terminal. */
static enum ebt_expr_end filter_end_of(const struct ebt_row *row)
{
	if (row->kind == EBT_ROW_HOMEO || row->exit_unknown)
		return EBT_EXPR_LOST;
	if (row->ret < 0)
		return EBT_EXPR_FAILED;
	if (row->replaced)
		return EBT_EXPR_REPLACED;
	return row->ended ? EBT_EXPR_EXITED : EBT_EXPR_RUNS;
}

bool ebt_filter_judge_row(const struct ebt_filter *f, struct ebt_expr *expr,
			  const struct ebt_row *row)
{
	const struct ebt_expr_subject subject = {
		.pid = row->pid,
		.uid = row->uid,
		.euid = row->seeded && !row->euid ? row->uid : row->euid,
		.ret = row->ret,
		.status = row->status,
		.args = row->args,
		.args_incomplete =
			row->flags & EBT_EV_ARGS_INCOMPLETE || row->args_captured < row->args_bytes,
		.comm = row->comm,
		.exe = row->exe.len ? row->exe : row->filename,
		.parent = row->parent_comm,
		.cwd = row->cwd,
		.tty = row->kind == EBT_ROW_HOMEO ? ebt_bytes_from("") : row->tty,
		.cgroup = row->cgroup,
		.args_bytes = row->args_bytes,
		.life_ns = ebt_row_life_ns(row),
		.life_unknown = !row->start_ns,
		.run_ns = row->run_ns,
		.run_unknown = row->seeded,
		.cpu_ns = row->utime_ns + row->stime_ns,
		.end = filter_end_of(row),
		.user = filter_user,
		.names = f->users,
	};

	return ebt_expr_match(expr, &subject) == EBT_EXPR_YES;
}

bool ebt_filter_judge(const struct ebt_filter *f, struct ebt_expr *expr,
		      const struct ebt_hist_row *row)
{
	struct ebt_row full;

	ebt_hist_row_fill(row, 0, &full);
	full.cgroup = full.cgroup_id ? ebt_names_get(f->cgroups, full.cgroup_id) : NULL;
	return ebt_filter_judge_row(f, expr, &full);
}

static void unmap(struct ebt_filter *f)
{
	ebt_row_ids_unmap(&f->rows);
	f->unsure = 0;
}

void ebt_filter_deinit(struct ebt_filter *f)
{
	unmap(f);
	ebt_expr_free(&f->expr);
}

/* Judge a row, and mark and count it if it is listed because it may match. */
static bool filter_passes(struct ebt_filter *f, struct ebt_hist_row *row)
{
	bool passes = ebt_filter_judge(f, f->expr, row);
	bool unsure = passes && ebt_expr_unsure(f->expr);

	f->unsure = f->unsure - row->unsure + unsure;
	row->unsure = unsure;
	return passes;
}

int ebt_filter_set(struct ebt_filter *f, const struct ebt_history *h, const char *text,
		   struct ebt_expr_error *error)
{
	struct ebt_expr *expr;
	int r = ebt_expr_new(&expr, text ? text : "", error);

	if (!r && expr)
		r = ebt_row_ids_map(&f->rows, h->slots);
	if (r < 0) {
		ebt_expr_free(&expr);
		return r;
	}
	ebt_expr_free(&f->expr);
	f->expr = expr;
	f->has_end = ebt_expr_has_end(expr);
	f->generation++;
	for (uint64_t id = h->first_id; f->unsure && id < h->next_id; id++) {
		struct ebt_hist_row *row = ebt_history_get(h, id);

		f->unsure -= row->unsure;
		row->unsure = false;
	}
	if (!expr) {
		unmap(f);
		return 0;
	}
	ebt_row_ids_clear(&f->rows);
	for (uint64_t id = h->first_id; id < h->next_id; id++)
		ebt_filter_add(f, ebt_history_get(h, id));
	return 0;
}

bool ebt_filter_add(struct ebt_filter *f, struct ebt_hist_row *row)
{
	if (!ebt_filter_on(f) || !filter_passes(f, row))
		return false;
	ebt_row_ids_append(&f->rows, row->id);
	return true;
}

bool ebt_filter_again(struct ebt_filter *f, const struct ebt_history *h, struct ebt_hist_row *row)
{
	return row && f->has_end && ebt_filter_look(f, h, row);
}

bool ebt_filter_look(struct ebt_filter *f, const struct ebt_history *h, struct ebt_hist_row *row)
{
	bool matches = filter_passes(f, row);

	ebt_row_ids_set(&f->rows, h->first_id, row->id, matches);
	return matches;
}

void ebt_filter_drop(struct ebt_filter *f, const struct ebt_hist_row *row)
{
	if (ebt_row_ids_drop(&f->rows, row->id))
		f->unsure -= row->unsure;
}

void ebt_filter_clear(struct ebt_filter *f)
{
	ebt_row_ids_clear(&f->rows);
	f->unsure = 0;
}

size_t ebt_filter_rows(const struct ebt_filter *f, const struct ebt_history *h)
{
	return ebt_filter_on(f) ? f->rows.n : ebt_history_rows(h);
}

uint64_t ebt_filter_at(const struct ebt_filter *f, const struct ebt_history *h, size_t place)
{
	return ebt_filter_on(f) ? ebt_row_ids_at(&f->rows, h->first_id, place)
				: h->first_id + place;
}

size_t ebt_filter_place(const struct ebt_filter *f, const struct ebt_history *h, uint64_t id)
{
	if (ebt_filter_on(f))
		return ebt_row_ids_place(&f->rows, h->first_id, id);
	if (id <= h->first_id)
		return 0;
	return id < h->next_id ? (size_t)(id - h->first_id) : ebt_history_rows(h);
}
