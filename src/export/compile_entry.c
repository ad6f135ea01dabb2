/* SPDX-License-Identifier: BSD-3-Clause */
#include "export/compile_entry.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/json_write.h"
#include "base/text.h"
#include "export/compile_args.h"

void ebt_compile_run_parse(struct ebt_compile_run *run)
{
	struct ebt_compile_scan scan;
	struct ebt_compile_part part;

	run->nothing = run->no_link = false;
	run->sources = run->responses = 0;
	run->output = (struct ebt_bytes){ 0 };
	ebt_compile_scan_begin(&scan, run->compiler, run->args);
	while (ebt_compile_scan_next(&scan, &part)) {
		run->nothing |= part.kind == EBT_CARG_NONE;
		run->no_link |= part.kind == EBT_CARG_NO_LINK;
		run->sources += part.kind == EBT_CARG_SOURCE;
		run->responses += part.kind == EBT_CARG_RESPONSE;
		if (part.kind == EBT_CARG_OUTPUT)
			run->output = part.value;
	}
}

/* Append the directories of one variable, which colons part, each after its option. */
static void put_directories(struct ebt_json_writer *w, const char *option, struct ebt_bytes list)
{
	for (;;) {
		const char *colon = list.len ? memchr(list.data, ':', list.len) : NULL;
		struct ebt_bytes one = { list.data,
					 colon ? (size_t)(colon - list.data) : list.len };

		ebt_json_text(w, NULL, option);
		/* An empty element means the current directory. */
		ebt_json_bytes(w, NULL, one.len ? one : ebt_bytes_from("."));
		if (!colon)
			return;
		list.len -= one.len + 1;
		list.data = colon + 1;
	}
}

/* Append what variables of the environment add to the include path, as options. */
static void put_environment(struct ebt_json_writer *w, struct ebt_bytes env)
{
	static const struct {
		const char *name, *option;
	} variables[] = {
		{ "CPATH=", "-I" },
		{ "C_INCLUDE_PATH=", "-I" },
		{ "CPLUS_INCLUDE_PATH=", "-I" },
		{ "OBJC_INCLUDE_PATH=", "-isystem" },
	};

	for (size_t i = 0; i < EBT_ARRAY_SIZE(variables); i++) {
		size_t len = strlen(variables[i].name);
		struct ebt_bytes rest = env, one;

		while (ebt_text_next_arg(&rest, &one))
			if (one.len > len && memcmp(one.data, variables[i].name, len) == 0)
				put_directories(
					w, variables[i].option,
					(struct ebt_bytes){ one.data + len, one.len - len });
	}
}

static void put_arguments(struct ebt_json_writer *w, const struct ebt_compile_run *run,
			  struct ebt_bytes source)
{
	struct ebt_compile_scan scan;
	struct ebt_compile_part part;

	ebt_json_open(w, "arguments", "[");
	ebt_json_bytes(w, NULL, run->compiler);
	if (!run->no_link)
		ebt_json_text(w, NULL, "-c");
	ebt_compile_scan_begin(&scan, run->compiler, run->args);
	while (ebt_compile_scan_next(&scan, &part)) {
		if (part.kind == EBT_CARG_DROP || part.kind == EBT_CARG_SOURCE ||
		    part.kind == EBT_CARG_OUTPUT)
			continue;
		ebt_json_bytes(w, NULL, part.arg);
		if (part.has_next)
			ebt_json_bytes(w, NULL, part.value);
	}
	put_environment(w, run->env);
	if (run->output.len) {
		ebt_json_text(w, NULL, "-o");
		ebt_json_bytes(w, NULL, run->output);
	}
	ebt_json_bytes(w, NULL, source);
	ebt_json_close(w, "]");
}

void ebt_compile_put_entry(struct ebt_buf *out, const struct ebt_compile_run *run,
			   struct ebt_bytes source, const struct ebt_compile_paths *paths)
{
	struct ebt_json_writer w = { .out = out };

	ebt_json_open(&w, NULL, "{");
	put_arguments(&w, run, source);
	ebt_json_bytes(&w, "directory", run->cwd);
	ebt_json_bytes(&w, "file", paths->file);
	if (paths->output.len)
		ebt_json_bytes(&w, "output", paths->output);
	ebt_json_close(&w, "}");
}
