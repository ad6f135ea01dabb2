/* SPDX-License-Identifier: BSD-3-Clause */
/* options_table.c - the command line of execbig-top, one row an option. */
#include "cli/options_table.h"

#include "base/cleanup.h"
#include "ebt_abi.h"

const char *ebt_option_group_title(enum ebt_option_group group)
{
	static const char *const titles[EBT_OPTG_MAX] = {
		[EBT_OPTG_OUTPUT] = "Output:",
		[EBT_OPTG_WHAT] = "What is shown:",
		[EBT_OPTG_BUFFERS] = "Buffers (sizes take K, M and G):",
		[EBT_OPTG_COMPILE] = "BPF programs:",
		[EBT_OPTG_FILES] = "Files:",
		[EBT_OPTG_LOOKS] = "Terminal:",
		[EBT_OPTG_DEMO] = "Lessons (demo):",
		[EBT_OPTG_HELP] = "Help:",
	};

	return titles[group];
}

#define LONG(n)	  (EBT_KEY_LONG + (n))
#define AT(field) .offset = offsetof(struct ebt_options, field)

/* Write one row. Name, short letter or number, argument, group and help come first; the members
 * .arg_optional, .set and the setter's parameters follow where they apply. */
#define OPTION(n, k, a, g, h, ...)                                                           \
	{                                                                                    \
		.name = n, .key = k, .arg = a, .group = EBT_OPTG_##g, .help = h, __VA_ARGS__ \
	}

const struct ebt_option ebt_options_table[] = {
	OPTION("batch", 'b', NULL, OUTPUT,
	       "print the screen as text, once a delay; the default when the output is not a "
	       "terminal",
	       .set = ebt_option_set_mode, .value = EBT_MODE_BATCH),
	OPTION("events", 'e', NULL, OUTPUT,
	       "print one line an exec, and one for an exit that failed",
	       .set = ebt_option_set_mode, .value = EBT_MODE_EVENTS),
	OPTION("json", 'J', NULL, OUTPUT, "print one JSON object an event",
	       .set = ebt_option_set_mode, .value = EBT_MODE_JSON),
	OPTION("csv", LONG(0), NULL, OUTPUT, "print events as CSV", .set = ebt_option_set_mode,
	       .value = EBT_MODE_CSV),
	OPTION("format", LONG(47), "FORM", OUTPUT,
	       "objects of -J as json (our own), ecs (Elastic) or ocsf",
	       .set = ebt_option_set_format),
	OPTION("raw", LONG(48), NULL, OUTPUT,
	       "with -e: bytes as they are, for pipes; a terminal may act on them",
	       .set = ebt_option_set_flag, AT(raw)),
	OPTION("delay", 'd', "SECS", OUTPUT, "time between two screens, 0.1 to 3600 (1)",
	       .set = ebt_option_set_seconds, AT(delay_ns),
	       .range = { EBT_DELAY_MIN_NS, EBT_DELAY_MAX_NS, 1 }),
	OPTION("iterations", 'n', "N", OUTPUT,
	       "end after N screens, or after N events with -e, -J, --csv",
	       .set = ebt_option_set_u64, AT(iterations), .range = { 1, UINT64_MAX, 1 }),
	OPTION("sort", 'o', "[+-]COLUMN", OUTPUT,
	       "sort groups by COLUMN (rate): + from high to low, - from low to high; with -e and "
	       "--csv: show these columns, with commas between them",
	       .set = ebt_option_set_sort),
	OPTION("list-columns", 'O', NULL, OUTPUT, "list the columns for -o, also of -e and --csv"),
	OPTION("group", 'g', "BY", OUTPUT,
	       "group execs by exe, comm, command, parent, user or cgroup (exe)",
	       .set = ebt_option_set_group_by),
	OPTION("screen", 's', "NAME", OUTPUT,
	       "begin with screen events, top, tree, buffers, lab or profiles (events)",
	       .set = ebt_option_set_screen),

	OPTION("homeostasis", LONG(70), NULL, OUTPUT,
	       "learn what each program does, and show what is not normal for it among the execs "
	       "and in a screen of its own; hooks every system call, about 0.1 us each",
	       .set = ebt_option_set_flag, AT(homeostasis)),
	OPTION("profiles", LONG(80), "DIR", OUTPUT,
	       "with --homeostasis: keep what is learned in DIR (nowhere)",
	       .set = ebt_option_set_text, AT(profiles_dir)),
	OPTION("set", LONG(81), "NAME=VALUE", OUTPUT,
	       "with --homeostasis: a setting, may be repeated; `daemon --help` lists them",
	       .set = ebt_option_set_homeo),

	OPTION("pid", 'p', "PID,...", WHAT, "only these processes and what they start; at most 64",
	       .set = ebt_option_set_pids),
	OPTION("user", 'u', "USER", WHAT, "only execs of this user (name or number)",
	       .set = ebt_option_set_user),
	OPTION("comm", 'c', "REGEX", WHAT, "only programs whose name matches",
	       .set = ebt_option_set_regex, AT(comm)),
	OPTION("match", 'm', "REGEX", WHAT, "only execs whose whole command line matches",
	       .set = ebt_option_set_regex, AT(match)),
	OPTION("cgroup", LONG(1), "PATH", WHAT, "only execs in this cgroup or below it",
	       .set = ebt_option_set_text, AT(cgroup)),
	OPTION("only", LONG(71), "PID,...", WHAT,
	       "with tune, where --pid names the instance: only these processes and what they "
	       "start",
	       .set = ebt_option_set_only),
	OPTION("no-filter", LONG(72), NULL, WHAT,
	       "with tune: without the filters that are not named beside it",
	       .set = ebt_option_set_flag, AT(no_filter)),
	OPTION("failed", 'x', NULL, WHAT,
	       "execs that failed too; where the kernel refuses fexit this hooks the execve "
	       "tracepoints, and every system call of the machine takes 40 ns longer",
	       .set = ebt_option_set_u8, AT(params.failed), .value = 1),
	OPTION("no-failed", LONG(60), NULL, WHAT, "with tune: no failed execs from now on",
	       .set = ebt_option_set_u8, AT(params.failed), .value = 0),
	OPTION("no-enoent", LONG(30), NULL, WHAT,
	       "with -x: leave out what was not found, as shells try along PATH",
	       .set = ebt_option_set_flag, AT(no_enoent)),

	OPTION("scratch", LONG(2), "BYTES", BUFFERS,
	       "scratch buffer an event is built in, two a CPU: 512 to 32768 (8K)",
	       .set = ebt_option_set_u32_size, AT(params.scratch_bytes),
	       .range = { EBT_SCRATCH_MIN, EBT_SCRATCH_MAX, 8 }),
	OPTION("ring", LONG(3), "BYTES", BUFFERS,
	       "ring between kernel and view, a power of two: 64K to 1G (8M)",
	       .set = ebt_option_set_u32_size, AT(params.ring_bytes),
	       .range = { EBT_RING_MIN, EBT_RING_MAX, 0 }),
	OPTION("args", LONG(4), "BYTES", BUFFERS,
	       "take at most BYTES of each command line, or all of it (all)",
	       .set = ebt_option_set_limit, AT(params.args_limit), .range = { 0, EBT_ARGS_MAX, 1 }),
	OPTION("env", LONG(5), "BYTES", BUFFERS,
	       "take the environment too, all or at most BYTES; it may hold secrets",
	       .arg_optional = true, .set = ebt_option_set_limit, AT(params.env_limit),
	       .range = { 0, EBT_ARGS_MAX, 1 }),
	OPTION("auto", LONG(61), "BYTES", BUFFERS,
	       "enlarge scratch and ring by itself when that helps, up to BYTES for all maps "
	       "(256M)",
	       .arg_optional = true, .set = ebt_option_set_auto, AT(auto_bytes),
	       .range = { EBT_AUTO_MIN, EBT_AUTO_MAX, 1 }),
	OPTION("poll", LONG(6), "MS", BUFFERS, "read the ring this often, 1 to 1000 ms (50)",
	       .set = ebt_option_set_u32, AT(poll_ms),
	       .range = { EBT_POLL_MIN_MS, EBT_POLL_MAX_MS, 1 }),
	OPTION("history", LONG(7), "BYTES", BUFFERS, "memory for past events, from 1M (32M)",
	       .set = ebt_option_set_u64_size, AT(history_bytes),
	       .range = { EBT_HISTORY_MIN, EBT_HISTORY_MAX, 1 }),
	OPTION("transport", LONG(8), "KIND", BUFFERS,
	       "ring, or perf: --ring divided into a buffer on each CPU (ring)",
	       .set = ebt_option_set_transport, AT(params.perf)),

	OPTION("headers", LONG(9), "FROM", COMPILE,
	       "kernel types from auto, btf, kernel (headers of the running one) or a directory "
	       "(auto)",
	       .set = ebt_option_set_headers),
	OPTION("bpf-text", LONG(10), "DIR", COMPILE,
	       "compile the BPF text in DIR in place of the built-in one",
	       .set = ebt_option_set_directory, AT(bpf_text_dir)),
	OPTION("print-bpf", LONG(11), NULL, COMPILE, "print the BPF text as it would be compiled",
	       .set = ebt_option_set_mode, .value = EBT_MODE_PRINT_BPF),
	OPTION("cache-dir", LONG(12), "DIR", COMPILE,
	       "keep compiled programs in DIR (/var/cache/execbig-top)", .set = ebt_option_set_text,
	       AT(cache_dir)),
	OPTION("no-cache", LONG(13), NULL, COMPILE, "compile anew, and keep nothing",
	       .set = ebt_option_set_flag, AT(no_cache)),
	OPTION("debug", LONG(15), NULL, COMPILE, "say what is being done",
	       .set = ebt_option_set_flag, AT(debug)),

	OPTION("write", 'w', "FILE", FILES, "record everything that comes to FILE",
	       .set = ebt_option_set_text, AT(write_file)),
	OPTION("rotate", LONG(41), "SIZE[:N]", FILES,
	       "with -w: go on in a new file when FILE has SIZE, keep N files (all)",
	       .set = ebt_option_set_rotate),
	OPTION("sqlite", LONG(42), "FILE", FILES, "write events to a SQLite database too",
	       .set = ebt_option_set_text, AT(sqlite_file)),
	OPTION("metrics", LONG(43), "FILE", FILES,
	       "write counters for Prometheus's node_exporter to FILE, once a delay",
	       .set = ebt_option_set_text, AT(metrics_file)),
	OPTION("read", 'r', "FILE", FILES, "replay the recording FILE in place of tracing",
	       .set = ebt_option_set_text, AT(read_file)),
	OPTION("speed", LONG(44), "N", FILES,
	       "with -r: play N times as fast as it was, or as fast as can be (max)",
	       .set = ebt_option_set_speed),
	OPTION("from", LONG(45), "TIME", FILES,
	       "with -r: begin at TIME: seconds from the beginning, 14:30, 2026-11-21T14:30:05",
	       .set = ebt_option_set_time, AT(from)),
	OPTION("to", LONG(46), "TIME", FILES, "with -r: end at TIME", .set = ebt_option_set_time,
	       AT(to)),

	OPTION("no-unicode", LONG(16), NULL, LOOKS, "draw in plain ASCII",
	       .set = ebt_option_set_flag, AT(no_unicode)),
	OPTION("no-color", LONG(17), NULL, LOOKS, "draw without colours",
	       .set = ebt_option_set_flag, AT(no_color)),
	OPTION("no-mouse", LONG(18), NULL, LOOKS, "leave the mouse to the terminal",
	       .set = ebt_option_set_flag, AT(no_mouse)),

	/* Only behind `demo`. */
	OPTION("bad", LONG(19), NULL, DEMO, "the variant that the kernel or the compiler refuses",
	       .set = ebt_option_set_flag, AT(demo_bad)),
	OPTION("source", LONG(20), NULL, DEMO, "print the lesson's BPF text",
	       .set = ebt_option_set_flag, AT(demo_source)),
	OPTION("step", LONG(21), NULL, DEMO, "wait for a key before each stage",
	       .set = ebt_option_set_flag, AT(demo_step)),

	OPTION("help", 'h', NULL, HELP, "print this help"),
	OPTION("usage", EBT_KEY_USAGE, NULL, HELP, "print all options, shortly"),
	OPTION("version", 'V', NULL, HELP, "print the version"),
};
const size_t ebt_options_table_count = EBT_ARRAY_SIZE(ebt_options_table);
