/* SPDX-License-Identifier: BSD-3-Clause */
/* options_table.c - every option of every command, one row an option. */
#include "cli/options_table.h"

#include <string.h>

#include "base/cleanup.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/options_words.h"
#include "ebt_abi.h"
#include "homeostasis/server.h"

const char *ebt_option_group_title(enum ebt_option_group group)
{
	static const char *const titles[EBT_OPTG_MAX] = {
		[EBT_OPTG_OUTPUT] = "Output:",
		[EBT_OPTG_WHAT] = "What is shown:",
		[EBT_OPTG_BUFFERS] = "Buffers (sizes take K, M and G):",
		[EBT_OPTG_COMPILE] = "BPF programs:",
		[EBT_OPTG_FILES] = "Files:",
		[EBT_OPTG_LOOKS] = "Terminal:",
		[EBT_OPTG_LESSON] = "Lessons:",
		[EBT_OPTG_DAEMON] = "Daemon:",
		[EBT_OPTG_HELP] = "Help:",
	};

	return titles[group];
}

/* Sets of commands. */
#define TRACE  EBT_CMD_BIT(EBT_CMD_TRACE)
#define CHECK  EBT_CMD_BIT(EBT_CMD_CHECK)
#define DEMO   EBT_CMD_BIT(EBT_CMD_DEMO)
#define EXPORT EBT_CMD_BIT(EBT_CMD_EXPORT)
#define TUNE   EBT_CMD_BIT(EBT_CMD_TUNE)
#define DAEMON EBT_CMD_BIT(EBT_CMD_DAEMON)
#define TRAIN  EBT_CMD_BIT(EBT_CMD_TRAIN)
#define TEST   EBT_CMD_BIT(EBT_CMD_TEST)
#define CLIENTS                                                                                    \
	(EBT_CMD_BIT(EBT_CMD_ATTACH) | EBT_CMD_BIT(EBT_CMD_PS) | EBT_CMD_BIT(EBT_CMD_PROFILES) |   \
	 EBT_CMD_BIT(EBT_CMD_STATUS) | EBT_CMD_BIT(EBT_CMD_INSPECT) |                              \
	 EBT_CMD_BIT(EBT_CMD_NORMALIZE) | EBT_CMD_BIT(EBT_CMD_SENSITIZE) |                         \
	 EBT_CMD_BIT(EBT_CMD_TOLERIZE) | EBT_CMD_BIT(EBT_CMD_RESPOND) | EBT_CMD_BIT(EBT_CMD_SET) | \
	 EBT_CMD_BIT(EBT_CMD_SAVE))

#define MEMBER_SIZE(member) sizeof(((struct ebt_command_line *)NULL)->member)
/* Where a setter that several options share puts the value, in struct ebt_command_line. */
#define AT(member) .offset = offsetof(struct ebt_command_line, member), .size = MEMBER_SIZE(member)
/* The bool that says that the option was given. */
#define GIVEN(member) .given = offsetof(struct ebt_command_line, member)

/* Write one row. Name, short letter (0: none), argument, commands, group and help come first; the
 * members .arg_optional, .set or .answer and the setter's parameters follow where they apply. */
#define OPTION(n, k, a, c, g, h, ...)                                                              \
	{                                                                                          \
		.name = n, .letter = k, .arg = a, .commands = c, .group = EBT_OPTG_##g, .help = h, \
		__VA_ARGS__                                                                        \
	}

const struct ebt_option ebt_options_table[] = {
	OPTION("batch", 'b', NULL, TRACE, OUTPUT,
	       "print the screen as text, once a delay; the default when the output is not a terminal",
	       .set = ebt_option_set_mode, .value = EBT_MODE_BATCH),
	OPTION("events", 'e', NULL, TRACE, OUTPUT,
	       "print one line an exec, and one for an exit that failed",
	       .set = ebt_option_set_mode, .value = EBT_MODE_EVENTS),
	OPTION("json", 'J', NULL, TRACE, OUTPUT, "print one JSON object an event",
	       .set = ebt_option_set_mode, .value = EBT_MODE_JSON),
	OPTION("csv", 0, NULL, TRACE, OUTPUT, "print events as CSV", .set = ebt_option_set_mode,
	       .value = EBT_MODE_CSV),
	OPTION("format", 0, "FORM", TRACE | EXPORT, OUTPUT,
	       "objects of JSON as json (our own), ecs (Elastic) or ocsf",
	       .set = ebt_option_set_choice, .words = EBT_WORDS_FORMATS, AT(options.json_format)),
	OPTION("date", 0, NULL, TRACE, OUTPUT, "with -e: print the local date and the zone too",
	       .set = ebt_option_set_flag, AT(options.date)),
	OPTION("raw", 0, NULL, TRACE, OUTPUT,
	       "with -e: bytes as they are, for pipes; a terminal may act on them",
	       .set = ebt_option_set_flag, AT(options.raw)),
	OPTION("delay", 'd', "SECS", TRACE, OUTPUT, "time between two screens, 0.1 to 3600 (1)",
	       .set = ebt_option_set_seconds, AT(options.delay_ns),
	       .range = { EBT_DELAY_MIN_NS, EBT_DELAY_MAX_NS, 1 }),
	OPTION("iterations", 'n', "N", TRACE, OUTPUT,
	       "end after N screens, or after N events with -e, -J, --csv",
	       .set = ebt_option_set_number, AT(options.iterations), .range = { 1, UINT64_MAX, 1 }),
	OPTION("kill-on-exit", 0, NULL, TRACE, OUTPUT,
	       "with -- COMMAND: end COMMAND when the tracing ends, in place of waiting for it",
	       .set = ebt_option_set_flag, AT(options.kill_on_exit)),
	OPTION("sort", 'o', "[+-]COLUMN", TRACE, OUTPUT,
	       "sort groups by COLUMN (rate): + from high to low, - from low to high; with -e and --csv: show these columns, with commas between them",
	       .set = ebt_option_set_text, AT(order), .words = EBT_WORDS_COLUMNS, .open = true),
	OPTION("list-columns", 'O', NULL, TRACE, OUTPUT,
	       "list the columns for -o, also of -e and --csv", .answer = ebt_help_columns),
	OPTION("group", 'g', "BY", TRACE, OUTPUT,
	       "group execs by exe, comm, command, parent, user or cgroup (exe)",
	       .set = ebt_option_set_choice, .words = EBT_WORDS_GROUP_BY, AT(options.group_by),
	       GIVEN(options.group_given)),
	OPTION("screen", 's', "NAME", TRACE, OUTPUT,
	       "begin with screen overview, events, top, tree, buffers, lab or profiles (overview)",
	       .set = ebt_option_set_choice, .words = EBT_WORDS_SCREENS, AT(options.screen),
	       GIVEN(options.screen_given)),

	OPTION("homeostasis", 0, NULL, TRACE, OUTPUT,
	       "learn what each program does, and show what is not normal for it among the execs and in a screen of its own; hooks every system call, about 0.1 us each",
	       .set = ebt_option_set_flag, AT(options.homeostasis)),
	OPTION("profiles", 0, "DIR", TRACE, OUTPUT,
	       "with --homeostasis: keep what is learned in DIR (nowhere)",
	       .set = ebt_option_set_text, AT(options.profiles_dir),
	       .complete = EBT_COMPLETE_DIRECTORY),
	OPTION("set", 0, "NAME=VALUE", TRACE, OUTPUT,
	       "with --homeostasis: a setting, may be repeated; `daemon --help` lists them",
	       .set = ebt_option_set_homeo),

	OPTION("pid", 'p', "PID,...", TRACE | EXPORT, WHAT,
	       "only these processes and what they start; at most 64", .set = ebt_option_set_pids,
	       .complete = EBT_COMPLETE_PROCESS),
	OPTION("pid", 'p', "PID", TUNE, WHAT,
	       "the instance to tune; it may be left out where one runs alone",
	       .set = ebt_option_set_pids, .complete = EBT_COMPLETE_PROCESS),
	OPTION("user", 'u', "USER", TRACE | EXPORT | TUNE, WHAT,
	       "only execs of this user (name or number), real or effective; real:USER or effective:USER for one of them",
	       .set = ebt_option_set_user, .complete = EBT_COMPLETE_USER),
	OPTION("comm", 'c', "REGEX", TRACE | EXPORT | TUNE, WHAT,
	       "only programs whose name matches", .set = ebt_option_set_regex, AT(options.comm)),
	OPTION("match", 'm', "REGEX", TRACE | EXPORT | TUNE, WHAT,
	       "only execs whose whole command line matches", .set = ebt_option_set_regex,
	       AT(options.match)),
	OPTION("filter", 0, "EXPR", TRACE | EXPORT, WHAT,
	       "only execs for which EXPR holds, such as 'curl user:root' or status:fail (docs/filters.md)",
	       .set = ebt_option_set_filter, .words = EBT_WORDS_FILTER, .open = true,
	       AT(options.filter)),
	OPTION("cgroup", 0, "PATH", TRACE | EXPORT | TUNE, WHAT,
	       "only execs in this cgroup or below it", .set = ebt_option_set_text,
	       AT(options.cgroup), .complete = EBT_COMPLETE_DIRECTORY),
	OPTION("only", 0, "PID,...", TUNE, WHAT,
	       "from now on only these processes and what they start; at most 64",
	       .set = ebt_option_set_only, .complete = EBT_COMPLETE_PROCESS),
	OPTION("no-filter", 0, NULL, TUNE, WHAT, "without the filters that are not named beside it",
	       .set = ebt_option_set_flag, AT(options.no_filter)),
	OPTION("failed", 'x', NULL, TRACE | CHECK | TUNE, WHAT,
	       "execs that failed too; where the kernel refuses fexit this hooks the execve tracepoints, and every system call of the machine takes 40 ns longer",
	       .set = ebt_option_set_value, AT(options.params.failed), .value = 1),
	OPTION("no-failed", 0, NULL, TUNE, WHAT, "no failed execs from now on",
	       .set = ebt_option_set_value, AT(options.params.failed), .value = 0),
	OPTION("no-enoent", 0, NULL, TRACE | TUNE, WHAT,
	       "with -x: leave out what was not found, as shells try along PATH",
	       .set = ebt_option_set_flag, AT(options.no_enoent)),
	OPTION("no-enoent", 0, NULL, EXPORT, WHAT,
	       "leave out failed execs of files that were not found", .set = ebt_option_set_flag,
	       AT(options.no_enoent)),

	OPTION("scratch", 0, "BYTES", TRACE | CHECK | TUNE, BUFFERS,
	       "scratch buffer an event is built in, two a CPU: 512 to 32768 (8K)",
	       .set = ebt_option_set_size, AT(options.params.scratch_bytes),
	       .range = { EBT_SCRATCH_MIN, EBT_SCRATCH_MAX, 8 }),
	OPTION("ring", 0, "BYTES", TRACE | CHECK | TUNE, BUFFERS,
	       "ring between kernel and view, a power of two: 64K to 1G (8M)",
	       .set = ebt_option_set_size, AT(options.params.ring_bytes),
	       .range = { EBT_RING_MIN, EBT_RING_MAX, 0 }),
	OPTION("args", 0, "BYTES", TRACE | CHECK | TUNE, BUFFERS,
	       "take at most BYTES of each command line, or all of it (all)",
	       .set = ebt_option_set_limit, AT(options.params.args_limit),
	       .range = { 0, EBT_ARGS_MAX, 1 }, .words = EBT_WORDS_ALL, .open = true),
	OPTION("env", 0, "BYTES", TRACE | CHECK | TUNE, BUFFERS,
	       "take the environment too, all or at most BYTES; it may hold secrets",
	       .arg_optional = true, .set = ebt_option_set_limit, AT(options.params.env_limit),
	       .range = { 0, EBT_ARGS_MAX, 1 }, .words = EBT_WORDS_ALL, .open = true),
	OPTION("auto", 0, "BYTES", TRACE, BUFFERS,
	       "enlarge scratch and ring by itself when that helps, up to BYTES for all maps (256M)",
	       .arg_optional = true, .set = ebt_option_set_auto, AT(options.auto_bytes),
	       .range = { EBT_AUTO_MIN, EBT_AUTO_MAX, 1 }),
	OPTION("poll", 0, "MS", TRACE | TUNE, BUFFERS,
	       "read the ring this often, 1 to 1000 ms (50)", .set = ebt_option_set_number,
	       AT(options.poll_ms), .range = { EBT_POLL_MIN_MS, EBT_POLL_MAX_MS, 1 },
	       GIVEN(options.poll_given)),
	OPTION("history", 0, "BYTES", TRACE, BUFFERS, "memory for past events, from 1M (32M)",
	       .set = ebt_option_set_size, AT(options.history_bytes),
	       .range = { EBT_HISTORY_MIN, EBT_HISTORY_MAX, 1 }),
	OPTION("transport", 0, "KIND", TRACE | CHECK | TUNE, BUFFERS,
	       "ring, or perf: --ring divided into a buffer on each CPU (ring)",
	       .set = ebt_option_set_choice, .words = EBT_WORDS_TRANSPORTS,
	       AT(options.params.perf)),

	OPTION("headers", 0, "FROM", TRACE | CHECK, COMPILE,
	       "kernel types from auto, btf, kernel (headers of the running one) or a directory (auto)",
	       .set = ebt_option_set_headers, .words = EBT_WORDS_HEADERS, .open = true,
	       .complete = EBT_COMPLETE_DIRECTORY),
	OPTION("bpf-text", 0, "DIR", TRACE | CHECK | DEMO, COMPILE,
	       "compile the BPF text in DIR in place of the built-in one",
	       .set = ebt_option_set_directory, AT(options.bpf_text_dir),
	       .complete = EBT_COMPLETE_DIRECTORY),
	OPTION("print-bpf", 0, NULL, TRACE, COMPILE, "print the BPF text as it would be compiled",
	       .set = ebt_option_set_mode, .value = EBT_MODE_PRINT_BPF),
	OPTION("cache-dir", 0, "DIR", TRACE | CHECK | DAEMON, COMPILE,
	       "keep compiled programs in DIR (/var/cache/execbig-top)", .set = ebt_option_set_text,
	       AT(options.cache_dir), .complete = EBT_COMPLETE_DIRECTORY),
	OPTION("no-cache", 0, NULL, TRACE | CHECK | DAEMON, COMPILE,
	       "compile anew, and keep nothing", .set = ebt_option_set_flag, AT(options.no_cache)),
	OPTION("debug", 0, NULL, TRACE | CHECK | DEMO | EXPORT | TUNE | DAEMON, COMPILE,
	       "say what is being done", .set = ebt_option_set_flag, AT(options.debug)),

	OPTION("output", 'o', "FILE", EXPORT, FILES,
	       "replace FILE by the export, once it is whole; - is standard output (-)",
	       .set = ebt_option_set_text, AT(options.out_file), .complete = EBT_COMPLETE_FILE),
	OPTION("append", 0, NULL, EXPORT, FILES,
	       "compile-commands: keep the entries of FILE that the recording does not have",
	       .set = ebt_option_set_flag, AT(options.append)),
	OPTION("compiler", 0, "NAME", EXPORT, FILES,
	       "compile-commands: NAME or a path is a compiler as well; may be repeated",
	       .set = ebt_option_set_compiler),
	OPTION("output", 'o', "PROFILE", TRAIN, FILES, "write the profile to this file; needed",
	       .set = ebt_option_set_text, AT(profile), .complete = EBT_COMPLETE_FILE),
	OPTION("per-trace", 't', NULL, TRAIN | TEST, FILES, "print a line for each trace",
	       .set = ebt_option_set_flag, AT(per_trace)),
	OPTION("write", 'w', "FILE", TRACE, FILES,
	       "record everything that comes to FILE; - is standard output",
	       .set = ebt_option_set_text, AT(options.write_file), .complete = EBT_COMPLETE_FILE),
	OPTION("quiet", 'q', NULL, TRACE, FILES, "with -w, --sqlite or --metrics: print no events",
	       .set = ebt_option_set_flag, AT(options.quiet)),
	OPTION("rotate", 0, "LIMIT[:N]", TRACE, FILES,
	       "with -w: go on in a new file when FILE has this size (64M) or age (1h), or both (64M,1h), and on SIGUSR1 (signal: only then); keep N files (all)",
	       .set = ebt_option_set_rotate),
	OPTION("keep", 0, "LIMIT", TRACE, FILES,
	       "with --rotate: remove files that are older (7d), or more in all (10G), or both (7d,10G); with --sqlite: rows",
	       .set = ebt_option_set_keep),
	OPTION("sqlite", 0, "FILE", TRACE, FILES, "write events to a SQLite database too",
	       .set = ebt_option_set_text, AT(options.sqlite_file), .complete = EBT_COMPLETE_FILE),
	OPTION("metrics", 0, "FILE", TRACE, FILES,
	       "write counters for Prometheus's node_exporter to FILE, once a delay",
	       .set = ebt_option_set_text, AT(options.metrics_file), .complete = EBT_COMPLETE_FILE),
	OPTION("read", 'r', "FILE", TRACE, FILES,
	       "replay the recording FILE in place of tracing; - is standard input",
	       .set = ebt_option_set_text, AT(options.read_file), .complete = EBT_COMPLETE_FILE),
	OPTION("read", 'r', "FILE", EXPORT, FILES,
	       "the recording to read, - is standard input; needed", .set = ebt_option_set_text,
	       AT(options.read_file), .complete = EBT_COMPLETE_FILE),
	OPTION("speed", 0, "N", TRACE, FILES,
	       "with -r: play N times as fast as it was, or as fast as can be (max)",
	       .set = ebt_option_set_speed, .words = EBT_WORDS_MAX, .open = true),
	OPTION("from", 0, "TIME", TRACE | EXPORT, FILES,
	       "with -r: begin at TIME: seconds from the beginning, 14:30, 2026-11-21T14:30:05",
	       .set = ebt_option_set_time, AT(options.from)),
	OPTION("to", 0, "TIME", TRACE | EXPORT, FILES, "with -r: end at TIME",
	       .set = ebt_option_set_time, AT(options.to)),

	OPTION("no-unicode", 0, NULL, TRACE, LOOKS, "draw in plain ASCII",
	       .set = ebt_option_set_flag, AT(options.no_unicode)),
	OPTION("no-color", 0, NULL, TRACE, LOOKS, "draw without colours",
	       .set = ebt_option_set_flag, AT(options.no_color)),
	OPTION("no-mouse", 0, NULL, TRACE, LOOKS, "leave the mouse to the terminal",
	       .set = ebt_option_set_flag, AT(options.no_mouse)),

	OPTION("bad", 0, NULL, DEMO, LESSON, "the variant that the kernel or the compiler refuses",
	       .set = ebt_option_set_flag, AT(options.demo_bad)),
	OPTION("source", 0, NULL, DEMO, LESSON, "print the lesson's BPF text",
	       .set = ebt_option_set_flag, AT(options.demo_source)),
	OPTION("step", 0, NULL, DEMO, LESSON, "wait for a key before each stage",
	       .set = ebt_option_set_flag, AT(options.demo_step)),

	OPTION("socket", 0, "PATH", DAEMON, DAEMON,
	       "listen here for the other commands (" EBT_PH_SOCKET ")", .set = ebt_option_set_text,
	       AT(socket), .complete = EBT_COMPLETE_FILE),
	OPTION("socket", 0, "PATH", CLIENTS, DAEMON, "where the daemon listens (" EBT_PH_SOCKET ")",
	       .set = ebt_option_set_text, AT(socket), .complete = EBT_COMPLETE_FILE),
	OPTION("group", 0, "NAME", DAEMON, DAEMON, "members of this group may connect too",
	       .set = ebt_option_set_group, .complete = EBT_COMPLETE_GROUP),
	OPTION("profiles", 0, "DIR", DAEMON, DAEMON,
	       "keep profiles here (/var/lib/execbig-top/profiles)", .set = ebt_option_set_save_in,
	       .complete = EBT_COMPLETE_DIRECTORY),
	OPTION("no-save", 0, NULL, DAEMON, DAEMON, "keep nothing", .set = ebt_option_set_flag,
	       AT(no_save)),
	OPTION("set", 0, "NAME=VALUE", DAEMON, DAEMON, "a setting of those below, may be repeated",
	       .set = ebt_option_set_homeo),
	OPTION("json", 'J', NULL, CLIENTS, DAEMON, "print the daemon's own JSON lines",
	       .set = ebt_option_set_flag, AT(json)),

	OPTION("help", 'h', NULL, EBT_CMD_ALL, HELP, "print this help", .answer = ebt_help_print),
	OPTION("usage", 0, NULL, EBT_CMD_ALL, HELP, "print all options, shortly",
	       .answer = ebt_help_usage),
	OPTION("version", 'V', NULL, EBT_CMD_ALL, HELP, "print the version",
	       .answer = ebt_help_version),
	OPTION("print-completion", 0, "SHELL", TRACE, HELP,
	       "print completions of commands and options for bash, zsh or fish",
	       .answer = ebt_completion_print, .words = EBT_WORDS_SHELLS),
};
const size_t ebt_options_table_count = EBT_ARRAY_SIZE(ebt_options_table);

bool ebt_option_belongs(const struct ebt_option *option, const struct ebt_command *command)
{
	return (option->commands & EBT_CMD_BIT(ebt_command_id(command))) != 0;
}

const struct ebt_option *ebt_option_find(const struct ebt_command *command, const char *name)
{
	for (size_t i = 0; i < ebt_options_table_count; i++)
		if (ebt_option_belongs(&ebt_options_table[i], command) &&
		    strcmp(ebt_options_table[i].name, name) == 0)
			return &ebt_options_table[i];
	return NULL;
}
