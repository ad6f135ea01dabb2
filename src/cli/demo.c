/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli/demo.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "confine/requirements.h"
#include "demo/demo.h"
#include "embed.h"
#include "image/text_source.h"

#define TEXT_MAX (1u << 20)

/* The texts read from the directory of --bpf-text. They live as long as the run. */
struct lesson_texts {
	const char *dir;      /* NULL: the embedded ones */
	const char *names[4]; /* borrowed: constants of the lessons */
	struct ebt_buf read[4];
	unsigned count;
};

static const char *lesson_text_from(struct lesson_texts *texts, const char *name)
{
	_cleanup_fclose_ FILE *f = NULL;
	char path[PATH_MAX], chunk[4096];
	struct ebt_buf *buf;
	size_t n;

	for (unsigned i = 0; i < texts->count; i++) {
		if (strcmp(texts->names[i], name) == 0)
			return texts->read[i].data;
	}
	snprintf(path, sizeof(path), "%s/%s", texts->dir, name);
	f = fopen(path, "re");
	if (!f || texts->count == EBT_ARRAY_SIZE(texts->read))
		return NULL;
	texts->names[texts->count] = name;
	buf = &texts->read[texts->count++];
	buf->limit = TEXT_MAX;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		ebt_buf_append(buf, chunk, n);
	return buf->error ? NULL : buf->data;
}

/* Return the BPF text of that name: from DIR, or, if it is not there, the one built into the program. */
static const char *lesson_text(void *arg, const char *name)
{
	struct lesson_texts *texts = arg;
	const char *text = texts->dir ? lesson_text_from(texts, name) : NULL;

	for (unsigned i = 0; !text && i < ebt_texts_count; i++) {
		if (strcmp(ebt_texts[i].name, name) == 0)
			text = ebt_texts[i].text;
	}
	return text;
}

static int lesson_run(const struct ebt_demo_options *demo, bool own_text, char compiler[PATH_MAX],
		      char headers[PATH_MAX])
{
	char why[512];
	int status = ebt_can_trace(why, sizeof(why));

	if (status) {
		ebt_error("%s", why);
		return status;
	}
	if (own_text && ebt_source_is_secure()) {
		ebt_error("%s", EBT_SOURCE_IS_REFUSED);
		return EBT_EXIT_PRIVILEGE;
	}
	if (ebt_source_compiler(compiler) || ebt_source_headers(headers)) {
		ebt_error("lessons compile their programs: " EBT_SOURCE_NO_COMPILER);
		return EBT_EXIT_FAILURE;
	}
	return ebt_demo_run(demo);
}

int ebt_lessons_run(const struct ebt_options *options)
{
	char compiler[PATH_MAX] = "", headers[PATH_MAX] = "";
	struct lesson_texts texts = { .dir = options->bpf_text_dir };
	struct ebt_demo_options demo = {
		.name = options->demo,
		.bad = options->demo_bad,
		.source = options->demo_source,
		.step = options->demo_step,
		.compiler = compiler,
		.headers = headers,
		.text = lesson_text,
		.text_arg = &texts,
	};
	int status = ebt_demo_needs_privilege(&demo)
			     ? lesson_run(&demo, texts.dir, compiler, headers)
			     : ebt_demo_run(&demo);

	for (unsigned i = 0; i < texts.count; i++)
		ebt_buf_free(&texts.read[i]);
	return status;
}
