/* SPDX-License-Identifier: BSD-3-Clause */
/* judge.c - an expression judges an exec. A tree is at most as deep as it has nodes. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "cgroup/container.h"
#include "cgroup/unit.h"
#include "expr/expr_internal.h"

static enum ebt_expr_result judge_bool(bool holds)
{
	return holds ? EBT_EXPR_YES : EBT_EXPR_NO;
}

/* Answer where a text may match or not so that nothing is hidden. */
static enum ebt_expr_result judge_unsure(struct ebt_expr_term *t)
{
	t->unsure = true;
	return judge_bool(!t->negated);
}

static enum ebt_expr_result judge_pattern(struct ebt_expr_term *t, struct ebt_bytes text)
{
	uint64_t given_up = t->matcher.given_up;
	bool matches = ebt_matcher_text(&t->matcher, text);

	return t->matcher.given_up != given_up ? judge_unsure(t) : judge_bool(matches);
}

static enum ebt_expr_result judge_args(struct ebt_expr_term *t, struct ebt_bytes args)
{
	uint64_t given_up = t->matcher.given_up;
	bool matches = ebt_matcher_args(&t->matcher, args);

	return t->matcher.given_up != given_up ? judge_unsure(t) : judge_bool(matches);
}

static enum ebt_expr_result judge_number(const struct ebt_expr_term *t, uint64_t value)
{
	switch (t->op) {
	case EBT_EXPR_EQ:
		return judge_bool(value == t->number);
	case EBT_EXPR_LT:
		return judge_bool(value < t->number);
	case EBT_EXPR_LE:
		return judge_bool(value <= t->number);
	case EBT_EXPR_GT:
		return judge_bool(value > t->number);
	case EBT_EXPR_GE:
		return judge_bool(value >= t->number);
	}
	return EBT_EXPR_NO;
}

static enum ebt_expr_result judge_user(const struct ebt_expr_term *t,
				       const struct ebt_expr_subject *s)
{
	const uint32_t ids[] = { s->uid, s->euid };

	for (size_t i = 0; i < 2; i++) {
		const char *name =
			s->user && ids[i] != UINT32_MAX ? s->user(s->names, ids[i]) : NULL;

		if ((name && strcmp(name, t->text) == 0) ||
		    (t->numeric && ids[i] != UINT32_MAX && ids[i] == t->number))
			return EBT_EXPR_YES;
	}
	return EBT_EXPR_NO;
}

/* Judge what the path of the cgroup says. */
static enum ebt_expr_result judge_cgroup(struct ebt_expr_term *t, const struct ebt_expr_subject *s)
{
	struct ebt_container c;
	struct ebt_bytes unit;
	char text[EBT_POD_UID_LEN + 256];

	if (!s->cgroup)
		return EBT_EXPR_NO;
	switch (t->key->field) {
	case EBT_EXPR_OF_UNIT:
		unit = ebt_cgroup_user_unit(s->cgroup);
		if (unit.len && judge_pattern(t, unit) == EBT_EXPR_YES)
			return EBT_EXPR_YES;
		unit = ebt_cgroup_unit(s->cgroup);
		return unit.len ? judge_pattern(t, unit) : EBT_EXPR_NO;
	case EBT_EXPR_OF_CONTAINER:
		if (!ebt_container_find(s->cgroup, &c))
			return EBT_EXPR_NO;
		snprintf(text, sizeof(text), "%s:%.*s", c.runtime, (int)c.id.len, c.id.data);
		return judge_pattern(t, ebt_bytes_from(text));
	case EBT_EXPR_OF_POD:
		return ebt_cgroup_pod_uid(s->cgroup, text) ? judge_pattern(t, ebt_bytes_from(text))
							   : EBT_EXPR_NO;
	default:
		return judge_pattern(t, ebt_bytes_from(s->cgroup));
	}
}

static enum ebt_expr_result judge_status(const struct ebt_expr_term *t,
					 const struct ebt_expr_subject *s)
{
	bool exited = s->end == EBT_EXPR_EXITED;

	if (s->end == EBT_EXPR_RUNS) {
		if (t->word == EBT_EXPR_RUNNING && !s->once)
			return EBT_EXPR_YES;
		return EBT_EXPR_LATER;
	}
	switch (t->word) {
	case EBT_EXPR_OK:
		return judge_bool(exited && s->status == 0);
	case EBT_EXPR_FAIL:
		return judge_bool(s->end == EBT_EXPR_FAILED || (exited && s->status != 0));
	case EBT_EXPR_RUNNING:
		return EBT_EXPR_NO;
	default:
		if (!exited || !WIFEXITED(s->status))
			return EBT_EXPR_NO;
		return judge_number(t, (uint64_t)WEXITSTATUS(s->status));
	}
}

static enum ebt_expr_result judge_signal(const struct ebt_expr_term *t,
					 const struct ebt_expr_subject *s)
{
	if (s->end == EBT_EXPR_RUNS)
		return EBT_EXPR_LATER;
	if (s->end != EBT_EXPR_EXITED || !WIFSIGNALED(s->status))
		return EBT_EXPR_NO;
	return judge_bool(t->word == EBT_EXPR_ANY || t->number == (uint64_t)WTERMSIG(s->status));
}

static enum ebt_expr_result judge_used(const struct ebt_expr_term *t,
				       const struct ebt_expr_subject *s)
{
	bool run = t->key->field == EBT_EXPR_OF_RUN, life = t->key->field == EBT_EXPR_OF_LIFE;

	if ((run && s->run_unknown) || (life && s->life_unknown))
		return EBT_EXPR_NO;
	if (s->end == EBT_EXPR_RUNS)
		return EBT_EXPR_LATER;
	if (s->end == EBT_EXPR_EXITED || (s->end == EBT_EXPR_REPLACED && run))
		return judge_number(t, run ? s->run_ns : life ? s->life_ns : s->cpu_ns);
	return EBT_EXPR_NO;
}

static enum ebt_expr_result judge_word(struct ebt_expr_term *t, const struct ebt_expr_subject *s)
{
	if (judge_args(t, s->args) == EBT_EXPR_YES || judge_pattern(t, s->comm) == EBT_EXPR_YES)
		return EBT_EXPR_YES;
	if (judge_pattern(t, s->exe) == EBT_EXPR_YES)
		return EBT_EXPR_YES;
	return s->args_incomplete ? judge_unsure(t) : EBT_EXPR_NO;
}

static enum ebt_expr_result judge_known(struct ebt_expr_term *t, struct ebt_bytes text)
{
	return text.len ? judge_pattern(t, text) : EBT_EXPR_NO;
}

static enum ebt_expr_result judge_term(struct ebt_expr_term *t, const struct ebt_expr_subject *s)
{
	if (!t->key)
		return judge_word(t, s);
	switch (t->key->field) {
	case EBT_EXPR_OF_USER:
		return judge_user(t, s);
	case EBT_EXPR_OF_UID:
		return s->uid == UINT32_MAX ? EBT_EXPR_NO : judge_number(t, s->uid);
	case EBT_EXPR_OF_PID:
		return judge_number(t, s->pid);
	case EBT_EXPR_OF_COMM:
		return judge_known(t, s->comm);
	case EBT_EXPR_OF_EXE:
		return judge_known(t, s->exe);
	case EBT_EXPR_OF_PARENT:
		return judge_known(t, s->parent);
	case EBT_EXPR_OF_CWD:
		return judge_known(t, s->cwd);
	case EBT_EXPR_OF_TTY:
		return judge_bool(ebt_bytes_equal(s->tty, ebt_bytes_from(t->text)) ||
				  (!s->tty.len && strcmp(t->text, "none") == 0));
	case EBT_EXPR_OF_ARGS:
		return judge_number(t, s->args_bytes);
	case EBT_EXPR_OF_STATUS:
		return judge_status(t, s);
	case EBT_EXPR_OF_SIGNAL:
		return judge_signal(t, s);
	case EBT_EXPR_OF_ERRNO:
		return judge_bool(s->ret < 0 && (t->word == EBT_EXPR_ANY ||
						 t->number == (uint64_t) - (int64_t)s->ret));
	case EBT_EXPR_OF_LIFE:
	case EBT_EXPR_OF_RUN:
	case EBT_EXPR_OF_CPU:
		return judge_used(t, s);
	default:
		return judge_cgroup(t, s);
	}
}

static enum ebt_expr_result judge_node(struct ebt_expr *x, uint8_t at,
				       const struct ebt_expr_subject *s)
{
	const struct ebt_expr_node *n = &x->nodes[at];
	enum ebt_expr_result decides = n->kind == EBT_EXPR_OR ? EBT_EXPR_YES : EBT_EXPR_NO;
	enum ebt_expr_result a, b;

	if (n->kind == EBT_EXPR_TERM)
		return judge_term(&x->terms[n->a], s);
	a = judge_node(x, n->a, s);
	if (n->kind == EBT_EXPR_NOT)
		return a == EBT_EXPR_LATER ? a : judge_bool(a == EBT_EXPR_NO);
	if (a == decides)
		return a;
	b = judge_node(x, n->b, s);
	return a == EBT_EXPR_LATER && b != decides ? a : b;
}

enum ebt_expr_result ebt_expr_match(struct ebt_expr *x, const struct ebt_expr_subject *s)
{
	for (unsigned i = 0; x && i < x->term_count; i++)
		x->terms[i].unsure = false;
	return x ? judge_node(x, x->root, s) : EBT_EXPR_YES;
}

bool ebt_expr_unsure(const struct ebt_expr *x)
{
	for (unsigned i = 0; x && i < x->term_count; i++)
		if (x->terms[i].unsure)
			return true;
	return false;
}

bool ebt_expr_match_name(struct ebt_expr *x, struct ebt_bytes name, bool is_args, bool incomplete)
{
	struct ebt_expr_subject s = { .args_incomplete = incomplete };

	/* Without the name as a second text, so that ^ and $ mean its ends only. */
	if (is_args)
		s.args = name;
	else
		s.comm = name;
	return ebt_expr_match(x, &s) == EBT_EXPR_YES;
}

bool ebt_expr_find(struct ebt_expr *x, struct ebt_bytes text, size_t from, size_t *at, size_t *len)
{
	bool found = false;

	for (unsigned i = 0; x && i < x->term_count; i++) {
		size_t here, long_;

		if (x->terms[i].key || x->terms[i].negated ||
		    !ebt_matcher_find(&x->terms[i].matcher, text, from, &here, &long_) ||
		    (found && here >= *at))
			continue;
		*at = here;
		*len = long_;
		found = true;
	}
	return found;
}

const char *ebt_expr_text(const struct ebt_expr *x)
{
	return x ? x->text : "";
}

bool ebt_expr_has_keys(const struct ebt_expr *x)
{
	for (unsigned i = 0; x && i < x->term_count; i++)
		if (x->terms[i].key)
			return true;
	return false;
}

bool ebt_expr_has_end(const struct ebt_expr *x)
{
	for (unsigned i = 0; x && i < x->term_count; i++) {
		const struct ebt_expr_key *key = x->terms[i].key;

		if (key && (key->kind == EBT_EXPR_STATUS || key->kind == EBT_EXPR_SIGNAL ||
			    key->kind == EBT_EXPR_DURATION))
			return true;
	}
	return false;
}

uint64_t ebt_expr_given_up(const struct ebt_expr *x)
{
	uint64_t count = 0;

	for (unsigned i = 0; x && i < x->term_count; i++)
		count += x->terms[i].matcher.given_up;
	return count;
}
