/* SPDX-License-Identifier: BSD-3-Clause */
/* complete.c - the values that keys of filters had so far, for completion */
#include <stdio.h>

#include "cgroup/container.h"
#include "cgroup/unit.h"
#include "model/model_internal.h"

#define COMPLETE_GROUPS_MAX 4096u /* the latest; more cannot be shown */

static void complete_users(const struct ebt_names *users, struct ebt_expr_completion *c)
{
	for (const struct ebt_name *n = users->table; n; n = n->hh.next)
		ebt_expr_offer(c, ebt_bytes_from(n->name));
}

/* Offer what a path of a cgroup says. */
static void complete_path(const char *path, enum ebt_expr_field field,
			  struct ebt_expr_completion *c)
{
	struct ebt_container container;
	char text[256];

	switch (field) {
	case EBT_EXPR_OF_UNIT:
		ebt_expr_offer(c, ebt_cgroup_unit(path));
		ebt_expr_offer(c, ebt_cgroup_user_unit(path));
		break;
	case EBT_EXPR_OF_CONTAINER:
		if (!ebt_container_find(path, &container))
			break;
		snprintf(text, sizeof(text), "%s:%.*s", container.runtime, (int)container.id.len,
			 container.id.data);
		ebt_expr_offer(c, ebt_bytes_from(text));
		break;
	case EBT_EXPR_OF_POD:
		if (ebt_cgroup_pod_uid(path, text))
			ebt_expr_offer(c, ebt_bytes_from(text));
		break;
	default:
		ebt_expr_offer(c, ebt_bytes_from(path));
		break;
	}
}

static void complete_groups(const struct ebt_grouping *g, struct ebt_expr_completion *c)
{
	unsigned n = 0;

	for (const struct ebt_grp *grp = g->newest; grp && n < COMPLETE_GROUPS_MAX; n++) {
		ebt_expr_offer(c, (struct ebt_bytes){ grp->name, grp->name_len });
		grp = grp->older;
	}
}

void ebt_model_complete(enum ebt_expr_field field, struct ebt_expr_completion *c, void *arg)
{
	struct ebt_model *model = arg;

	switch (field) {
	case EBT_EXPR_OF_USER:
		complete_users(&model->users, c);
		break;
	case EBT_EXPR_OF_COMM:
		complete_groups(&model->groups.by[EBT_GROUP_COMM], c);
		break;
	case EBT_EXPR_OF_EXE:
		complete_groups(&model->groups.by[EBT_GROUP_EXE], c);
		break;
	case EBT_EXPR_OF_PARENT:
		complete_groups(&model->groups.by[EBT_GROUP_PARENT], c);
		break;
	case EBT_EXPR_OF_UNIT:
	case EBT_EXPR_OF_CONTAINER:
	case EBT_EXPR_OF_POD:
	case EBT_EXPR_OF_CGROUP:
		for (const struct ebt_name *n = model->cgroups.table; n; n = n->hh.next)
			complete_path(n->name, field, c);
		break;
	default:
		break;
	}
}
