/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * command_line.c - parse the command line with glibc's getopt_long, whose tables are made of the rows
 * of options_table.c.
 *
 * The words are read twice. The first time with the options of all commands, which agree on what
 * takes an argument, to find the words that name the command. The second time with the options of
 * that command alone, so that an option may also stand before the command's name.
 */
#include "cli/command_line.h"

#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/pattern.h"
#include "cli/options_rules.h"
#include "cli/options_table.h"
#include "cli/usage_errors.h"
#include "homeostasis/server.h"

#define GETOPT_OPTIONS_MAX 120
#define GETOPT_OPERAND	   1   /* getopt returns this for a word that is no option */
#define GETOPT_ROW	   256 /* and this, plus the number of the row, for a long option */
#define COMMAND_DEPTH	   2   /* words that lead to a command */

/* The tables that getopt_long wants. */
struct getopt_tables {
	struct option longs[GETOPT_OPTIONS_MAX + 1];
	char letters[3 * GETOPT_OPTIONS_MAX + 3];
};

struct line_parser {
	struct ebt_command_line *line;
	int argc;
	char **argv;
	int command_at[COMMAND_DEPTH]; /* where in argv the words stand that lead to the command */
	int depth;
};

static bool tables_have(const struct getopt_tables *t, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(t->longs[i].name, name) == 0)
			return true;
	return false;
}

/* Fill the tables with the options that at least one of the commands takes, each name once. */
static void tables_fill(struct getopt_tables *t, uint64_t commands)
{
	/* Words that are no options are reported in their place ('-'), and missing arguments apart
	 * from unknown options (':'). */
	char *letter = stpcpy(t->letters, "-:");
	size_t n = 0;

	for (size_t i = 0; i < ebt_options_table_count && n < GETOPT_OPTIONS_MAX; i++) {
		const struct ebt_option *option = &ebt_options_table[i];
		int arg = !option->arg		 ? no_argument
			  : option->arg_optional ? optional_argument
						 : required_argument;

		if (!(option->commands & commands) || tables_have(t, n, option->name))
			continue;
		t->longs[n++] = (struct option){ option->name, arg, NULL, GETOPT_ROW + (int)i };
		if (option->letter) {
			*letter++ = option->letter;
			for (int colons = 0; colons < arg; colons++)
				*letter++ = ':';
		}
	}
	t->longs[n] = (struct option){ 0 };
	*letter = '\0';
}

static int line_next_word(const struct line_parser *p, const struct getopt_tables *t)
{
	return getopt_long(p->argc, p->argv, t->letters, t->longs, NULL);
}

/* Find the command. Where something is wrong the search ends; the second reading says what it is. */
static const struct ebt_command *line_find_command(struct line_parser *p)
{
	const struct ebt_command *command = &ebt_commands[EBT_CMD_TRACE], *child;
	struct getopt_tables t;
	int c;

	tables_fill(&t, EBT_CMD_ALL);
	optind = 0; /* let getopt begin anew */
	opterr = 0;
	while ((c = line_next_word(p, &t)) != -1 && c != '?' && c != ':') {
		if (c != GETOPT_OPERAND)
			continue;
		child = p->depth < COMMAND_DEPTH ? ebt_command_find(command, optarg) : NULL;
		if (!child)
			break;
		p->command_at[p->depth++] = optind - 1;
		command = child;
	}
	return command;
}

static bool line_names_command(const struct line_parser *p, int at)
{
	for (int i = 0; i < p->depth; i++)
		if (p->command_at[i] == at)
			return true;
	return false;
}

static enum ebt_command_line_result line_stop(struct ebt_command_line *line, int status)
{
	line->exit_status = status;
	return EBT_COMMAND_LINE_EXIT;
}

/* Note which parameters were named: `tune` changes these alone. */
static void line_note_given(struct ebt_command_line *line, const struct ebt_option *option)
{
	size_t begin = offsetof(struct ebt_command_line, options.params);

	if (option->offset >= begin && option->offset < begin + sizeof(line->options.params))
		line->options.params_given |= 1u << (option->offset - begin);
	if (option->given)
		*(bool *)((char *)line + option->given) = true;
}

static enum ebt_command_line_result
line_take_option(struct ebt_command_line *line, const struct ebt_option *option, const char *arg)
{
	if (option->answer)
		return line_stop(line, option->answer(line->command, option, arg));
	if (!option->set(line, option, arg))
		return line_stop(line, EBT_EXIT_USAGE);
	line_note_given(line, option);
	return EBT_COMMAND_LINE_RUN;
}

/* Return the row of what getopt gave: a letter, or the number of a row; NULL if it is neither. */
static const struct ebt_option *line_row(const struct ebt_command *command, int c)
{
	if (c == 0)
		return NULL;
	if (c >= GETOPT_ROW)
		return &ebt_options_table[c - GETOPT_ROW];
	for (size_t i = 0; i < ebt_options_table_count; i++)
		if (ebt_options_table[i].letter == c &&
		    ebt_option_belongs(&ebt_options_table[i], command))
			return &ebt_options_table[i];
	return NULL;
}

/* Take a word that is no option. Operands move to the front of argv, which has been read there. */
static bool line_take_operand(struct ebt_command_line *line, char *word)
{
	const struct ebt_operand *operand = ebt_operand_at(line->command, line->operand_count);

	if (!operand) {
		ebt_usage_operand(line, word);
		return false;
	}
	if (operand->words.count && !operand->open && ebt_words_find(&operand->words, word) < 0) {
		ebt_usage_operand_word(line->command, operand, word);
		return false;
	}
	line->operands[line->operand_count++] = word;
	return true;
}

/* Read all words with the options of the command. */
static enum ebt_command_line_result line_read_words(struct line_parser *p)
{
	struct ebt_command_line *line = p->line;
	enum ebt_command_line_result r = EBT_COMMAND_LINE_RUN;
	struct getopt_tables t;
	int c, before = 1;

	tables_fill(&t, EBT_CMD_BIT(ebt_command_id(line->command)));
	optind = 0;
	while (r == EBT_COMMAND_LINE_RUN && (c = line_next_word(p, &t)) != -1) {
		if (c == '?' || c == ':') {
			/* A letter that is wrong may stand in a word with more letters. */
			ebt_usage_option(line->command, c == ':', optopt,
					 optopt >= GETOPT_ROW || optopt == 0 ? p->argv[optind - 1]
									     : NULL,
					 line_row(line->command, optopt));
			r = line_stop(line, EBT_EXIT_USAGE);
		} else if (c != GETOPT_OPERAND) {
			r = line_take_option(line, line_row(line->command, c), optarg);
		} else if (!line_names_command(p, optind - 1) && !line_take_operand(line, optarg)) {
			r = line_stop(line, EBT_EXIT_USAGE);
		}
		before = optind;
	}
	if (r != EBT_COMMAND_LINE_RUN)
		return r;
	/* What stands behind "--" is the command to trace, or further operands. */
	if (line->command == &ebt_commands[EBT_CMD_TRACE]) {
		if (optind > before && optind == p->argc) {
			ebt_error("-- wants a command behind it: execbig-top -- make -j8");
			return line_stop(line, EBT_EXIT_USAGE);
		}
		if (optind < p->argc) {
			line->options.command = p->argv + optind;
			line->options.command_argc = p->argc - optind;
		}
		return r;
	}
	for (int i = optind; i < p->argc; i++)
		if (!line_take_operand(line, p->argv[i]))
			return line_stop(line, EBT_EXIT_USAGE);
	line->operands[line->operand_count] = NULL;
	return r;
}

static void line_set_defaults(struct ebt_command_line *line)
{
	struct ebt_options *o = &line->options;

	memset(line, 0, sizeof(*line));
	o->delay_ns = EBT_DELAY_DEFAULT_NS;
	o->sort = EBT_COL_RATE;
	o->group_by = EBT_GROUP_EXE;
	o->screen = EBT_SCREEN_OVERVIEW;
	o->params.scratch_bytes = EBT_SCRATCH_DEFAULT;
	o->params.ring_bytes = EBT_RING_DEFAULT;
	o->params.args_limit = EBT_PARAMS_ALL;
	o->params.paths = 1;
	o->poll_ms = EBT_POLL_DEFAULT_MS;
	o->history_bytes = EBT_HISTORY_DEFAULT;
	o->headers = EBT_HEADERS_AUTO;
	o->json_format = EBT_SINK_JSON;
	line->socket = EBT_PH_SOCKET;
	line->gid = (gid_t)-1;
}

/* Store what the operands mean for the command. */
static void line_store_operands(struct ebt_command_line *line)
{
	struct ebt_options *o = &line->options;

	if (ebt_command_id(line->command) == EBT_CMD_DEMO)
		o->demo = line->operands[0];
	else if (ebt_command_id(line->command) == EBT_CMD_EXPORT)
		o->export_format = (enum ebt_export)ebt_words_find(
			&line->command->operands[0].words, line->operands[0]);
}

/* With the recording on standard output nothing else goes there. Return false if something would. */
static bool line_finish_stdout(struct ebt_options *o)
{
	if (!o->write_file || ebt_inherited_output(&o->inherited, o->write_file) != STDOUT_FILENO)
		return true;
	if (o->mode != EBT_MODE_LIVE) {
		ebt_error(
			"-w %s writes the recording to standard output, where the lines of -b, -e, -J or --csv go too: leave them out, or give -w a file",
			o->write_file);
		return false;
	}
	if (isatty(STDOUT_FILENO)) {
		ebt_error("-w %s: a recording is not for a terminal; send it into a file or a pipe",
			  o->write_file);
		return false;
	}
	o->mode = EBT_MODE_EVENTS;
	o->quiet = true;
	return true;
}

/* Store the order of rows, and the mode where none was given, now that all options are known. */
static bool line_finish(struct ebt_command_line *line)
{
	struct ebt_options *o = &line->options;

	if (ebt_command_id(line->command) != EBT_CMD_TRACE)
		return true;
	if (o->quiet && o->mode != EBT_MODE_LIVE) {
		ebt_error(
			"-q prints no events, and -b, -e, -J and --csv do: leave one of them out");
		return false;
	}
	if (!line_finish_stdout(o))
		return false;
	if (o->quiet)
		o->mode = EBT_MODE_EVENTS;
	if (line->order && !ebt_option_set_order(line, ebt_option_find(line->command, "sort")))
		return false;
	if (o->mode == EBT_MODE_LIVE && !isatty(STDOUT_FILENO))
		o->mode = EBT_MODE_BATCH;
	return true;
}

enum ebt_command_line_result ebt_command_line_parse(struct ebt_command_line *out, int argc,
						    char **argv)
{
	struct line_parser p = { .line = out, .argc = argc, .argv = argv };
	enum ebt_command_line_result r;

	line_set_defaults(out);
	out->operands = argv + (argc > 0);
	out->command = line_find_command(&p);
	out->options.mode = out->command->mode;
	r = line_read_words(&p);
	if (r != EBT_COMMAND_LINE_RUN)
		return r;
	if (!ebt_usage_operands_complete(out))
		return line_stop(out, EBT_EXIT_USAGE);
	line_store_operands(out);
	if (!ebt_options_agree(out) || !line_finish(out))
		return line_stop(out, EBT_EXIT_USAGE);
	return r;
}

void ebt_command_line_free(struct ebt_command_line *line)
{
	struct ebt_option_regex *regexes[] = { &line->options.comm, &line->options.match };

	for (size_t i = 0; i < sizeof(regexes) / sizeof(regexes[0]); i++) {
		ebt_pattern_free(&regexes[i]->pattern);
		regexes[i]->text = NULL;
	}
}
