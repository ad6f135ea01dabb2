/* SPDX-License-Identifier: BSD-3-Clause */
#include "expr/complete.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define ERRNO_MAX 133 /* the last that has a name on Linux */

/* Return where the word begins that ends at the cursor. */
static size_t complete_begin(const char *text, size_t cursor)
{
	size_t at = cursor;

	while (at && !isspace((unsigned char)text[at - 1]) && !strchr("(!", text[at - 1]))
		at--;
	return at;
}

/* Return whether the list has the candidate, between blanks. */
static bool complete_has(const char *list, const char *candidate)
{
	size_t len = strlen(candidate);

	for (const char *at = list; (at = strstr(at, candidate)); at++)
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
	return false;
}

static void complete_add(struct ebt_expr_completion *c, const char *candidate)
{
	size_t len = strlen(c->list), same = 0;

	if (complete_has(c->list, candidate))
		return;
	if (len + strlen(candidate) + 2 < sizeof(c->list))
		snprintf(c->list + len, sizeof(c->list) - len, "%s%s", len ? " " : "", candidate);
	if (c->count++ == 0) {
		snprintf(c->word, sizeof(c->word), "%s", candidate);
		return;
	}
	while (c->word[same] && c->word[same] == candidate[same])
		same++;
	c->word[same] = '\0';
}

void ebt_expr_offer(struct ebt_expr_completion *c, struct ebt_bytes value)
{
	bool quote = false;
	char candidate[sizeof(c->word)];

	if (value.len <= c->typed.len || value.len + sizeof(c->prefix) + 2 > sizeof(candidate) ||
	    memcmp(value.data, c->typed.data, c->typed.len) != 0)
		return;
	for (size_t i = 0; i < value.len; i++) {
		/* A name that would end the prompt's text or a quote is not offered. */
		if (!isprint((unsigned char)value.data[i]) || strchr("\"\\", value.data[i]))
			return;
		quote |= strchr(" ()[]*+?{}|^$", value.data[i]) != NULL;
	}
	/* What needs quotes can only be offered whole: half a quote is no expression. */
	snprintf(candidate, sizeof(candidate), "%s%s%.*s%s", c->prefix, quote ? "\"" : "",
		 (int)value.len, value.data, quote ? "\"" : "");
	complete_add(c, candidate);
}

static void complete_offer_text(struct ebt_expr_completion *c, const char *value)
{
	if (value)
		ebt_expr_offer(c, ebt_bytes_from(value));
}

/* Offer the values that a kind always has. */
static void complete_fixed(struct ebt_expr_completion *c, enum ebt_expr_kind kind)
{
	static const char *const states[] = { "fail", "ok", "running" };

	if (kind == EBT_EXPR_STATUS)
		for (size_t i = 0; i < EBT_ARRAY_SIZE(states); i++)
			complete_offer_text(c, states[i]);
	if (kind == EBT_EXPR_SIGNAL || kind == EBT_EXPR_ERRNO)
		complete_offer_text(c, "any");
	if (kind == EBT_EXPR_SIGNAL)
		for (int i = 1; i < NSIG; i++)
			complete_offer_text(c, sigabbrev_np(i));
	if (kind == EBT_EXPR_ERRNO)
		for (int i = 1; i <= ERRNO_MAX; i++)
			complete_offer_text(c, strerrorname_np(i));
	if (kind == EBT_EXPR_EXACT)
		complete_offer_text(c, "none");
}

static void complete_keys(struct ebt_expr_completion *c, struct ebt_bytes word)
{
	for (size_t i = 0; i < ebt_expr_keys_count; i++) {
		const struct ebt_expr_key *key = &ebt_expr_keys[i];
		bool measured = key->kind == EBT_EXPR_SIZE || key->kind == EBT_EXPR_DURATION;
		char candidate[32];

		if (strlen(key->name) < word.len || memcmp(key->name, word.data, word.len) != 0)
			continue;
		snprintf(candidate, sizeof(candidate), "%s%s", key->name, measured ? ">" : ":");
		complete_add(c, candidate);
	}
}

void ebt_expr_complete(struct ebt_expr_completion *c, const char *text, size_t cursor,
		       ebt_expr_values_fn values, void *arg)
{
	const struct ebt_expr_key *key = NULL;
	struct ebt_bytes word;
	size_t name = 0;

	*c = (struct ebt_expr_completion){ .at = complete_begin(text, cursor) };
	word = (struct ebt_bytes){ text + c->at, cursor - c->at };
	while (name < word.len && islower((unsigned char)word.data[name]))
		name++;
	if (name < word.len && word.data[name] == ':')
		key = ebt_expr_key_find(word.data, name);
	if (!key) {
		complete_keys(c, word);
		return;
	}
	snprintf(c->prefix, sizeof(c->prefix), "%s:", key->name);
	c->typed = (struct ebt_bytes){ word.data + name + 1, word.len - name - 1 };
	complete_fixed(c, key->kind);
	if (values)
		values(key->field, c, arg);
}
