/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "ui/tui/keys.h"

#define K(...)              \
	{                   \
		__VA_ARGS__ \
	}

/* clang-format off */
const struct ebt_binding ebt_bindings[] = {
	{ EBT_ACT_HELP, K(EBT_KEY_F1, 'h', '?'), EBT_IN_ALL & ~EBT_IN_HELP, "General", "this help", "Help" },
	{ EBT_ACT_SETUP, K(EBT_KEY_F2, 'S', 'C'), EBT_IN_ALL & ~EBT_IN_SETUP, "General",
	  "setup: tuning, display, columns", "Setup" },
	{ EBT_ACT_REFUSAL, K('e'), EBT_IN_TABS | EBT_IN_SETUP, "General",
	  "error: why a retune was refused, in full", NULL },
	{ EBT_ACT_OUTPUT, K('o'), (EBT_IN_TABS & ~EBT_IN_PROFILES) | EBT_IN_OUTPUT, "General",
	  "to the output of the command after -- and back", NULL },
	{ EBT_ACT_PAUSE, K('Z'), EBT_IN_TABS, "General",
	  "pause: the list stands still, what comes is held and counted", NULL },
	{ EBT_ACT_CLEAR, K('X'), EBT_IN_TABS, "General", "clear: forget history, groups and rates", NULL },
	{ EBT_ACT_METERS, K('m', '#'), EBT_IN_TABS, "General", "the buffers of every CPU in the header, or one line", NULL },
	{ EBT_ACT_REDRAW, K(EBT_KEY_CTRL_L), EBT_IN_ALL, "General", "draw the screen anew", NULL },
	{ EBT_ACT_SUSPEND, K(EBT_KEY_CTRL_Z), EBT_IN_ALL, "General", "suspend; fg comes back", NULL },
	{ EBT_ACT_BACK, K(EBT_KEY_ESC), EBT_IN_ALL, "General", "leave a prompt, a panel, this screen; back the way to an exec", NULL },
	{ EBT_ACT_BACK, K('q', EBT_KEY_F10), EBT_IN_DETAILS | EBT_IN_HELP | EBT_IN_SETUP | EBT_IN_REFUSAL | EBT_IN_OUTPUT,
	  "General", "in details, help and setup: back", "Back" },
	{ EBT_ACT_QUIT, K('q', EBT_KEY_F10), EBT_IN_TABS, "General", "quit", "Quit" },
	{ EBT_ACT_QUIT, K(EBT_KEY_CTRL_C), EBT_IN_ALL, "General", "quit from anywhere", NULL },

	{ EBT_ACT_NEXT_SCREEN, K(EBT_KEY_TAB), EBT_IN_TABS, "Screens", "next screen", NULL },
	{ EBT_ACT_PREV_SCREEN, K(EBT_KEY_BACKTAB), EBT_IN_TABS, "Screens", "screen before", NULL },
	{ EBT_ACT_SCREEN_1, K('1'), EBT_IN_TABS, "Screens", "Overview: what keeps starting, who starts it, what it costs", NULL },
	{ EBT_ACT_SCREEN_2, K('2'), EBT_IN_TABS, "Screens", "Events: every exec as it happens", NULL },
	{ EBT_ACT_SCREEN_3, K('3'), EBT_IN_TABS, "Screens", "Top: groups of execs by any column", NULL },
	{ EBT_ACT_SCREEN_4, K('4'), EBT_IN_TABS, "Screens", "Tree: who started whom", NULL },
	{ EBT_ACT_SCREEN_5, K('5'), EBT_IN_TABS, "Screens", "Buffers: the per-CPU buffers and the accounting", NULL },
	{ EBT_ACT_SCREEN_6, K('6'), EBT_IN_TABS, "Screens", "Lab: the BPF programs", NULL },
	{ EBT_ACT_SCREEN_7, K('7'), EBT_IN_TABS, "Screens", "Profiles: what is normal (--homeostasis)", NULL },
	{ EBT_ACT_TREE, K(EBT_KEY_F5, 't'), EBT_IN_TABS & ~EBT_IN_PROFILES, "Screens", "to the tree and back", "Tree" },

	{ EBT_ACT_SEARCH, K(EBT_KEY_F3, '/'),
	  EBT_IN_LISTS | EBT_IN_DETAILS | EBT_IN_LAB | EBT_IN_PROFILES, "Find",
	  "search: a regex (capitals make it mind case), user:root, ...", "Search" },
	{ EBT_ACT_SEARCH_NEXT, K('n'), EBT_IN_LISTS | EBT_IN_DETAILS | EBT_IN_LAB, "Find",
	  "next match", NULL },
	{ EBT_ACT_SEARCH_PREV, K('N', EBT_KEY_SHIFT_F3), EBT_IN_LISTS | EBT_IN_DETAILS | EBT_IN_LAB,
	  "Find", "match before", NULL },
	{ EBT_ACT_FILTER, K(EBT_KEY_F4, '\\'), EBT_IN_LISTS, "Find",
	  "filter: only what matches, in the same words (empty: all)", "Filter" },

	{ EBT_ACT_UP, K(EBT_KEY_UP), EBT_IN_ALL, "Move", "line up; also the wheel", NULL },
	{ EBT_ACT_DOWN, K(EBT_KEY_DOWN), EBT_IN_ALL, "Move", "line down", NULL },
	{ EBT_ACT_PGUP, K(EBT_KEY_PGUP), EBT_IN_ALL, "Move", "page up", NULL },
	{ EBT_ACT_PGDN, K(EBT_KEY_PGDN), EBT_IN_ALL, "Move", "page down", NULL },
	{ EBT_ACT_HOME, K(EBT_KEY_HOME), EBT_IN_ALL, "Move", "first line", NULL },
	{ EBT_ACT_END, K(EBT_KEY_END), EBT_IN_ALL, "Move", "last line", NULL },
	{ EBT_ACT_LEFT, K(EBT_KEY_LEFT), EBT_IN_ALL, "Move", "long lines to the left; setup: lower a value", NULL },
	{ EBT_ACT_RIGHT, K(EBT_KEY_RIGHT), EBT_IN_ALL, "Move", "and to the right; setup: raise a value", NULL },
	{ EBT_ACT_LINE_START, K('^', EBT_KEY_CTRL_A), EBT_IN_LISTS | EBT_IN_DETAILS | EBT_IN_LAB, "Move", "start of long lines", NULL },
	{ EBT_ACT_LINE_END, K('$', EBT_KEY_CTRL_E), EBT_IN_LISTS, "Move", "end of the selected long line", NULL },
	{ EBT_ACT_FOLLOW, K('F', EBT_KEY_F8), EBT_IN_LISTS, "Move",
	  "follow: Events the newest, other lists the selected row", "Follow" },
	{ EBT_ACT_WRAP, K('w'), EBT_IN_EVENTS | EBT_IN_DETAILS, "Move", "wrap long lines", NULL },

	{ EBT_ACT_DETAILS, K(EBT_KEY_ENTER), EBT_IN_LISTS, "Rows",
	  "a group: its execs; an exec: all that is known of it", NULL },
	{ EBT_ACT_PARENT, K('P'), EBT_IN_EVENTS | EBT_IN_TREE | EBT_IN_DETAILS, "Rows", "to the parent", NULL },
	{ EBT_ACT_CHILDREN, K('c'), EBT_IN_LISTS | EBT_IN_DETAILS, "Rows", "to what it started", NULL },
	{ EBT_ACT_SIBLINGS, K('s'), EBT_IN_DETAILS, "Rows", "details: to what its parent started", NULL },
	{ EBT_ACT_SAME_COMMAND, K('g'), EBT_IN_DETAILS, "Rows", "details: to all execs of this command name", NULL },
	{ EBT_ACT_SAME_USER, K('u'), EBT_IN_LISTS | EBT_IN_DETAILS, "Rows", "to all execs of its user", NULL },
	{ EBT_ACT_FIRST_RUN, K('f'), EBT_IN_DETAILS, "Rows", "details: to the first run of this command name", NULL },
	{ EBT_ACT_SLOWEST_RUN, K('l'), EBT_IN_DETAILS, "Rows", "details: to its longest run", NULL },
	{ EBT_ACT_PROGRAM_PATH, K('p'), EBT_IN_LISTS, "Rows",
	  "the path of the program, or the name that it was started by", NULL },
	{ EBT_ACT_KILL, K(EBT_KEY_F9, 'k'), EBT_IN_LISTS | EBT_IN_DETAILS, "Rows",
	  "how to end it: no signal is ever sent from here", NULL },

	{ EBT_ACT_COPY, K('y'), EBT_IN_LISTS | EBT_IN_DETAILS, "Rows",
	  "copy the command line, as a shell needs it; again: as a page", NULL },
	{ EBT_ACT_COPY_JSON, K('Y'), EBT_IN_LISTS | EBT_IN_DETAILS, "Rows",
	  "copy the exec as JSON, the line of -J; again: as a page", NULL },
	{ EBT_ACT_SAVE_EXECS, K('W'), EBT_IN_LISTS | EBT_IN_DETAILS, "Rows",
	  "save the execs of this list, or all, to a file", NULL },

	{ EBT_ACT_SORT, K(EBT_KEY_F6, '<', '>'), EBT_IN_TOP, "Top", "choose the column to sort by", "SortBy" },
	{ EBT_ACT_INVERT, K('I'), EBT_IN_TOP, "Top", "invert the order", NULL },
	{ EBT_ACT_GROUP, K('g', EBT_KEY_F7), EBT_IN_TOP, "Top",
	  "group by exe, comm, command, parent, user, cgroup", "Group" },
	{ EBT_ACT_SORT_RATE, K('R'), EBT_IN_TOP, "Top", "sort by execs a second", NULL },
	{ EBT_ACT_SORT_COUNT, K('M'), EBT_IN_TOP, "Top", "sort by count (most)", NULL },
	{ EBT_ACT_SORT_CPU, K('P'), EBT_IN_TOP, "Top", "sort by share of CPU time", NULL },
	{ EBT_ACT_SORT_TIME, K('T'), EBT_IN_TOP, "Top", "sort by mean run time", NULL },

	{ EBT_ACT_TOGGLE, K(' '), EBT_IN_TREE, "Tree", "collapse or expand", NULL },
	{ EBT_ACT_EXPAND, K('+', '='), EBT_IN_TREE, "Tree", "expand", NULL },
	{ EBT_ACT_COLLAPSE, K('-'), EBT_IN_TREE, "Tree", "collapse", NULL },
	{ EBT_ACT_COLLAPSE_ALL, K('*'), EBT_IN_TREE, "Tree", "collapse all below the roots, or expand all", NULL },

	{ EBT_ACT_HIDE_ENDED, K('H'), EBT_IN_TREE, "Tree", "hide what has ended, or show it again", NULL },
	{ EBT_ACT_HIDE_KERNEL, K('K'), EBT_IN_TREE, "Tree", "hide kernel threads, or show them again", NULL },
	{ EBT_ACT_SUBTREE, K('f'), EBT_IN_TREE, "Tree", "only this process and what it starts; again: all", NULL },
	{ EBT_ACT_SORT, K(EBT_KEY_F6, '<', '>'), EBT_IN_TREE, "Tree",
	  "order of siblings: by start, CPU time of the job, or name", "SortBy" },

	{ EBT_ACT_APPLY, K('a'), EBT_IN_BUFFERS, "Buffers", "apply the advice, when there is any", NULL },

	{ EBT_ACT_NORMALIZE, K('n'), EBT_IN_PROFILES, "Profiles", "normalize: what it learned is normal from now on", NULL },
	{ EBT_ACT_SENSITIZE, K('s'), EBT_IN_PROFILES, "Profiles", "sensitize: forget what it learned recently", NULL },
	{ EBT_ACT_TOLERIZE, K('t'), EBT_IN_PROFILES, "Profiles", "tolerize: accept what it did recently, train on", NULL },
	{ EBT_ACT_INSPECT, K('i', EBT_KEY_ENTER), EBT_IN_PROFILES, "Profiles", "inspect: its pairs by call name; Esc: back", NULL },
	{ EBT_ACT_SAVE_PROFILES, K('w'), EBT_IN_PROFILES, "Profiles", "save all profiles now", NULL },
	{ EBT_ACT_ORDER, K('o'), EBT_IN_PROFILES, "Profiles", "order by need, by calls, by name", NULL },

	{ EBT_ACT_NEXT_PROGRAM, K(EBT_KEY_ENTER, 'g', EBT_KEY_F7), EBT_IN_LAB, "Lab", "next program", "Prog" },
	{ EBT_ACT_PREV_PROGRAM, K('G', EBT_KEY_F6), EBT_IN_LAB, "Lab", "program before", "Prog-" },
	{ EBT_ACT_TOGGLE, K(' '), EBT_IN_LAB, "Lab", "move by source lines, or by instructions", NULL },

	{ EBT_ACT_NEXT_SCREEN, K(EBT_KEY_TAB), EBT_IN_SETUP, "Setup", "next page", NULL },
	{ EBT_ACT_PREV_SCREEN, K(EBT_KEY_BACKTAB), EBT_IN_SETUP, "Setup", "page before", NULL },
	{ EBT_ACT_TOGGLE, K(' ', EBT_KEY_ENTER), EBT_IN_SETUP, "Setup", "switch; choose; show or hide a column", NULL },
	{ EBT_ACT_APPLY, K(EBT_KEY_F5, 'a'), EBT_IN_SETUP, "Setup", "apply the tuning: compile, load, swap", "Apply" },
	{ EBT_ACT_SAVE, K(EBT_KEY_F6, 'W'), EBT_IN_SETUP, "Setup", "save the settings to the user's file", "Save" },
	{ EBT_ACT_MOVE_UP, K(EBT_KEY_F7, '['), EBT_IN_SETUP, "Setup", "move a column to the left", "Up" },
	{ EBT_ACT_MOVE_DOWN, K(EBT_KEY_F8, ']'), EBT_IN_SETUP, "Setup", "and to the right", "Down" },
	{ EBT_ACT_SLOWER, K('['), EBT_IN_TABS, "Replay", "half as fast (only with -r)", NULL },
	{ EBT_ACT_FASTER, K(']'), EBT_IN_TABS, "Replay", "twice as fast, at last as fast as can be", NULL },
	{ EBT_ACT_SEEK_BACK, K('{'), EBT_IN_TABS, "Replay", "ten seconds back", NULL },
	{ EBT_ACT_SEEK_ON, K('}'), EBT_IN_TABS, "Replay", "ten seconds on", NULL },
};
/* clang-format on */

const size_t ebt_bindings_count = EBT_ARRAY_SIZE(ebt_bindings);

enum ebt_action ebt_keys_action(uint32_t key, unsigned where)
{
	if (key == EBT_KEY_NONE)
		return EBT_ACT_NONE;
	for (size_t i = 0; i < ebt_bindings_count; i++) {
		if (!(ebt_bindings[i].where & where))
			continue;
		for (size_t k = 0; k < EBT_KEYS_MAX; k++)
			if (ebt_bindings[i].keys[k] == key)
				return ebt_bindings[i].action;
	}
	return EBT_ACT_NONE;
}

const struct ebt_binding *ebt_keys_binding(enum ebt_action action, unsigned where)
{
	for (size_t i = 0; i < ebt_bindings_count; i++)
		if (ebt_bindings[i].action == action && (ebt_bindings[i].where & where))
			return &ebt_bindings[i];
	return NULL;
}

char *ebt_key_name(char out[EBT_KEY_NAME_LEN], uint32_t key)
{
	static const char *const specials[] = { "Up",	"Down", "Left", "Right", "PgUp",
						"PgDn", "Home", "End",	"Del",	 "Shift-Tab" };

	switch (key) {
	case EBT_KEY_TAB:
		return strcpy(out, "Tab");
	case EBT_KEY_ENTER:
		return strcpy(out, "Enter");
	case EBT_KEY_ESC:
		return strcpy(out, "Esc");
	case EBT_KEY_BACKSPACE:
		return strcpy(out, "Backspace");
	case EBT_KEY_SHIFT_F3:
		return strcpy(out, "Shift-F3");
	case ' ':
		return strcpy(out, "Space");
	default:
		break;
	}
	if (key >= EBT_KEY_UP && key <= EBT_KEY_BACKTAB)
		snprintf(out, EBT_KEY_NAME_LEN, "%s", specials[key - EBT_KEY_UP]);
	else if (key >= EBT_KEY_F1 && key <= EBT_KEY_F10)
		snprintf(out, EBT_KEY_NAME_LEN, "F%u", (unsigned)(key - EBT_KEY_F1 + 1));
	else if (key < 32)
		snprintf(out, EBT_KEY_NAME_LEN, "Ctrl-%c", (char)(key + '@'));
	else if (key < 127)
		snprintf(out, EBT_KEY_NAME_LEN, "%c", (char)key);
	else
		snprintf(out, EBT_KEY_NAME_LEN, "U+%04X", (unsigned)key);
	return out;
}
