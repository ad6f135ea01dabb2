/* SPDX-License-Identifier: BSD-3-Clause */
/* A pseudo terminal: what is sent, what is read, and that all is as before afterwards. Each case
 * runs in a child, because curses lives once a process. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/terminal_rescue.h"
#include "term_fixture.h"

static bool same_modes(const struct termios *a, const struct termios *b)
{
	return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
	       a->c_lflag == b->c_lflag && memcmp(a->c_cc, b->c_cc, sizeof(a->c_cc)) == 0;
}

static int draws_and_restores(void)
{
	struct ebt_term *term = open_term();
	struct ebt_grid *grid;

	if (!term)
		return 1;
	grid = ebt_term_grid(term);
	if (grid->width != 40 || grid->height != 10)
		return 2;
	ebt_grid_clear(grid);
	ebt_grid_puts(grid, 3, 2, 40, EBT_ROLE_STRONG, "Hello");
	ebt_grid_bytes(grid, 0, 9, 40, EBT_ROLE_TEXT, ebt_bytes_from("corner 漢 \x1b[5m"), 0, true);
	if (ebt_term_paint(term) < 0)
		return 3;
	if (isatty(STDERR_FILENO)) /* hidden while the screen is up */
		return 4;
	fprintf(stderr, "a line for later\n");
	ebt_term_free(&term);
	return isatty(STDERR_FILENO) && !term ? 0 : 5;
}

static void test_restores(void **state)
{
	struct termios before, after;

	(void)state;
	tcgetattr(slave, &before);
	assert_int_equal(collect(start(draws_and_restores)), 0);
	tcgetattr(slave, &after);
	assert_true(same_modes(&before, &after));
	assert_non_null(strstr(sent, "\033[?1049h")); /* the alternate screen */
	assert_non_null(strstr(sent, "Hello"));
	assert_non_null(strstr(sent, "漢"));
	assert_non_null(strstr(sent, "\\e")); /* shown, not sent */
	assert_null(strstr(sent, "\033[5m"));
	char *left = strstr(sent, "\033[?1049l");

	assert_non_null(left);
	assert_null(strstr(left + 1, "\033[?1049h"));
	/* and what stderr got meanwhile comes afterwards */
	assert_non_null(strstr(left, "a line for later"));
}

/* The second paint of the same picture sends nothing. */
static int paints_once(void)
{
	struct ebt_term *term = open_term();
	int waiting = 0;

	if (!term)
		return 1;
	ebt_grid_puts(ebt_term_grid(term), 0, 0, 40, EBT_ROLE_TEXT, "the same");
	ebt_term_paint(term);
	ioctl(slave, TIOCOUTQ, &waiting);
	fprintf(stderr, "x\n");
	for (int i = 0; i < 50; i++)
		ebt_term_paint(term);
	if (write(slave, "|", 1) != 1) /* a mark in what is sent */
		return 2;
	for (int i = 0; i < 50; i++)
		ebt_term_paint(term);
	if (write(slave, "|", 1) != 1)
		return 3;
	ebt_term_free(&term);
	return 0;
}

static void test_paints_differences(void **state)
{
	(void)state;
	assert_int_equal(collect(start(paints_once)), 0);
	assert_non_null(strstr(sent, "||"));
}

static int reads_keys(void)
{
	static const struct ebt_ui_input want[] = {
		{ .key = 'a' },
		{ .key = EBT_KEY_UP },
		{ .key = EBT_KEY_F1 },
		{ .key = EBT_KEY_F10 },
		{ .key = EBT_KEY_ENTER },
		{ .key = EBT_KEY_BACKSPACE },
		{ .key = EBT_KEY_CTRL_C }, /* a key, not a signal */
		{ .key = EBT_KEY_CTRL_Z },
		{ .key = 0xe9 },
		{ .mouse = EBT_MOUSE_LEFT, .x = 9, .y = 2 },
		{ .mouse = EBT_MOUSE_WHEEL_UP, .x = 9, .y = 2 },
		{ .key = EBT_KEY_BACKTAB },
		{ .key = EBT_KEY_ESC },
	};
	struct ebt_term *term = open_term();
	struct ebt_ui_input in;

	if (!term)
		return 1;
	if (ebt_term_read(term, &in) != 0) /* nothing yet, and no wait */
		return 2;
	ebt_term_paint(term);
	for (size_t i = 0; i < EBT_ARRAY_SIZE(want); i++) {
		struct pollfd pfd = { .fd = slave, .events = POLLIN };
		int got = ebt_term_read(term, &in);

		for (int tries = 0; got == 0 && tries < 100; tries++) {
			poll(&pfd, 1, 50);
			got = ebt_term_read(term, &in);
		}
		if (got != 1 || in.key != want[i].key || in.mouse != want[i].mouse ||
		    (in.mouse && (in.x != want[i].x || in.y != want[i].y)))
			return 10 + (int)i;
	}
	ebt_term_free(&term);
	return 0;
}

/* The screen is up: the modes are set, keys may be pressed. */
static void await_text(const char *text)
{
	for (int i = 0; i < 200; i++) {
		struct pollfd pfd = { .fd = master, .events = POLLIN };
		ssize_t n;

		if (poll(&pfd, 1, 50) <= 0)
			continue;
		n = read(master, sent + sent_len, sizeof(sent) - 1 - sent_len);
		sent_len += n > 0 ? (size_t)n : 0;
		sent[sent_len] = '\0';
		if (strstr(sent, text))
			return;
	}
	fail_msg("no screen");
}

static void test_keys(void **state)
{
	static const char keys[] = "a\033OA\033OP\033[21~\r\177\003\032\303\251"
				   "\033[<0;10;3M\033[<64;10;3M\033[Z\033";
	pid_t pid = start(reads_keys);

	(void)state;
	await_text("\033[H\033[2J");
	assert_int_equal(write(master, keys, sizeof(keys) - 1), sizeof(keys) - 1);
	assert_int_equal(collect(pid), 0);
}

/* What terminfo of the console has a name for is the key all the same. */
static int reads_console_keys(void)
{
	static const uint32_t want[] = { EBT_KEY_CTRL_Z, EBT_KEY_F1, EBT_KEY_HOME, EBT_KEY_PGDN };
	struct ebt_term *term = open_term();
	struct ebt_ui_input in;

	if (!term)
		return 1;
	ebt_term_paint(term);
	for (size_t i = 0; i < EBT_ARRAY_SIZE(want); i++) {
		struct pollfd pfd = { .fd = slave, .events = POLLIN };

		if (poll(&pfd, 1, 5000) <= 0 && i == 0)
			return 2;
		if (ebt_term_read(term, &in) != 1 || in.key != want[i])
			return 10 + (int)i;
	}
	ebt_term_free(&term);
	return 0;
}

static void test_console_keys(void **state)
{
	static const char keys[] = "\032\033[[A\033[1~\033[6~";
	pid_t pid;

	(void)state;
	term_name = "linux";
	pid = start(reads_console_keys);
	await_text("\033[H\033[J");
	assert_int_equal(write(master, keys, sizeof(keys) - 1), sizeof(keys) - 1);
	assert_int_equal(collect(pid), 0);
}

/* There is no other screen: what is left on this one must not stand below the prompt. */
static int leaves_the_only_screen(void)
{
	struct ebt_term *term = open_term();

	if (!term)
		return 1;
	ebt_grid_puts(ebt_term_grid(term), 0, 1, 40, EBT_ROLE_TEXT, "the list stays");
	ebt_grid_puts(ebt_term_grid(term), 0, 9, 40, EBT_ROLE_TEXT, "keybar1");
	ebt_term_paint(term);
	ebt_term_suspend(term);
	ebt_term_resume(term);
	ebt_grid_puts(ebt_term_grid(term), 0, 9, 40, EBT_ROLE_TEXT, "keybar2");
	ebt_term_paint(term);
	ebt_term_free(&term);
	return 0;
}

static bool clears(const char *after)
{
	const char *at = strstr(sent, after);

	return at && (strstr(at, "\033[K") || strstr(at, "\033[J"));
}

static void test_leaves_the_only_screen(void **state)
{
	(void)state;
	term_name = "linux";
	assert_int_equal(collect(start(leaves_the_only_screen)), 0);
	char *second = strstr(sent, "keybar2");

	assert_non_null(strstr(sent, "the list stays"));
	assert_non_null(second);
	assert_true(clears("keybar2")); /* at the end */
	*second = '\0';
	assert_true(clears("keybar1")); /* before the break */
}

static int sees_resize(void)
{
	struct ebt_term *term = open_term();
	struct winsize size = { .ws_row = 33, .ws_col = 77 };

	if (!term || ioctl(slave, TIOCSWINSZ, &size) < 0)
		return 1;
	ebt_term_resized(term);
	if (ebt_term_grid(term)->width != 77 || ebt_term_grid(term)->height != 33)
		return 2;
	ebt_grid_puts(ebt_term_grid(term), 70, 32, 77, EBT_ROLE_TEXT, "corner");
	ebt_term_paint(term);
	ebt_term_suspend(term);
	if (!isatty(STDERR_FILENO))
		return 3;
	ebt_term_resume(term);
	if (ebt_term_grid(term)->width != 77 || ebt_term_grid(term)->height != 33)
		return 4;
	ebt_grid_puts(ebt_term_grid(term), 70, 32, 77, EBT_ROLE_TEXT, "corner");
	ebt_term_paint(term);
	ebt_term_free(&term);
	return 0;
}

static void test_resize_and_suspend(void **state)
{
	(void)state;
	assert_int_equal(collect(start(sees_resize)), 0);
	char *left = strstr(sent, "\033[?1049l");

	assert_non_null(left);
	assert_non_null(strstr(left, "corner")); /* drawn again after the break */
}

static int sees_hangup(void)
{
	struct ebt_term *term = open_term();
	struct ebt_ui_input in;

	if (!term)
		return 1;
	signal(SIGHUP, SIG_IGN);
	close(master); /* the last one in this process; the parent closes its own */
	for (int i = 0; i < 200; i++) {
		struct pollfd pfd = { .fd = slave, .events = POLLIN };

		poll(&pfd, 1, 50);
		if (ebt_term_read(term, &in) == -EIO)
			return ebt_term_paint(term) == -EIO ? 0 : 2;
	}
	return 3;
}

static void test_hangup(void **state)
{
	int status;
	pid_t pid = start(sees_hangup);

	(void)state;
	close(master);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	master = -1;
}

static int refuses(void)
{
	struct ebt_term_options options = { .in_fd = slave, .out_fd = slave };
	struct ebt_term *term = NULL;
	struct termios before, after;
	char why[128] = "";

	tcgetattr(slave, &before);
	setenv("TERM", "dumb", 1);
	if (ebt_term_new(&term, &options, why, sizeof(why)) != -ENOTSUP || !why[0] || term)
		return 1;
	setenv("TERM", "no-such-terminal", 1);
	if (ebt_term_new(&term, &options, why, sizeof(why)) != -ENOTSUP ||
	    !strstr(why, "TERM=no-such-terminal"))
		return 2;
	unsetenv("TERM");
	if (ebt_term_new(&term, &options, NULL, 0) != -ENOTSUP)
		return 3;
	options.in_fd = open("/dev/null", O_RDWR);
	if (ebt_term_new(&term, &options, why, sizeof(why)) != -ENOTTY ||
	    strcmp(why, "standard input is not a terminal") != 0)
		return 4;
	options.out_fd = options.in_fd;
	options.in_fd = slave;
	if (ebt_term_new(&term, &options, why, sizeof(why)) != -ENOTTY ||
	    strcmp(why, "standard output is not a terminal") != 0)
		return 6;
	tcgetattr(slave, &after);
	return same_modes(&before, &after) ? 0 : 5;
}

static void test_refuses(void **state)
{
	(void)state;
	assert_int_equal(collect(start(refuses)), 0);
	assert_int_equal(sent_len, 0); /* not a byte was sent */
}

static int dies(void)
{
	struct ebt_term *term = open_term();

	if (term)
		ebt_term_paint(term);
	raise(SIGKILL);
	return 0;
}

/* The view is killed outright; another process puts the terminal right. */
static void test_rescue(void **state)
{
	struct ebt_rescue rescue, none;
	struct termios before, after;

	(void)state;
	tcgetattr(slave, &before);
	ebt_rescue_save(&rescue, slave);
	assert_int_equal(collect(start(dies)), 200 + SIGKILL);
	tcgetattr(slave, &after);
	assert_false(same_modes(&before, &after));
	ebt_rescue_restore(&rescue);
	tcgetattr(slave, &after);
	assert_true(same_modes(&before, &after));
	ssize_t n = read(master, sent, sizeof(sent) - 1);

	assert_true(n > 0);
	sent[n] = '\0';
	/* only the alternate screen is cleared, however often the terminal is rescued */
	assert_non_null(strstr(sent, "\033[?1049h\033[0m\033[H\033[2J\033[?1049l"));
	assert_non_null(strstr(sent, "\033[?25h"));
	ebt_rescue_save(&none, open("/dev/null", O_RDWR)); /* no terminal: nothing to do */
	assert_false(none.valid);
	ebt_rescue_restore(&none);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_restores),
		T(test_paints_differences),
		T(test_keys),
		T(test_resize_and_suspend),
		T(test_hangup),
		T(test_refuses),
		T(test_rescue),
		T(test_console_keys),
		T(test_leaves_the_only_screen),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
