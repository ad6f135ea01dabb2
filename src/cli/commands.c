/* SPDX-License-Identifier: BSD-3-Clause */
/* commands.c - the table of commands. options_table.c says which options each takes. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/help.h"
#include "cli/options_words.h"

const char *ebt_command_group_title(enum ebt_command_group group)
{
	static const char *const titles[EBT_CMDG_MAX] = {
		[EBT_CMDG_NONE] = "Commands:",
		[EBT_CMDG_TRACING] = "Commands:",
		[EBT_CMDG_HOMEOSTASIS] = "Commands of process homeostasis:",
	};

	return titles[group];
}

#define OPERAND_WHAT                                                               \
	{                                                                          \
		.name = "WHAT", .help = "a path, a program's name, #SLOT or a pid" \
	}
#define ASKS_DAEMON "Asks the daemon that `execbig-top daemon` started."

const struct ebt_command ebt_commands[EBT_CMD_MAX] = {
	[EBT_CMD_TRACE] = {
		.name = "execbig-top",
		.description =
			"Shows every program that starts on this machine, the moment it starts, with its whole command line. Without options: a live view on a terminal, text frames otherwise. With -- COMMAND: starts the command, traces it and all that it starts, and ends with its exit status.",
		.examples =
			"  execbig-top                        watch everything\n"
			"  execbig-top -- make -j8            trace one command and all it starts\n"
			"  execbig-top -e -u www-data         one line for each exec of a user\n"
			"  execbig-top -e -m 'curl|wget'      by command line\n"
			"  execbig-top -J | jq .args          events for other programs\n"
			"  execbig-top -b -n 1 -d 10 -o +count\n"
			"                                     what started most in ten seconds\n"
			"  execbig-top --ring 64M             a larger buffer when events are lost\n",
	},
	[EBT_CMD_CHECK] = {
		.name = "check",
		.group = EBT_CMDG_TRACING,
		.mode = EBT_MODE_CHECK,
		.summary = "print what works on this kernel",
		.description =
			"Prints what this kernel offers, loads the programs and traces one process with them. Exit status 0 means that tracing works. The options are those of the run that is to be tried.",
		.examples = "  execbig-top check\n"
			    "  execbig-top check --headers kernel\n",
	},
	[EBT_CMD_DEMO] = {
		.name = "demo",
		.group = EBT_CMDG_TRACING,
		.mode = EBT_MODE_DEMO,
		.operands = { { .name = "NAME", .help = "a lesson's name or number", .optional = true } },
		.summary = "run a lesson on eBPF, or list the lessons",
		.description =
			"Runs a lesson on eBPF: compiles, loads, attaches and drives a small program, and shows the running kernel's own words and numbers. Without NAME the lessons are listed.",
		.examples = "  execbig-top demo\n"
			    "  execbig-top demo stack-limit --bad\n",
	},
	[EBT_CMD_EXPORT] = {
		.name = "export",
		.group = EBT_CMDG_TRACING,
		.mode = EBT_MODE_EXPORT,
		.operands = { { .name = "FORMAT", .help = "the form to write", .words = EBT_WORDS_EXPORTS } },
		.summary = "write a recording in another form",
		.description =
			"Makes of the recording that -r names a trace for ui.perfetto.dev, a compilation database, JSON or CSV. Prints it, or replaces the file that -o names once it is whole.",
		.examples = "  execbig-top export perfetto -r FILE -o trace.json\n"
			    "  execbig-top export csv -r FILE -u www-data\n",
	},
	[EBT_CMD_TUNE] = {
		.name = "tune",
		.group = EBT_CMDG_TRACING,
		.mode = EBT_MODE_TUNE,
		.refusal = "cannot be changed by tune: it is said at the start",
		.summary = "change buffers and filters of a running instance",
		.description =
			"Changes what the options name in a running instance, and prints how it is tuned then. Without options it only prints that. No event is lost.",
		.examples = "  execbig-top tune\n"
			    "  execbig-top tune --pid 4711 --ring 64M\n"
			    "  execbig-top tune --no-filter -u www-data\n",
	},
	[EBT_CMD_HELP] = {
		.name = "help",
		.group = EBT_CMDG_TRACING,
		.operands = { { .name = "COMMAND", .help = "a command's name", .optional = true, .open = true,
				.complete = EBT_COMPLETE_COMMAND },
			      { .name = "SUBCOMMAND", .help = "the name of a command below it", .optional = true, .open = true } },
		.summary = "print the help of a command",
		.description = "Prints the same as COMMAND --help; without COMMAND the help of execbig-top.",
		.examples = "  execbig-top help export\n"
			    "  execbig-top help homeostasis train\n",
	},
	[EBT_CMD_DAEMON] = {
		.name = "daemon",
		.group = EBT_CMDG_HOMEOSTASIS,
		.summary = "learn and watch profiles for days",
		.description =
			"Learns what each program does and watches for what is not normal for it. Prints events as lines of JSON, and answers attach, ps, profiles, status, inspect, normalize, sensitize, tolerize, respond, set and save. Stays in the foreground; tells systemd when it is ready.",
		.more_help = ebt_help_settings,
	},
	[EBT_CMD_ATTACH] = {
		.name = "attach",
		.group = EBT_CMDG_HOMEOSTASIS,
		.summary = "show profiles, or print events as they happen",
		.description = ASKS_DAEMON " Shows the screen Profiles on a terminal, else prints events as they happen.",
	},
	[EBT_CMD_PS] = {
		.name = "ps",
		.group = EBT_CMDG_HOMEOSTASIS,
		.summary = "list the watched processes",
		.description = ASKS_DAEMON " Lists the watched processes with their profiles.",
	},
	[EBT_CMD_PROFILES] = {
		.name = "profiles",
		.group = EBT_CMDG_HOMEOSTASIS,
		.operands = { { .name = "count", .help = "the word count: pairs and bytes too", .optional = true,
				.words = EBT_WORDS_COUNT } },
		.summary = "list the profiles",
		.description = ASKS_DAEMON " Lists the profiles; with count, their pairs and bytes too.",
	},
	[EBT_CMD_STATUS] = {
		.name = "status",
		.group = EBT_CMDG_HOMEOSTASIS,
		.summary = "print settings and counters",
		.description = ASKS_DAEMON " Prints its settings and counters.",
	},
	[EBT_CMD_INSPECT] = {
		.name = "inspect",
		.group = EBT_CMDG_HOMEOSTASIS,
		.operands = { OPERAND_WHAT },
		.summary = "print the system calls that a profile knows",
		.description = ASKS_DAEMON " Prints which system calls follow which in the profile of WHAT: a path, a program's name, #SLOT or a pid.",
	},
	[EBT_CMD_NORMALIZE] = {
		.name = "normalize",
		.group = EBT_CMDG_HOMEOSTASIS,
		.operands = { OPERAND_WHAT },
		.summary = "take what a profile knows for normal",
		.description = ASKS_DAEMON " What the profile of WHAT knows is normal from now on. WHAT: a path, a program's name, #SLOT or a pid.",
	},
	[EBT_CMD_SENSITIZE] = {
		.name = "sensitize",
		.group = EBT_CMDG_HOMEOSTASIS,
		.operands = { OPERAND_WHAT },
		.summary = "forget what a profile learned in training",
		.description = ASKS_DAEMON " Forgets what the profile of WHAT learned in training; what is normal stays. WHAT: a path, a program's name, #SLOT or a pid.",
	},
	[EBT_CMD_TOLERIZE] = {
		.name = "tolerize",
		.group = EBT_CMDG_HOMEOSTASIS,
		.operands = { OPERAND_WHAT },
		.summary = "accept recent anomalies by training again",
		.description = ASKS_DAEMON " Accepts the recent anomalies of the profile of WHAT, which trains again: a path, a program's name, #SLOT or a pid.",
	},
	[EBT_CMD_RESPOND] = {
		.name = "respond",
		.group = EBT_CMDG_HOMEOSTASIS,
		.operands = { OPERAND_WHAT,
			      { .name = "RESPONSE", .help = "kill or default", .words = EBT_WORDS_RESPONSES } },
		.summary = "choose whether processes die above kill-limit",
		.description = ASKS_DAEMON " With kill, processes of WHAT die above kill-limit; with default they do not. WHAT: a path, a program's name, #SLOT or a pid.",
	},
	[EBT_CMD_SET] = {
		.name = "set",
		.group = EBT_CMDG_HOMEOSTASIS,
		.operands = { { .name = "NAME", .help = "a setting; `execbig-top status` lists them" },
			      { .name = "VALUE", .help = "a whole number" } },
		.summary = "change a setting of the daemon",
		.description = ASKS_DAEMON " Changes one of its settings.",
		.more_help = ebt_help_settings,
	},
	[EBT_CMD_SAVE] = {
		.name = "save",
		.group = EBT_CMDG_HOMEOSTASIS,
		.summary = "write all profiles to their files now",
		.description = ASKS_DAEMON " Writes all profiles to their files now.",
	},
	[EBT_CMD_HOMEOSTASIS] = {
		.name = "homeostasis",
		.group = EBT_CMDG_HOMEOSTASIS,
		.summary = "learn from traces in files, and test traces",
		.description =
			"Learns a profile of lookahead pairs from traces of system calls, and tests traces against it. A file of traces has one \"TRACE CALL\" a line, two numbers; it may be gzipped.",
	},
	[EBT_CMD_TRAIN] = {
		.name = "train",
		.parent = EBT_CMD_HOMEOSTASIS,
		.operands = { { .name = "FILE", .help = "one file of traces or more", .many = true,
				.complete = EBT_COMPLETE_FILE } },
		.summary = "learn a profile from files of traces",
		.description =
			"Learns a profile of lookahead pairs from traces of system calls. FILE has one \"TRACE CALL\" a line, two numbers; it may be gzipped.",
		.examples = "  execbig-top homeostasis train normal.txt.gz -o normal.ph\n",
	},
	[EBT_CMD_TEST] = {
		.name = "test",
		.parent = EBT_CMD_HOMEOSTASIS,
		.operands = { { .name = "PROFILE", .help = "a profile that train wrote", .complete = EBT_COMPLETE_FILE },
			      { .name = "FILE", .help = "one file of traces or more", .many = true,
				.complete = EBT_COMPLETE_FILE } },
		.summary = "test files of traces against a profile",
		.description =
			"Tests traces of system calls against a profile. FILE has one \"TRACE CALL\" a line, two numbers; it may be gzipped.",
		.examples = "  execbig-top homeostasis test normal.ph today.txt.gz\n",
	},
};

enum ebt_command_id ebt_command_id(const struct ebt_command *command)
{
	return (enum ebt_command_id)(command - ebt_commands);
}

const struct ebt_command *ebt_command_find(const struct ebt_command *parent, const char *name)
{
	for (int i = EBT_CMD_TRACE + 1; i < EBT_CMD_MAX; i++)
		if (ebt_commands[i].parent == ebt_command_id(parent) &&
		    strcmp(ebt_commands[i].name, name) == 0)
			return &ebt_commands[i];
	return NULL;
}

bool ebt_command_has_children(const struct ebt_command *command)
{
	return ebt_command_family(command) != EBT_CMD_BIT(ebt_command_id(command));
}

uint64_t ebt_command_family(const struct ebt_command *command)
{
	uint64_t family = EBT_CMD_BIT(ebt_command_id(command));

	if (ebt_command_id(command) == EBT_CMD_TRACE)
		return EBT_CMD_ALL;
	for (int i = EBT_CMD_TRACE + 1; i < EBT_CMD_MAX; i++)
		if (ebt_commands[i].parent == ebt_command_id(command))
			family |= EBT_CMD_BIT(i);
	return family;
}

const char *ebt_command_path(const struct ebt_command *command, char out[EBT_COMMAND_PATH])
{
	const struct ebt_command *parent = &ebt_commands[command->parent];

	if (parent == &ebt_commands[EBT_CMD_TRACE])
		snprintf(out, EBT_COMMAND_PATH, "%s", command->name);
	else
		snprintf(out, EBT_COMMAND_PATH, "%s %s", parent->name, command->name);
	return out;
}
