/* SPDX-License-Identifier: BSD-3-Clause */
/* options_rules.c - which options go together. */
#include "cli/options_rules.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"

struct rule {
	bool broken;
	const char *sentence;
};

/* Say the first rule that is broken. */
static bool rules_hold(const struct rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!rules[i].broken)
			continue;
		ebt_error("%s", rules[i].sentence);
		return false;
	}
	return true;
}

static bool rules_is_dash(const char *path)
{
	return path && strcmp(path, "-") == 0;
}

static bool rules_of_output(const struct ebt_command_line *line)
{
	const struct ebt_options *o = &line->options;
	const struct rule rules[] = {
		{ line->order && o->mode == EBT_MODE_JSON,
		  "-o chooses the columns of -e and --csv and the order of the others; -J has all there is, in the order of time" },
		{ o->rotate.given && !o->write_file,
		  "--rotate is for a recording: it wants -w FILE" },
		{ (o->rotate.keep_bytes || o->rotate.keep_ns) && !o->rotate.given &&
			  !o->sqlite_file,
		  "--keep removes old files of a recording in parts, or old rows of a database: it wants --rotate or --sqlite" },
		{ o->quiet && !o->write_file && !o->sqlite_file && !o->metrics_file,
		  "-q prints no events: it wants -w, --sqlite or --metrics, which keep them" },
		{ rules_is_dash(o->sqlite_file),
		  "--sqlite - is not possible: a database cannot be written to standard output; give it a file" },
		{ rules_is_dash(o->metrics_file),
		  "--metrics - is not possible: the file is replaced each time, which standard output cannot be; give it a file" },
		{ o->json_format != EBT_SINK_JSON && o->mode != EBT_MODE_JSON,
		  "--format is for -J" },
		{ o->raw && o->mode != EBT_MODE_EVENTS, "--raw is for -e" },
		{ o->no_enoent && !o->params.failed && !o->read_file,
		  "--no-enoent leaves some failed execs out, and without -x there are none: it wants -x" },
		{ o->kill_on_exit && !o->command,
		  "--kill-on-exit ends the command behind --: it wants one" },
	};

	return rules_hold(rules, EBT_ARRAY_SIZE(rules));
}

static bool rules_of_replay(const struct ebt_command_line *line)
{
	const struct ebt_options *o = &line->options;
	const struct rule rules[] = {
		{ o->read_file && o->command,
		  "-r replays a recording: it does not go together with a command behind --" },
		{ o->read_file && o->params.failed,
		  "-x takes failed execs from the kernel; a replay shows those that are in the recording without it" },
		{ o->read_file && (o->params_given || o->auto_bytes || o->bpf_text_dir ||
				   o->headers != EBT_HEADERS_AUTO),
		  "--scratch, --ring, --args, --env, --auto, --transport, --headers and --bpf-text are for tracing; a recording is as it was made" },
		{ !o->read_file && (o->speed || o->from.kind || o->to.kind),
		  "--speed, --from and --to are for a replay: they want -r FILE" },
	};

	return rules_hold(rules, EBT_ARRAY_SIZE(rules));
}

static bool rules_of_homeostasis(const struct ebt_command_line *line)
{
	const struct ebt_options *o = &line->options;
	const struct rule rules[] = {
		{ (o->profiles_dir || o->homeo_set_count) && !o->homeostasis,
		  "--profiles and --set go together with --homeostasis; a daemon is told with `execbig-top set`" },
		{ o->homeostasis && (o->read_file || o->mode > EBT_MODE_CSV),
		  "--homeostasis watches this machine: it does not go together with -r or --print-bpf; a replay shows what was recorded without it" },
	};

	return rules_hold(rules, EBT_ARRAY_SIZE(rules));
}

static bool rules_of_export(const struct ebt_command_line *line)
{
	const struct ebt_options *o = &line->options;
	const struct rule rules[] = {
		{ !o->read_file, "export wants a format and -r FILE, the recording to read" },
		{ o->json_format != EBT_SINK_JSON && o->export_format != EBT_EXPORT_JSON,
		  "--format is for export json" },
		{ o->compiler_count && o->export_format != EBT_EXPORT_COMPILE_COMMANDS,
		  "--compiler is for export compile-commands" },
		{ o->append && o->export_format != EBT_EXPORT_COMPILE_COMMANDS,
		  "--append is for export compile-commands" },
		{ o->append && (!o->out_file || rules_is_dash(o->out_file)),
		  "--append wants -o FILE, the database to add to" },
	};

	return rules_hold(rules, EBT_ARRAY_SIZE(rules));
}

bool ebt_options_agree(const struct ebt_command_line *line)
{
	switch (ebt_command_id(line->command)) {
	case EBT_CMD_TRACE:
		return rules_of_output(line) && rules_of_replay(line) && rules_of_homeostasis(line);
	case EBT_CMD_EXPORT:
		return rules_of_export(line);
	case EBT_CMD_TRAIN:
		if (!line->profile)
			ebt_error("train wants -o PROFILE, the file to write");
		return line->profile != NULL;
	default:
		return true;
	}
}
