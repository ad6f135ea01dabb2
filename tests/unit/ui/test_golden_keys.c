/* SPDX-License-Identifier: BSD-3-Clause */
/* test_golden_keys.c - the tables in docs/keys.md and the section KEYS of the man page are the
 * program's table of keys, beside what htop 3.2.2 does with the same keys */
#include "docs_block.h"
#include "ui/tui/keys.h"

/* The keys of htop's F1 and man page, and why a key means something else here (NULL: it does not). */
static const struct {
	uint32_t keys[4];
	const char *name; /* for keys without a code of their own here; else NULL */
	const char *htop, *reason;
} htop_keys[] = {
	{ { EBT_KEY_TAB, EBT_KEY_BACKTAB }, NULL, "next and previous screen tab", NULL },
	{ { EBT_KEY_UP, EBT_KEY_DOWN }, NULL, "move in the list", NULL },
	{ { EBT_KEY_LEFT, EBT_KEY_RIGHT }, NULL, "scroll sideways", NULL },
	{ { EBT_KEY_PGUP, EBT_KEY_PGDN }, NULL, "page up and down", NULL },
	{ { EBT_KEY_HOME, EBT_KEY_END }, NULL, "first and last process", NULL },
	{ { EBT_KEY_CTRL_A, '^' }, NULL, "start of the line", NULL },
	{ { EBT_KEY_CTRL_E, '$' }, NULL, "end of the line", NULL },
	{ { '1', '2', '3' },
	  "digits",
	  "search a PID while typing",
	  "every screen is one key away; `/` with `pid:4711` finds a PID" },
	{ { EBT_KEY_F1, 'h', '?' }, NULL, "help", NULL },
	{ { EBT_KEY_F2, 'S', 'C' }, NULL, "setup", NULL },
	{ { EBT_KEY_F3, '/' },
	  NULL,
	  "search while typing",
	  "a word is a regular expression, and keys such as `user:` are known" },
	{ { 'n', 'N' },
	  NULL,
	  "n: nothing; N: sort by PID",
	  "as in less and vim; rows come in the order of time, not of PIDs" },
	{ { EBT_KEY_SHIFT_F3 }, NULL, "previous match", NULL },
	{ { EBT_KEY_F4, '\\' },
	  NULL,
	  "filter while typing; Esc clears it",
	  "the same language as the search" },
	{ { EBT_KEY_F5, 't' }, NULL, "tree view and back", NULL },
	{ { EBT_KEY_F6, '<', '>' },
	  NULL,
	  "choose the column to sort by",
	  "groups, and siblings of the tree; events stay in the order of time" },
	{ { 'I' }, NULL, "invert the order", NULL },
	{ { 'P' }, NULL, "sort by CPU%", "where there is nothing to sort it leads to the parent" },
	{ { 'M' }, NULL, "sort by memory", "sorts by the number of execs: a group has no memory" },
	{ { 'T' }, NULL, "sort by time", "the longest lifetime, not the most CPU time: that is P" },
	{ { 'F' }, NULL, "the cursor follows its process", "in Events it follows the newest" },
	{ { '+', '-', '*' }, NULL, "expand, collapse, all of the tree", NULL },
	{ { ' ' }, NULL, "tag a process", "nothing is done with several rows, so none is tagged" },
	{ { 'c' }, NULL, "tag a process and its children", "shows its children" },
	{ { 'U' }, NULL, "untag all", "nothing is tagged" },
	{ { 'u' },
	  NULL,
	  "processes of one user, from a list",
	  "of the user of the row; `F4 user:NAME` for any other" },
	{ { 'p' }, NULL, "show the path of the program", NULL },
	{ { 'm', '#' },
	  NULL,
	  "m: merge command and path; #: hide the meters",
	  "both: the buffers of the CPUs in one line or in several" },
	{ { 'Z' }, NULL, "pause", NULL },
	{ { 'H' }, NULL, "hide threads", "threads are not shown; in Tree it hides what has ended" },
	{ { 'K' }, NULL, "hide kernel threads", NULL },
	{ { 'w' },
	  NULL,
	  "the whole command line on a screen of its own",
	  "wraps it in place; Enter has every argument on its own line" },
	{ { 'e' },
	  NULL,
	  "environment of the process",
	  "Enter shows it, if `--env` took it; `e` shows why a retune was refused" },
	{ { EBT_KEY_F9, 'k' },
	  NULL,
	  "send a signal",
	  "the view has no rights over processes, and root never acts for it: the command is named" },
	{ { EBT_KEY_F7, EBT_KEY_F8, '[', ']' },
	  NULL,
	  "nice value",
	  "no process is changed; the keys group, follow, and set the speed of a replay" },
	{ { '{', '}' }, "{ }", "nice value of the autogroup", "no process is changed" },
	{ { 'a' }, NULL, "CPU affinity", "no process is changed" },
	{ { 'i' }, NULL, "IO priority", "no process is changed" },
	{ { 'l', 's' },
	  NULL,
	  "l: open files; s: strace",
	  "no other program is started from the view" },
	{ { 'x' }, NULL, "file locks", "not about what was started" },
	{ { 0 }, "Alt-j Alt-k", "move in the list", "the arrows do this" },
	{ { EBT_KEY_F10, 'q' }, NULL, "quit", "from details, help and setup it goes back first" },
};

static void put_name(struct ebt_buf *out, uint32_t key)
{
	char name[EBT_KEY_NAME_LEN];

	ebt_key_name(name, key);
	ebt_buf_printf(out, key == '\\' || key == '*' || key == '<' || key == '>' ? "\\%s" : "%s",
		       name);
}

/* What the program does with one of the keys: the texts of its bindings, each once. */
static void put_here(struct ebt_buf *out, const uint32_t *keys)
{
	const char *put[8];
	unsigned count = 0;

	for (size_t i = 0; i < ebt_bindings_count; i++) {
		const struct ebt_binding *b = &ebt_bindings[i];
		bool is = false, again = false;

		for (int k = 0; k < 4 && keys[k]; k++)
			for (int j = 0; j < EBT_KEYS_MAX; j++)
				is |= b->keys[j] == keys[k];
		for (unsigned p = 0; p < count; p++)
			again |= strcmp(put[p], b->help) == 0;
		if (!is || again || count == EBT_ARRAY_SIZE(put))
			continue;
		ebt_buf_printf(out, "%s%s", count ? "; " : "", b->help);
		put[count++] = b->help;
	}
	if (!count)
		ebt_buf_puts(out, "nothing");
}

static void test_htop(void **state)
{
	_cleanup_buf_ struct ebt_buf table = { 0 };

	(void)state;
	ebt_buf_puts(&table, "| key | htop 3.2.2 | here | why |\n|---|---|---|---|\n");
	for (size_t i = 0; i < EBT_ARRAY_SIZE(htop_keys); i++) {
		ebt_buf_puts(&table, "| ");
		for (int k = 0; k < 4 && htop_keys[i].keys[k] && !htop_keys[i].name; k++) {
			ebt_buf_puts(&table, k ? " " : "");
			put_name(&table, htop_keys[i].keys[k]);
		}
		ebt_buf_printf(&table, "%s | %s | ", htop_keys[i].name ? htop_keys[i].name : "",
			       htop_keys[i].htop);
		put_here(&table, htop_keys[i].keys);
		ebt_buf_printf(&table, " | %s |\n",
			       htop_keys[i].reason ? htop_keys[i].reason : "the same");
	}
	docs_block("docs/keys.md", "<!-- htop begin -->\n", "<!-- htop end -->\n", &table);
}

static void test_all_keys(void **state)
{
	_cleanup_buf_ struct ebt_buf table = { 0 };
	const char *topic = "";

	(void)state;
	for (size_t i = 0; i < ebt_bindings_count; i++) {
		const struct ebt_binding *b = &ebt_bindings[i];

		if (strcmp(topic, b->topic) != 0)
			ebt_buf_printf(&table, "\n**%s**\n\n| key | |\n|---|---|\n", b->topic);
		topic = b->topic;
		ebt_buf_puts(&table, "| ");
		for (int k = 0; k < EBT_KEYS_MAX && b->keys[k]; k++) {
			ebt_buf_puts(&table, k ? " " : "");
			put_name(&table, b->keys[k]);
		}
		ebt_buf_printf(&table, " | %s |\n", b->help);
	}
	ebt_buf_puts(&table, "\n");
	docs_block("docs/keys.md", "<!-- all begin -->\n", "<!-- all end -->\n", &table);
}

static void test_man_page(void **state)
{
	_cleanup_buf_ struct ebt_buf table = { 0 };
	const char *topic = "";
	char name[EBT_KEY_NAME_LEN];

	(void)state;
	for (size_t i = 0; i < ebt_bindings_count; i++) {
		const struct ebt_binding *b = &ebt_bindings[i];

		if (strcmp(topic, b->topic) != 0)
			ebt_buf_printf(&table, "%s.Ss %s\n.Bl -tag -width Ds -compact\n",
				       *topic ? ".El\n" : "", b->topic);
		topic = b->topic;
		ebt_buf_puts(&table, ".It");
		for (int k = 0; k < EBT_KEYS_MAX && b->keys[k]; k++) {
			ebt_key_name(name, b->keys[k]);
			/* A single punctuation character would be taken for one of the sentence. */
			ebt_buf_printf(&table, " %s%s", strlen(name) == 1 ? "\\&" : "",
				       strcmp(name, "\\") == 0 ? "\\e" : name);
		}
		ebt_buf_puts(&table, "\n");
		ebt_buf_printf(&table, "%s.\n", b->help);
	}
	ebt_buf_puts(&table, ".El\n");
	docs_block("docs/execbig-top.8", ".\\\" keys begin\n", ".\\\" keys end\n", &table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_htop),
		cmocka_unit_test(test_all_keys),
		cmocka_unit_test(test_man_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
