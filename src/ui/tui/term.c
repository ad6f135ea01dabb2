/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/cleanup.h"
#include "base/terminal_rescue.h"
#include "ui/tui/term_curses.h"

static int term_fail(char *why, size_t why_len, int rc, const char *text)
{
	if (why && why_len)
		snprintf(why, why_len, "%s", text);
	return rc;
}

/* Check that the terminal can show a screen, before curses changes it. */
static int term_check(const struct ebt_term_options *options, char *why, size_t why_len)
{
	const char *name = getenv("TERM");
	int err = 0, rc = 0;

	if (!isatty(options->in_fd))
		return term_fail(why, why_len, -ENOTTY, "standard input is not a terminal");
	if (!isatty(options->out_fd))
		return term_fail(why, why_len, -ENOTTY, "standard output is not a terminal");
	if (!name || !*name)
		return term_fail(why, why_len, -ENOTSUP, "TERM is not set");
	if (setupterm(NULL, options->out_fd, &err) != OK) {
		if (why)
			snprintf(why, why_len, "the terminfo database has no entry for TERM=%.64s",
				 name);
		return -ENOTSUP;
	}
	char *cup = tigetstr("cup");

	if (!cup || cup == (char *)-1)
		rc = term_fail(why, why_len, -ENOTSUP, "the terminal cannot move its cursor");
	del_curterm(cur_term);
	return rc;
}

/* Return true for a terminal whose colour numbers are red, green and blue of 8 bits each, but for the
 * first eight, which are the ANSI colours (xterm-direct and its kin). */
static bool term_takes_rgb(void)
{
	const char *text = tigetstr((char *)"RGB");

	return COLORS == 1 << 24 && (tigetflag((char *)"RGB") > 0 || tigetnum((char *)"RGB") > 0 ||
				     (text && text != (char *)-1));
}

/* Return the red, green and blue of a colour of the 256-colour palette, as xterm has it. */
static int term_rgb(int color)
{
	static const int levels[] = { 0, 0x5f, 0x87, 0xaf, 0xd7, 0xff };

	if (color < 8) /* also the terminal's own, -1 */
		return color;
	if (color >= 232)
		return (8 + (color - 232) * 10) * 0x010101;
	if (color < 16)
		return color - 8;
	color -= 16;
	return levels[color / 36] << 16 | levels[color / 6 % 6] << 8 | levels[color % 6];
}

static void term_init_pair(int pair, const struct ebt_style *style, bool many)
{
	if (!many)
		init_pair((short)pair, style->fg16, style->bg16);
	else if (COLORS == 256)
		init_pair((short)pair, style->fg, style->bg);
	else
		init_extended_pair(pair, term_rgb(style->fg), term_rgb(style->bg));
}

static const struct ebt_theme *term_theme(const struct ebt_term *term)
{
	int plain = ebt_theme_find("monochrome");

	/* Of a theme with colours nothing would be left but bold. */
	if (!term->color && plain >= 0)
		return &ebt_themes[plain];
	return &ebt_themes[term->options.theme < ebt_themes_count ? term->options.theme : 0];
}

static void term_make_attrs(struct ebt_term *term)
{
	const struct ebt_theme *theme = term_theme(term);
	bool many = COLORS == 256 || term_takes_rgb();
	attr_t reverse = termattrs() & A_REVERSE ? A_REVERSE : A_STANDOUT;

	for (int role = 0; role < EBT_ROLE_MAX; role++) {
		const struct ebt_style *style = &theme->styles[role];
		attr_t attrs = A_NORMAL;

		attrs |= style->attrs & EBT_ATTR_REVERSE ? reverse : 0;
		attrs |= style->attrs & EBT_ATTR_UNDERLINE ? A_UNDERLINE : 0;
		attrs |= style->attrs & EBT_ATTR_DIM ? A_DIM : 0;
		/* bold replaces the greys that 8 colours lack */
		if ((style->attrs & EBT_ATTR_BOLD) && !(many && style->fg >= 240))
			attrs |= A_BOLD;
		if (term->color) {
			term_init_pair(role + 1, style, many);
			attrs |= (attr_t)COLOR_PAIR(role + 1);
		}
		term->attrs[role] = attrs;
	}
}

static void term_set_up(struct ebt_term *term)
{
	raw();
	noecho();
	nonl();
	set_escdelay(25);
	curs_set(0);
	keypad(term->keys, TRUE);
	nodelay(term->keys, TRUE);
	leaveok(stdscr, FALSE);
	if (term->options.mouse) {
		mousemask(BUTTON1_PRESSED | BUTTON3_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED,
			  NULL);
		mouseinterval(0); /* report a press at once */
	}
	term->color = term->options.color && has_colors() && start_color() == OK &&
		      use_default_colors() == OK && COLORS >= 8 && COLOR_PAIRS > EBT_ROLE_MAX;
	term->needs_marks = !term->color && !(termattrs() & (A_REVERSE | A_STANDOUT));
	term_make_attrs(term);
}

int ebt_term_fit(struct ebt_term *term)
{
	int height, width, rc;

	getmaxyx(stdscr, height, width);
	rc = ebt_grid_resize(&term->grid, width, height);
	if (rc == 0)
		rc = ebt_grid_resize(&term->shown, width, height);
	term->grid.unicode = term->options.unicode;
	term->all = true;
	return rc;
}

int ebt_term_new(struct ebt_term **out, const struct ebt_term_options *options, char *why,
		 size_t why_len)
{
	_cleanup_free_ struct ebt_term *term = calloc(1, sizeof(*term));
	_cleanup_fclose_ FILE *in = NULL, *outf = NULL;
	int rc = term_check(options, why, why_len);

	if (rc < 0)
		return rc;
	if (!term)
		return term_fail(why, why_len, -ENOMEM, "out of memory");
	term->options = *options;
	use_tioctl(TRUE); /* prefer the terminal's own size to LINES and COLUMNS */
	in = fdopen(fcntl(options->in_fd, F_DUPFD_CLOEXEC, 3), "r");
	outf = fdopen(fcntl(options->out_fd, F_DUPFD_CLOEXEC, 3), "w");
	if (!in || !outf)
		return term_fail(why, why_len, -errno, "the terminal cannot be opened");
	ebt_rescue_save(&term->rescue, fileno(outf));
	term->screen = newterm(NULL, outf, in);
	if (!term->screen)
		return term_fail(why, why_len, -ENOTSUP, "curses cannot use this terminal");
	term->keys = newpad(1, 1);
	if (!term->keys || ebt_term_fit(term) < 0) {
		endwin();
		return term_fail(why, why_len, -ENOMEM, "out of memory");
	}
	term_set_up(term);
	ebt_term_stderr_hide(&term->err);
	TAKE_PTR(in); /* curses keeps them until the end of the process */
	TAKE_PTR(outf);
	*out = TAKE_PTR(term);
	return 0;
}

/* On a terminal without an alternate screen the contents stay, and the last line is for the shell's
 * prompt. Otherwise leave an empty screen, because tmux folds its rows into the normal screen if
 * the size has changed. */
static void term_leave_screen(void)
{
	const char *leave = tigetstr((char *)"rmcup");
	bool stays = !leave || leave == (char *)-1;

	wattrset(stdscr, A_NORMAL);
	wmove(stdscr, stays ? getmaxy(stdscr) - 1 : 0, 0);
	wclrtobot(stdscr);
	wrefresh(stdscr);
	endwin();
}

static void term_release(struct ebt_term **termp)
{
	struct ebt_term *term = *termp;

	ebt_term_stderr_show(&term->err);
	delwin(term->keys);
	delscreen(term->screen);
	ebt_grid_free(&term->grid);
	ebt_grid_free(&term->shown);
	free(term);
	*termp = NULL;
}

void ebt_term_free(struct ebt_term **term)
{
	if (!*term)
		return;
	term_leave_screen();
	term_release(term);
}

void ebt_term_leave_at_once(struct ebt_term **term)
{
	const char *leave = tigetstr((char *)"rmcup");
	bool as_rescued = leave && leave != (char *)-1 && strstr(leave, "[?1049l");

	if (as_rescued)
		ebt_rescue_restore(&(*term)->rescue);
	else
		term_leave_screen();
	term_release(term);
}

struct ebt_grid *ebt_term_grid(struct ebt_term *term)
{
	return &term->grid;
}

void ebt_term_invalidate(struct ebt_term *term)
{
	term->all = true;
}

void ebt_term_theme(struct ebt_term *term, unsigned theme)
{
	term->options.theme = theme;
	term_make_attrs(term);
	term->all = true;
}

static bool term_same(const struct ebt_cell *a, const struct ebt_cell *b)
{
	return a->len == b->len && a->width == b->width && a->role == b->role &&
	       memcmp(a->text, b->text, a->len) == 0;
}

/* Send cells of one ASCII character and one role together. Return the x after them. */
static int term_send_run(struct ebt_term *term, int x, int y)
{
	const struct ebt_cell *cell = ebt_grid_at(&term->grid, x, y);
	char run[EBT_GRID_MAX];
	int n = 0, start = x;

	attr_set(term->attrs[cell->role] & ~(attr_t)A_COLOR,
		 term->color ? (short)(cell->role + 1) : 0, NULL);
	if (cell->len != 1 || cell->width != 1) {
		/* if curses assumes another width, no half of an old character remains */
		if (cell->width == 2)
			mvaddnstr(y, x, "  ", 2);
		mvaddnstr(y, x, cell->text, cell->len);
		return x + (cell->width ? cell->width : 1);
	}
	for (; x < term->grid.width; x++) {
		const struct ebt_cell *next = ebt_grid_at(&term->grid, x, y);

		if (next->len != 1 || next->width != 1 || next->role != cell->role ||
		    (!term->all && term_same(next, ebt_grid_at(&term->shown, x, y))))
			break;
		run[n++] = next->text[0];
	}
	mvaddnstr(y, start, run, n);
	return x;
}

static void term_send_cells(struct ebt_term *term)
{
	for (int y = 0; y < term->grid.height; y++) {
		for (int x = 0; x < term->grid.width;) {
			if (!term->all && term_same(ebt_grid_at(&term->grid, x, y),
						    ebt_grid_at(&term->shown, x, y)))
				x++;
			else
				x = term_send_run(term, x, y);
		}
	}
	memcpy(term->shown.cells, term->grid.cells,
	       (size_t)term->grid.width * (size_t)term->grid.height * sizeof(struct ebt_cell));
}

static bool term_is_cursor(enum ebt_role role)
{
	return role == EBT_ROLE_SELECTED || role == EBT_ROLE_FOLLOWED;
}

/* Where attributes cannot show it: the cursor's line begins with >, and the screen's tab is in brackets. */
static void term_put_marks(struct ebt_grid *grid)
{
	for (int y = 0; y < grid->height; y++) {
		for (int x = 0; x < grid->width; x++) {
			const struct ebt_cell *cell = ebt_grid_at(grid, x, y);
			enum ebt_role role = cell->role, before = EBT_ROLE_TEXT, next = before;
			bool blank = cell->len == 1 && cell->text[0] == ' ';

			if (x > 0)
				before = ebt_grid_at(grid, x - 1, y)->role;
			if (x + 1 < grid->width)
				next = ebt_grid_at(grid, x + 1, y)->role;
			if (term_is_cursor(role) && !term_is_cursor(before))
				ebt_grid_glyph(grid, x, y, grid->width, role, ">", 1, 1);
			else if (role == EBT_ROLE_TAB_ON && blank && before != role)
				ebt_grid_glyph(grid, x, y, grid->width, role, "[", 1, 1);
			else if (role == EBT_ROLE_TAB_ON && blank && next != role)
				ebt_grid_glyph(grid, x, y, grid->width, role, "]", 1, 1);
		}
	}
}

bool ebt_term_is_gone(int fd, short events)
{
	struct pollfd pfd = { .fd = fd, .events = events };

	return poll(&pfd, 1, 0) > 0 && (pfd.revents & (POLLHUP | POLLERR | POLLNVAL));
}

int ebt_term_paint(struct ebt_term *term)
{
	if (ebt_term_is_gone(term->options.out_fd, 0))
		return -EIO;
	if (term->all) {
		erase();
		clearok(stdscr, TRUE);
	}
	if (term->needs_marks)
		term_put_marks(&term->grid);
	term_send_cells(term);
	term->all = false;
	if (term->grid.cursor_x >= 0) {
		move(term->grid.cursor_y, term->grid.cursor_x);
		curs_set(1);
	} else {
		curs_set(0);
	}
	refresh();
	return 0;
}

void ebt_term_resized(struct ebt_term *term)
{
	struct winsize size;

	if (ioctl(term->options.out_fd, TIOCGWINSZ, &size) < 0 || !size.ws_row || !size.ws_col)
		return;
	resizeterm(size.ws_row, size.ws_col);
	ebt_term_fit(term);
}

/* Do not use curses' handler of SIGTSTP, which leaves the screen once more: by then the shell may
 * have written to it, because a job stops process by process, and the terminal would restore its
 * cursor again. */
void ebt_term_suspend(struct ebt_term *term)
{
	struct sigaction stop = { .sa_handler = SIG_DFL };

	term_leave_screen();
	sigaction(SIGTSTP, &stop, &term->on_stop);
	ebt_term_stderr_show(&term->err);
}

void ebt_term_resume(struct ebt_term *term)
{
	sigaction(SIGTSTP, &term->on_stop, NULL);
	ebt_term_stderr_hide(&term->err);
	refresh();
	ebt_term_resized(term);
	term->all = true;
}

bool ebt_term_stderr(struct ebt_term *term, char *line, size_t len)
{
	return ebt_term_stderr_line(&term->err, line, len);
}
