/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "base/cleanup.h"
#include "ui/tui/theme.h"

enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE, OWN = -1 };

#define BOLD	  EBT_ATTR_BOLD
#define DIM	  EBT_ATTR_DIM
#define REVERSE	  EBT_ATTR_REVERSE
#define UNDERLINE EBT_ATTR_UNDERLINE

/* clang-format off */
/* 16 colours, the same at any depth. */
#define C(fg_, bg_, attrs_) { .fg = (fg_), .bg = (bg_), .fg16 = (fg_), .bg16 = (bg_), .attrs = (attrs_) }
/* 256 colours, each with its replacement. */
#define X(fg_, bg_, fg16_, bg16_, attrs_) \
	{ .fg = (fg_), .bg = (bg_), .fg16 = (fg16_), .bg16 = (bg16_), .attrs = (attrs_) }
/* monochrome */
#define M(attrs_) { .fg = OWN, .bg = OWN, .fg16 = OWN, .bg16 = OWN, .attrs = (attrs_) }

const struct ebt_theme ebt_themes[] = {
	{ .name = "default", .help = "the terminal's own colours, as htop has them", .styles = {
		[EBT_ROLE_TEXT]	    = C(OWN, OWN, 0),
		[EBT_ROLE_DIM]	    = X(244, OWN, BLACK, OWN, BOLD),
		[EBT_ROLE_STRONG]   = C(OWN, OWN, BOLD),
		[EBT_ROLE_LABEL]    = C(CYAN, OWN, 0),
		[EBT_ROLE_VALUE]    = C(CYAN, OWN, BOLD),
		[EBT_ROLE_NEW]	    = C(GREEN, OWN, BOLD),
		[EBT_ROLE_GOOD]	    = C(GREEN, OWN, 0),
		[EBT_ROLE_WARN]	    = C(YELLOW, OWN, 0),
		[EBT_ROLE_BAD]	    = C(RED, OWN, BOLD),
		[EBT_ROLE_ESCAPED]  = C(MAGENTA, OWN, BOLD),
		[EBT_ROLE_OPTION]   = C(CYAN, OWN, 0),
		[EBT_ROLE_PID]	    = C(OWN, OWN, 0),
		[EBT_ROLE_USER]	    = C(YELLOW, OWN, 0),
		[EBT_ROLE_ROOT]	    = C(MAGENTA, OWN, 0),
		[EBT_ROLE_TREE]	    = C(CYAN, OWN, 0),
		[EBT_ROLE_BAR1]	    = C(GREEN, OWN, 0),
		[EBT_ROLE_BAR2]	    = C(YELLOW, OWN, 0),
		[EBT_ROLE_BAR3]	    = C(RED, OWN, BOLD),
		[EBT_ROLE_TAB]	    = C(OWN, OWN, 0),
		[EBT_ROLE_TAB_ON]   = C(BLACK, GREEN, 0),
		[EBT_ROLE_HEAD]	    = C(BLACK, GREEN, 0),
		[EBT_ROLE_HEAD_ON]  = C(BLACK, CYAN, 0),
		[EBT_ROLE_SELECTED] = C(BLACK, CYAN, 0),
		[EBT_ROLE_FOLLOWED] = C(BLACK, YELLOW, 0),
		[EBT_ROLE_MATCH]    = C(BLACK, YELLOW, 0),
		[EBT_ROLE_FKEY]	    = C(OWN, OWN, 0),
		[EBT_ROLE_FLABEL]   = C(BLACK, CYAN, 0),
		[EBT_ROLE_PROMPT]   = C(BLACK, CYAN, 0),
		[EBT_ROLE_MARK]	    = C(BLACK, YELLOW, 0),
		[EBT_ROLE_PANEL]    = C(BLACK, CYAN, 0),
	} },
	{ .name = "monochrome", .help = "bold, dim and reverse only", .styles = {
		[EBT_ROLE_TEXT]	    = M(0),
		[EBT_ROLE_DIM]	    = M(DIM),
		[EBT_ROLE_STRONG]   = M(BOLD),
		[EBT_ROLE_LABEL]    = M(0),
		[EBT_ROLE_VALUE]    = M(BOLD),
		[EBT_ROLE_NEW]	    = M(BOLD),
		[EBT_ROLE_GOOD]	    = M(0),
		[EBT_ROLE_WARN]	    = M(BOLD),
		[EBT_ROLE_BAD]	    = M(BOLD),
		[EBT_ROLE_ESCAPED]  = M(UNDERLINE),
		[EBT_ROLE_OPTION]   = M(0),
		[EBT_ROLE_PID]	    = M(0),
		[EBT_ROLE_USER]	    = M(0),
		[EBT_ROLE_ROOT]	    = M(BOLD),
		[EBT_ROLE_TREE]	    = M(DIM),
		[EBT_ROLE_BAR1]	    = M(0),
		[EBT_ROLE_BAR2]	    = M(BOLD),
		[EBT_ROLE_BAR3]	    = M(BOLD),
		[EBT_ROLE_TAB]	    = M(0),
		[EBT_ROLE_TAB_ON]   = M(REVERSE),
		[EBT_ROLE_HEAD]	    = M(REVERSE),
		[EBT_ROLE_HEAD_ON]  = M(REVERSE | BOLD),
		[EBT_ROLE_SELECTED] = M(REVERSE),
		[EBT_ROLE_FOLLOWED] = M(REVERSE | BOLD),
		[EBT_ROLE_MATCH]    = M(REVERSE),
		[EBT_ROLE_FKEY]	    = M(BOLD),
		[EBT_ROLE_FLABEL]   = M(REVERSE),
		[EBT_ROLE_PROMPT]   = M(REVERSE),
		[EBT_ROLE_MARK]	    = M(REVERSE | BOLD),
		[EBT_ROLE_PANEL]    = M(REVERSE),
	} },
	{ .name = "light", .help = "for a light background", .styles = {
		[EBT_ROLE_TEXT]	    = C(OWN, OWN, 0),
		[EBT_ROLE_DIM]	    = X(245, OWN, BLACK, OWN, DIM),
		[EBT_ROLE_STRONG]   = C(OWN, OWN, BOLD),
		[EBT_ROLE_LABEL]    = C(BLUE, OWN, 0),
		[EBT_ROLE_VALUE]    = C(BLUE, OWN, BOLD),
		[EBT_ROLE_NEW]	    = X(28, OWN, GREEN, OWN, BOLD),
		[EBT_ROLE_GOOD]	    = X(28, OWN, GREEN, OWN, 0),
		[EBT_ROLE_WARN]	    = X(130, OWN, RED, OWN, 0),
		[EBT_ROLE_BAD]	    = X(160, OWN, RED, OWN, BOLD),
		[EBT_ROLE_ESCAPED]  = C(MAGENTA, OWN, BOLD),
		[EBT_ROLE_OPTION]   = X(30, OWN, BLUE, OWN, 0),
		[EBT_ROLE_PID]	    = C(OWN, OWN, 0),
		[EBT_ROLE_USER]	    = X(94, OWN, RED, OWN, 0),
		[EBT_ROLE_ROOT]	    = C(MAGENTA, OWN, 0),
		[EBT_ROLE_TREE]	    = X(67, OWN, BLUE, OWN, 0),
		[EBT_ROLE_BAR1]	    = X(28, OWN, GREEN, OWN, 0),
		[EBT_ROLE_BAR2]	    = X(130, OWN, BLUE, OWN, 0),
		[EBT_ROLE_BAR3]	    = X(160, OWN, RED, OWN, BOLD),
		[EBT_ROLE_TAB]	    = C(OWN, OWN, 0),
		[EBT_ROLE_TAB_ON]   = X(231, 24, WHITE, BLUE, BOLD),
		[EBT_ROLE_HEAD]	    = X(231, 24, WHITE, BLUE, 0),
		[EBT_ROLE_HEAD_ON]  = X(231, 31, WHITE, BLUE, BOLD),
		[EBT_ROLE_SELECTED] = X(16, 153, BLACK, CYAN, 0),
		[EBT_ROLE_FOLLOWED] = X(16, 222, BLACK, YELLOW, 0),
		[EBT_ROLE_MATCH]    = X(16, 222, BLACK, YELLOW, 0),
		[EBT_ROLE_FKEY]	    = C(OWN, OWN, 0),
		[EBT_ROLE_FLABEL]   = X(16, 153, BLACK, CYAN, 0),
		[EBT_ROLE_PROMPT]   = X(16, 153, BLACK, CYAN, 0),
		[EBT_ROLE_MARK]	    = X(16, 222, BLACK, YELLOW, 0),
		[EBT_ROLE_PANEL]    = X(231, 24, WHITE, BLUE, 0),
	} },
	{ .name = "nord", .help = "muted, on a dark background", .styles = {
		[EBT_ROLE_TEXT]	    = X(253, OWN, WHITE, OWN, 0),
		[EBT_ROLE_DIM]	    = X(243, OWN, BLACK, OWN, BOLD),
		[EBT_ROLE_STRONG]   = X(255, OWN, WHITE, OWN, BOLD),
		[EBT_ROLE_LABEL]    = X(109, OWN, CYAN, OWN, 0),
		[EBT_ROLE_VALUE]    = X(110, OWN, CYAN, OWN, BOLD),
		[EBT_ROLE_NEW]	    = X(150, OWN, GREEN, OWN, BOLD),
		[EBT_ROLE_GOOD]	    = X(108, OWN, GREEN, OWN, 0),
		[EBT_ROLE_WARN]	    = X(222, OWN, YELLOW, OWN, 0),
		[EBT_ROLE_BAD]	    = X(174, OWN, RED, OWN, BOLD),
		[EBT_ROLE_ESCAPED]  = X(139, OWN, MAGENTA, OWN, BOLD),
		[EBT_ROLE_OPTION]   = X(109, OWN, CYAN, OWN, 0),
		[EBT_ROLE_PID]	    = X(250, OWN, WHITE, OWN, 0),
		[EBT_ROLE_USER]	    = X(180, OWN, YELLOW, OWN, 0),
		[EBT_ROLE_ROOT]	    = X(139, OWN, MAGENTA, OWN, 0),
		[EBT_ROLE_TREE]	    = X(67, OWN, BLUE, OWN, 0),
		[EBT_ROLE_BAR1]	    = X(108, OWN, GREEN, OWN, 0),
		[EBT_ROLE_BAR2]	    = X(222, OWN, YELLOW, OWN, 0),
		[EBT_ROLE_BAR3]	    = X(174, OWN, RED, OWN, BOLD),
		[EBT_ROLE_TAB]	    = X(250, OWN, WHITE, OWN, 0),
		[EBT_ROLE_TAB_ON]   = X(236, 110, BLACK, CYAN, BOLD),
		[EBT_ROLE_HEAD]	    = X(253, 60, WHITE, BLUE, 0),
		[EBT_ROLE_HEAD_ON]  = X(236, 110, BLACK, CYAN, 0),
		[EBT_ROLE_SELECTED] = X(255, 67, BLACK, CYAN, 0),
		[EBT_ROLE_FOLLOWED] = X(236, 222, BLACK, YELLOW, 0),
		[EBT_ROLE_MATCH]    = X(236, 180, BLACK, YELLOW, 0),
		[EBT_ROLE_FKEY]	    = X(250, OWN, WHITE, OWN, 0),
		[EBT_ROLE_FLABEL]   = X(253, 60, WHITE, BLUE, 0),
		[EBT_ROLE_PROMPT]   = X(253, 60, WHITE, BLUE, 0),
		[EBT_ROLE_MARK]	    = X(236, 222, BLACK, YELLOW, 0),
		[EBT_ROLE_PANEL]    = X(236, 110, BLACK, CYAN, 0),
	} },
};
const unsigned ebt_themes_count = EBT_ARRAY_SIZE(ebt_themes);

static const struct {
	char letter;
	const char *name;
} roles[EBT_ROLE_MAX] = {
	[EBT_ROLE_TEXT] = { '.', "text" },	   [EBT_ROLE_DIM] = { 'd', "dim" },
	[EBT_ROLE_STRONG] = { 's', "strong" },	   [EBT_ROLE_LABEL] = { 'l', "label" },
	[EBT_ROLE_VALUE] = { 'v', "value" },	   [EBT_ROLE_NEW] = { 'n', "new" },
	[EBT_ROLE_GOOD] = { 'g', "good" },	   [EBT_ROLE_WARN] = { 'w', "warn" },
	[EBT_ROLE_BAD] = { 'b', "bad" },	   [EBT_ROLE_ESCAPED] = { 'e', "escaped" },
	[EBT_ROLE_OPTION] = { 'o', "option" },	   [EBT_ROLE_PID] = { 'p', "pid" },
	[EBT_ROLE_USER] = { 'u', "user" },	   [EBT_ROLE_ROOT] = { 'r', "root" },
	[EBT_ROLE_TREE] = { 't', "tree" },	   [EBT_ROLE_BAR1] = { '1', "bar1" },
	[EBT_ROLE_BAR2] = { '2', "bar2" },	   [EBT_ROLE_BAR3] = { '3', "bar3" },
	[EBT_ROLE_TAB] = { 'a', "tab" },	   [EBT_ROLE_TAB_ON] = { 'A', "tab on" },
	[EBT_ROLE_HEAD] = { 'h', "head" },	   [EBT_ROLE_HEAD_ON] = { 'H', "head on" },
	[EBT_ROLE_SELECTED] = { 'S', "selected" }, [EBT_ROLE_FOLLOWED] = { 'F', "followed" },
	[EBT_ROLE_MATCH] = { 'M', "match" },	   [EBT_ROLE_FKEY] = { 'k', "fkey" },
	[EBT_ROLE_FLABEL] = { 'K', "flabel" },	   [EBT_ROLE_PROMPT] = { 'P', "prompt" },
	[EBT_ROLE_MARK] = { 'R', "mark" },	   [EBT_ROLE_PANEL] = { 'L', "panel" },
};
/* clang-format on */

int ebt_theme_find(const char *name)
{
	for (unsigned i = 0; i < ebt_themes_count; i++)
		if (strcmp(ebt_themes[i].name, name) == 0)
			return (int)i;
	return -1;
}

char ebt_role_letter(enum ebt_role role)
{
	return role < EBT_ROLE_MAX ? roles[role].letter : '?';
}

const char *ebt_role_name(enum ebt_role role)
{
	return role < EBT_ROLE_MAX ? roles[role].name : "?";
}
