/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ui_impl.h - what the files of the ui share and nobody else sees.
 */
#ifndef EBT_UI_CORE_UI_IMPL_H
#define EBT_UI_CORE_UI_IMPL_H

#include <regex.h>

#include "decode/event.h"
#include "model/match.h"
#include "ui/core/settings.h"
#include "ui/core/ui.h"
#include "ui/screens/lab_contents.h"
#include "ui/tui/widget.h"

/* A screen: how it draws itself and what it does with an action. Any op may be NULL but draw. */
struct ebt_screen_ops {
	const char *name;  /* as -s takes it */
	const char *title; /* of the tab */
	unsigned where;	   /* its EBT_IN_* bit */
	/* Draws rows [y, y_end) of the grid; ui->snap holds the header's numbers. */
	void (*draw)(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end);
	/* True when the action was its own. */
	bool (*action)(struct ebt_ui *ui, enum ebt_action action);
	/* A click or wheel inside the rows it drew. */
	void (*mouse)(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y);
	/* Moves to the next match of ui->search in direction dir; false when there is none. */
	bool (*find)(struct ebt_ui *ui, int dir);
	/* The row under the cursor, so that a search which is typed begins there each time: what
	 * to call it (0: there is none), the way back to it, whether it matches (NULL: find tells).
	 * All or none. */
	uint64_t (*place)(struct ebt_ui *ui);
	void (*go_to)(struct ebt_ui *ui, uint64_t place);
	bool (*here)(struct ebt_ui *ui);
	/* Becomes the current screen. */
	void (*enter)(struct ebt_ui *ui);
	/* Row whose details Enter shows; NULL: the row under the cursor. 0: none. */
	uint64_t (*selected_row)(struct ebt_ui *ui);
};

extern const struct ebt_screen_ops ebt_screen_events, ebt_screen_top, ebt_screen_tree,
	ebt_screen_buffers, ebt_screen_lab, ebt_screen_profiles, ebt_screen_details,
	ebt_screen_help, ebt_screen_setup, ebt_screen_refusal;

/* A list that scrolls under a cursor. */
struct ebt_list_state {
	uint64_t sel_id; /* row id or group key under the cursor; 0: none yet */
	size_t sel;	 /* its index at the last draw */
	size_t top;	 /* index of the first row drawn */
	size_t total;	 /* rows at the last draw */
	bool follow;	 /* Events: the newest; others: sel_id rather than the place */
	bool moved;	 /* by a key: sel counts, sel_id is to be looked up */
	int hscroll;	 /* columns long lines are scrolled by */
	int text_width;	 /* of the column with the long lines; the cursor's row, last draw */
	int y, rows;	 /* screen rows it was drawn on */
};

/* Column titles on screen, for clicks. */
#define EBT_HITS_MAX 32
struct ebt_hit {
	int x, x_end, y;
	uint32_t key; /* key it stands for, or EBT_HIT_* + value */
};
#define EBT_HIT_SCREEN 0x1000000u
#define EBT_HIT_SORT   0x2000000u
#define EBT_HIT_MASK   0xf000000u

/* A copy of a list that stands still while paused. */
struct ebt_frozen {
	enum ebt_list list; /* EBT_LIST_NONE: holds nothing */
	struct ebt_row *rows;
	struct ebt_group *groups;
	size_t count;
	char *bytes; /* texts of the rows */
	uint16_t *sparks;
};

enum ebt_panel { EBT_PANEL_NONE, EBT_PANEL_SORT, EBT_PANEL_GROUP };
enum ebt_prompt_kind {
	EBT_PROMPT_NONE,
	EBT_PROMPT_SEARCH,
	EBT_PROMPT_FILTER,
	EBT_PROMPT_VALUE, /* a number in setup */
};

#define EBT_MESSAGES_MAX 16
#define EBT_MESSAGE_LEN	 200
#define EBT_MESSAGE_NS	 6000000000u /* how long a message stands in the bottom line */
#define EBT_REQUESTS_MAX 8
#define EBT_FRAME_MS	 50 /* shortest time between frames that no key asked for */
#define EBT_HSCROLL_MAX \
	16384 /* columns; a list draws every row anew, the details show the rest \
	       */

struct ebt_message {
	enum ebt_log_level level;
	uint64_t real_ns;
	char text[EBT_MESSAGE_LEN];
};

/* A line of the details: where its text begins in what it shows. */
enum ebt_dline_kind {
	EBT_DL_BLANK,
	EBT_DL_HEADING,
	EBT_DL_FIELD,
	EBT_DL_ARG,
	EBT_DL_ENV,
	EBT_DL_ANCESTOR,
	EBT_DL_NOTE
};
struct ebt_dline {
	uint8_t kind;
	bool more;	/* goes on from the line before */
	uint8_t least;	/* without width: percent of the line it gets at least */
	uint32_t index; /* of the field, argument, … */
	uint32_t at;	/* byte of its text the line begins with */
};

#define EBT_ANCESTORS_MAX 24
struct ebt_ancestor {
	uint32_t pid;
	uint64_t id; /* row */
	char comm[24];
	char command[256]; /* safe to show */
};

struct ebt_details {
	struct ebt_row row; /* its bytes are in text */
	char *text;
	size_t text_len;
	char describe[256];
	char cgroup[512];
	struct ebt_ancestor ancestors[EBT_ANCESTORS_MAX]; /* nearest first */
	unsigned ancestor_count;
	struct ebt_dline *lines;
	size_t count, cap;
	struct ebt_bytes *args, *envs; /* each string; in text */
	size_t arg_count, env_count;
	int made_width; /* the lines are for this width */
	bool made_wrap, wrap;
	bool made_unicode;
	bool gone; /* fell out of the history meanwhile */
	size_t top;
	int page, hscroll;
	size_t match_line, match_at, match_len; /* of the search, bytes; match_len 0: none */
	enum ebt_ui_screen from;
};

struct ebt_lab_state {
	unsigned program;
	int source, insn; /* selected, -1 none */
	bool by_insn;
	int top_source, top_insn, top_native;
	int hscroll, page;
	bool asked;
};

struct ebt_setup_state {
	int page;
	int selected[8];
	int top;
	struct ebt_ui_tuning tuning; /* being edited */
	uint32_t edited; /* items of it the user changed, a bit each: the others follow what runs */
	bool unasked;	 /* changed since F5 */
	int y, rows;
	enum ebt_ui_screen from;
};

struct ebt_refusal_state {
	size_t top;  /* byte of the words the first line begins at */
	bool to_end; /* the frame knows how much fits */
	int hscroll, page;
	enum ebt_ui_screen from;
};

struct ebt_ui {
	struct ebt_model *model;
	struct ebt_ui_options options;
	struct ebt_settings settings;
	const struct ebt_ui_status *status; /* never NULL after ebt_ui_new */
	const struct ebt_ui_lab *lab;
	struct ebt_profiles *profiles; /* NULL: no such screen */

	enum ebt_ui_screen screen, before_tree;
	struct ebt_list_state events, top, tree;
	struct ebt_details details;
	struct ebt_lab_state labs;
	struct ebt_setup_state setup;
	struct ebt_refusal_state refusal;
	int help_top, help_page;
	enum ebt_ui_screen help_from;
	int buffers_top, buffers_page;

	enum ebt_panel panel;
	struct ebt_menu menu;
	struct ebt_menu_item menu_items[EBT_COL_MAX];

	enum ebt_prompt_kind prompting;
	struct ebt_prompt prompt;
	char search[EBT_PROMPT_MAX];
	char filter[EBT_PROMPT_MAX];
	uint64_t search_from; /* selection when the prompt opened */
	bool search_failed;
	struct ebt_matcher matcher; /* of search: does a text match? */
	struct ebt_buf window;
	regex_t regex; /* where? */
	bool regex_valid;

	bool paused;
	uint64_t paused_at_events; /* rows ever, when it was paused */
	uint64_t paused_last_id;   /* Events: last row shown */
	struct ebt_frozen frozen_top, frozen_tree;

	struct ebt_ui_request requests[EBT_REQUESTS_MAX];
	unsigned request_first, request_count;

	struct ebt_message messages[EBT_MESSAGES_MAX];
	unsigned message_count; /* ever */
	uint64_t message_until_ns;
	bool message_new;

	bool dirty; /* a key was pressed: draw */
	uint64_t drawn_ns;
	uint64_t drawn_mark; /* what had happened when it was drawn */
	uint64_t now_ns;

	struct ebt_hit hits[EBT_HITS_MAX];
	unsigned hit_count;
	int body_y, body_end;
	int16_t line_row[EBT_GRID_MAX]; /* row of the window on a screen line; -1 none */
	struct ebt_snapshot snap;	/* of the frame */
	struct ebt_buf scratch;		/* texts made for a row */
};

/* ui.c */
const struct ebt_screen_ops *ebt_ui_ops(const struct ebt_ui *ui);
const struct ebt_screen_ops *ebt_ui_screen_ops(unsigned screen);
/* A screen below EBT_SCREEN_TABS that is there. */
bool ebt_ui_has_tab(const struct ebt_ui *ui, unsigned screen);
void ebt_ui_go(struct ebt_ui *ui, enum ebt_ui_screen screen);
/* Where Back leads from a screen without a tab; NULL: it has one. */
enum ebt_ui_screen *ebt_ui_from(struct ebt_ui *ui, enum ebt_ui_screen screen);
/* Opens a screen without a tab, over those that are open. */
void ebt_ui_open(struct ebt_ui *ui, enum ebt_ui_screen screen);
void ebt_ui_request(struct ebt_ui *ui, const struct ebt_ui_request *request);
void ebt_ui_say(struct ebt_ui *ui, enum ebt_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void ebt_ui_hit(struct ebt_ui *ui, int x, int x_end, int y, uint32_t key);

/* keys_to_actions.c */
void ebt_ui_do(struct ebt_ui *ui, enum ebt_action action);
/* prompt.c */
void ebt_ui_find(struct ebt_ui *ui, int dir);
void ebt_ui_open_prompt(struct ebt_ui *ui, enum ebt_prompt_kind kind);
void ebt_ui_prompt_key(struct ebt_ui *ui, uint32_t key);
bool ebt_ui_set_search(struct ebt_ui *ui, const char *pattern);
/* ui->search over bytes. */
bool ebt_ui_matches(struct ebt_ui *ui, struct ebt_bytes text);
/* A text that is searched match by match. */
struct ebt_ui_scan {
	struct ebt_bytes text;
	size_t base, n; /* of the text in ui->window, when loaded */
	bool loaded;
};
/* First match at or after byte `from` that is not empty; SIZE_MAX when there is none. */
size_t ebt_ui_scan(struct ebt_ui *ui, struct ebt_ui_scan *scan, size_t from, size_t *len);

/* head.c: the lines above and below every screen. */
int ebt_head_draw(struct ebt_ui *ui, struct ebt_grid *grid);
void ebt_foot_draw(struct ebt_ui *ui, struct ebt_grid *grid);

/* list.c: what the three lists share. */
struct ebt_list_state *ebt_list_current(struct ebt_ui *ui);
/* Fills ui->snap with the window of the list that fits `rows` rows, selection inside. */
void ebt_list_take(struct ebt_ui *ui, const struct ebt_query *query, int rows);
/* A window of the current list into *snap: live, or as it was when it was paused. */
void ebt_list_window(struct ebt_ui *ui, const struct ebt_query *query, struct ebt_snapshot *snap);
/* The query of the current list, its window left open. */
struct ebt_query ebt_list_query(const struct ebt_ui *ui);
/* In a pause: is all that stood still in Events forgotten, because newer execs took its place? */
bool ebt_list_forgotten(const struct ebt_ui *ui);
bool ebt_list_action(struct ebt_ui *ui, enum ebt_action action);
void ebt_list_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y);
bool ebt_list_find(struct ebt_ui *ui, int dir);
/* Is the row under the cursor a match? */
bool ebt_list_selected_matches(struct ebt_ui *ui);
/* Id of the row under the cursor, after any keys; 0 when the list is empty. */
uint64_t ebt_list_selected(struct ebt_ui *ui);
/* Role of the cursor's line. */
enum ebt_role ebt_list_sel_role(const struct ebt_ui *ui);
/* Puts the cursor on a row of the current list. */
void ebt_list_select(struct ebt_ui *ui, uint64_t id);
uint64_t ebt_snap_id(const struct ebt_snapshot *snap, size_t i);

/* frozen.c */
/* The copy a list has in a pause; NULL: it needs none. It is taken when it is not there. */
struct ebt_frozen *ebt_frozen_of(struct ebt_ui *ui, enum ebt_list list);
void ebt_frozen_drop_all(struct ebt_ui *ui);
void ebt_frozen_take(struct ebt_frozen *frozen, const struct ebt_snapshot *snap);
void ebt_frozen_drop(struct ebt_frozen *frozen);
/* Puts the window asked for into *snap. */
void ebt_frozen_window(const struct ebt_frozen *frozen, const struct ebt_query *query,
		       struct ebt_snapshot *snap);
/* Deep copy of one row; its bytes go to *text (malloc), which the caller frees. -ENOMEM. */
int ebt_row_copy(struct ebt_row *row, char **text, size_t *text_len);

/* Lines that a turn of the wheel scrolls, up is negative; 0: it is not the wheel. */
static inline int ebt_wheel_lines(enum ebt_ui_mouse_type type)
{
	return type == EBT_MOUSE_WHEEL_UP ? -3 : type == EBT_MOUSE_WHEEL_DOWN ? 3 : 0;
}

/* layout.c: columns that fit a width. */
struct ebt_column_spec {
	const char *name;  /* in settings */
	const char *title; /* of the column */
	const char *help;
	int width;     /* 0: takes what the others leave */
	bool right;    /* aligned */
	uint8_t keep;  /* the lower, the earlier it goes when there is no room */
	bool more;     /* may grow on a wide screen */
	uint8_t least; /* without width: percent of the line it gets at least */
};
struct ebt_layout {
	int count;
	struct {
		uint8_t id;
		int x, x_end;
	} at[EBT_COLUMNS_MAX];
};
/* least: percent for the column without width; 0: as its spec says. */
void ebt_layout_make(struct ebt_layout *layout, const struct ebt_columns *columns,
		     const struct ebt_column_spec *specs, int x, int x_end, int least);
/* Their titles, as a line of head across the grid. */
void ebt_layout_head(struct ebt_grid *grid, const struct ebt_layout *layout,
		     const struct ebt_column_spec *specs, int y);

/* columns.c: of rows */
extern const struct ebt_column_spec ebt_row_columns[EBT_RC_MAX];
/* One cell of a row, all but the command. */
void ebt_row_cell(struct ebt_ui *ui, struct ebt_grid *grid, enum ebt_row_column column, int x,
		  int y, int x_end, const struct ebt_row *row);
/* top.c */
extern const struct ebt_column_spec ebt_top_columns[EBT_TOP_CMAX];
/* An item of a panel was chosen. */
void ebt_top_choose(struct ebt_ui *ui, enum ebt_panel panel, int item);
/* Sorts by a column; inverts the order when it is sorted by it already. */
void ebt_top_sort_click(struct ebt_ui *ui, unsigned column);

/* details.c: what the details screen shows, as lines. */
/* Copies a row and what is known around it; false when it is not known any more. */
bool ebt_details_open(struct ebt_ui *ui, uint64_t id);
void ebt_details_close(struct ebt_details *details);
/* Makes the lines for a width, if they are not made yet. */
void ebt_details_lines(struct ebt_details *details, int width, bool unicode);
/* Text of a line's item: an argument, a field's value. buf holds what is made for it. */
struct ebt_bytes ebt_details_text(const struct ebt_details *details, const struct ebt_dline *line,
				  char *buf, size_t buf_len, enum ebt_role *role);
/* Columns left of an item's text. */
#define EBT_DETAILS_INDENT 18
int ebt_details_indent(const struct ebt_dline *line);
const char *ebt_details_label(const struct ebt_dline *line);
/* details_fields.c: the fields of the summary. */
unsigned ebt_details_field_count(void);
/* First field that stands below the arguments. */
unsigned ebt_details_field_late(void);
const char *ebt_details_field_label(unsigned field);
/* Has an event of homeostasis this one? */
bool ebt_details_field_of_event(unsigned field);
struct ebt_bytes ebt_details_field(const struct ebt_details *details, unsigned field, char *buf,
				   size_t buf_len, enum ebt_role *role);
/* buffers_table.c: a row a CPU and one for all, in [y, y_end); gives the y after it. */
int ebt_buffers_table(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end);
uint64_t ebt_buffers_scratch_bytes(const struct ebt_ui *ui);
/* setup.c */
void ebt_setup_open(struct ebt_ui *ui);
void ebt_setup_value(struct ebt_ui *ui, const char *text);
/* refusal.c */
void ebt_refusal_open(struct ebt_ui *ui);

/* command.c */
struct ebt_pen {
	struct ebt_grid *grid; /* NULL: only measures */
	int x, x_end, y, y_end;
	size_t skip; /* columns */
	bool wrap;
	bool plain_role; /* everything in .role: exited rows of the tree */
	enum ebt_role role;
	bool unicode;
	/* state */
	int at_x, at_y;
	size_t passed;
	bool full;
};
/* Draws a row's command line, quoted as a shell needs it. Gives the number of lines used. */
int ebt_command_draw(struct ebt_ui *ui, struct ebt_pen *pen, const struct ebt_row *row);
/* The same for bare NUL-terminated arguments. */
int ebt_command_args(struct ebt_ui *ui, struct ebt_pen *pen, struct ebt_bytes args);
/* Columns of the whole command line, at most max. */
size_t ebt_command_width(struct ebt_ui *ui, const struct ebt_row *row, size_t max);
/* A path with its directory dim. */
void ebt_path_draw(struct ebt_grid *grid, int x, int y, int x_end, struct ebt_bytes path,
		   size_t skip);
/* One letter for what is incomplete in an event, ' ' when it is whole. */
char ebt_row_mark(const struct ebt_row *row, enum ebt_role *role);

#endif
