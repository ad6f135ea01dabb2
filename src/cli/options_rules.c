/* SPDX-License-Identifier: BSD-3-Clause */
/* options_rules.c - which options go together. */
#include "cli/options_rules.h"

#include <stddef.h>

#include "base/cleanup.h"
#include "base/log.h"

struct rule {
	bool broken;
	const char *sentence;
};

/* The first that is broken is said. */
static bool hold(const struct rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!rules[i].broken)
			continue;
		ebt_error("%s", rules[i].sentence);
		return false;
	}
	return true;
}

static bool forms_agree(const struct ebt_options *o, const struct ebt_options_said *said)
{
	const struct rule rules[] = {
		{ said->dashes && !o->command, "-- wants a command behind it" },
		{ o->command && said->subcommand,
		  "a command behind -- does not go together with a subcommand" },
		{ (o->demo_bad || o->demo_source || o->demo_step) && o->mode != EBT_MODE_DEMO,
		  "--bad, --source and --step go together with demo only" },
		{ o->mode == EBT_MODE_EXPORT && (!said->operand || !o->read_file),
		  "export wants a format and -r FILE" },
		{ said->order && o->mode == EBT_MODE_JSON,
		  "-o chooses the columns of -e and --csv and the order of the others; -J has all "
		  "there is, in the order of time" },
		{ o->rotate_bytes && !o->write_file,
		  "--rotate is for a recording: it wants -w FILE" },
		{ o->json_format != EBT_SINK_JSON && o->mode != EBT_MODE_JSON,
		  "--format is for -J" },
		{ o->raw && o->mode != EBT_MODE_EVENTS, "--raw is for -e" },
	};

	return hold(rules, EBT_ARRAY_SIZE(rules));
}

static bool tune_agrees(const struct ebt_options *o, const struct ebt_options_said *said)
{
	bool no_failed =
		o->params_given >> offsetof(struct ebt_params, failed) & 1 && !o->params.failed;
	const struct rule rules[] = {
		{ (o->only_count || o->no_filter) && o->mode != EBT_MODE_TUNE,
		  "--only and --no-filter are for tune; -p PID filters from the start" },
		{ o->no_enoent && !o->params.failed && !o->read_file && o->mode <= EBT_MODE_CSV,
		  "--no-enoent leaves some failed execs out, and without -x there are none: it "
		  "wants -x" },
		{ no_failed && o->mode != EBT_MODE_TUNE,
		  "--no-failed is for tune; without -x there are no failed execs from the start" },
	};

	if (!hold(rules, EBT_ARRAY_SIZE(rules)))
		return false;
	if (o->mode == EBT_MODE_TUNE && said->fixed) {
		ebt_error("--%s cannot be changed by tune: it is said at the start", said->fixed);
		return false;
	}
	return true;
}

static bool replay_agrees(const struct ebt_options *o)
{
	const struct rule rules[] = {
		{ o->read_file && o->command,
		  "-r replays a recording: it does not go together with a command behind --" },
		{ o->read_file && o->params.failed,
		  "-x takes failed execs from the kernel; a replay shows those that are in the "
		  "recording without it" },
		{ o->read_file && (o->params_given || o->auto_bytes || o->bpf_text_dir ||
				   o->headers != EBT_HEADERS_AUTO),
		  "--scratch, --ring, --args, --env, --auto, --transport, --headers and "
		  "--bpf-text are for tracing; a recording is as it was made" },
		{ !o->read_file && (o->speed || o->from.kind || o->to.kind),
		  "--speed, --from and --to are for a replay: they want -r FILE" },
	};

	return hold(rules, EBT_ARRAY_SIZE(rules));
}

static bool homeostasis_agrees(const struct ebt_options *o)
{
	const struct rule rules[] = {
		{ (o->profiles_dir || o->homeo_set_count) && !o->homeostasis,
		  "--profiles and --set go together with --homeostasis; a daemon is told with "
		  "`execbig-top set`" },
		{ o->homeostasis && (o->read_file || o->mode > EBT_MODE_CSV),
		  "--homeostasis watches this machine: it does not go together with -r or a "
		  "subcommand; a replay shows what was recorded without it" },
	};

	return hold(rules, EBT_ARRAY_SIZE(rules));
}

bool ebt_options_agree(const struct ebt_options *o, const struct ebt_options_said *said)
{
	return forms_agree(o, said) && tune_agrees(o, said) && replay_agrees(o) &&
	       homeostasis_agrees(o);
}
