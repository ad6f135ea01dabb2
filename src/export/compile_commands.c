/* SPDX-License-Identifier: BSD-3-Clause */
#include "export/compile_commands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/text.h"
#include "export/compile_args.h"
#include "export/compile_entry.h"
#include "export/compile_response.h"

/* The text of all entries has at most this many bytes. */
#define DB_MAX (1u << 30)
/* At most this many processes that a wrapper started are remembered. */
#define WRAPPERS_MAX 65536u

struct compile_seen {
	UT_hash_handle hh;
	size_t len;
	char key[]; /* file, NUL, output */
};

struct compile_wrapper {
	UT_hash_handle hh;
	uint32_t pid;
};

struct ebt_compile_db {
	struct ebt_compile_options options;
	struct ebt_buf text; /* all entries; each but the first follows a comma */
	struct compile_seen *seen;
	struct compile_wrapper *wrappers;
	struct ebt_compile_stats stats;
};

int ebt_compile_db_new(struct ebt_compile_db **out, const struct ebt_compile_options *options)
{
	struct ebt_compile_db *db = calloc(1, sizeof(*db));

	if (!db)
		return -ENOMEM;
	db->options = *options;
	db->text.limit = DB_MAX;
	*out = db;
	return 0;
}

void ebt_compile_db_free(struct ebt_compile_db **dbp)
{
	struct ebt_compile_db *db = *dbp;
	struct compile_seen *s, *s_next;
	struct compile_wrapper *w, *w_next;

	if (!db)
		return;
	s = db->seen;
	HASH_CLEAR(hh, db->seen);
	for (; s; s = s_next) {
		s_next = s->hh.next;
		free(s);
	}
	w = db->wrappers;
	HASH_CLEAR(hh, db->wrappers);
	for (; w; w = w_next) {
		w_next = w->hh.next;
		free(w);
	}
	ebt_buf_free(&db->text);
	free(db);
	*dbp = NULL;
}

static bool is_wrapped(const struct ebt_compile_db *db, uint32_t pid)
{
	struct compile_wrapper *w;

	HASH_FIND(hh, db->wrappers, &pid, sizeof(pid), w);
	return w != NULL;
}

static void add_wrapper(struct ebt_compile_db *db, uint32_t pid)
{
	struct compile_wrapper *w;

	if (is_wrapped(db, pid) || HASH_COUNT(db->wrappers) >= WRAPPERS_MAX)
		return;
	w = calloc(1, sizeof(*w));
	if (!w)
		return;
	w->pid = pid;
	HASH_ADD(hh, db->wrappers, pid, sizeof(w->pid), w);
	if (!w->hh.tbl)
		free(w);
}

static void remove_wrapper(struct ebt_compile_db *db, uint32_t pid)
{
	struct compile_wrapper *w;

	HASH_FIND(hh, db->wrappers, &pid, sizeof(pid), w);
	if (w) {
		HASH_DELETE(hh, db->wrappers, w);
		free(w);
	}
}

/* Write dir/path without ".", ".." and doubled slashes to out, by text alone, as Bear does. */
static void commands_absolute(struct ebt_buf *out, struct ebt_bytes dir, struct ebt_bytes path)
{
	struct ebt_bytes pieces[2] = { dir, path };

	ebt_buf_reset(out);
	for (int i = path.len && path.data[0] == '/'; i < 2; i++) {
		struct ebt_bytes rest = pieces[i];

		while (rest.len) {
			const char *slash = memchr(rest.data, '/', rest.len);
			size_t len = slash ? (size_t)(slash - rest.data) : rest.len;

			if (len == 2 && memcmp(rest.data, "..", 2) == 0) {
				while (out->len && out->data[--out->len] != '/')
					;
			} else if (len && !(len == 1 && rest.data[0] == '.')) {
				ebt_buf_append(out, "/", 1);
				ebt_buf_append(out, rest.data, len);
			}
			len += slash != NULL;
			rest.data += len;
			rest.len -= len;
		}
	}
	if (!out->len)
		ebt_buf_append(out, "/", 1);
}

/* Return true for a compiler by name, or by the names that the user added. */
static bool is_compiler(const struct ebt_compile_db *db, struct ebt_bytes path)
{
	const char *const *extra = db->options.compilers;

	if (ebt_compile_is_compiler(path))
		return true;
	for (; extra && *extra; extra++) {
		/* A name with a slash is a path, any other one is compared with the last part. */
		struct ebt_bytes name = strchr(*extra, '/') ? path : ebt_bytes_basename(path);

		if (ebt_bytes_equal(name, ebt_bytes_from(*extra)))
			return true;
	}
	return false;
}

/* Return true the first time that this file is compiled to this output. */
static bool is_new(struct ebt_compile_db *db, const struct ebt_buf *file,
		   const struct ebt_buf *output)
{
	size_t len = file->len + 1 + output->len;
	struct compile_seen *s = calloc(1, sizeof(*s) + len), *old;

	if (!s)
		return true;
	s->len = len;
	memcpy(s->key, file->data, file->len);
	if (output->len)
		memcpy(s->key + file->len + 1, output->data, output->len);
	HASH_FIND(hh, db->seen, s->key, len, old);
	if (old) {
		free(s);
		return false;
	}
	HASH_ADD_KEYPTR(hh, db->seen, s->key, len, s);
	if (!s->hh.tbl)
		free(s);
	return true;
}

/* Return true when there is such a file, or when the question cannot be answered. */
static bool source_exists(const struct ebt_compile_files *files, const char *path)
{
	int err = files ? files->exists(path, files->arg) : 0;

	return err != -ENOENT && err != -ENOTDIR;
}

/* Begin an entry in the text unless the database has it, or its source is gone. Return whether the
 * caller is to append the object. */
static bool begin_entry(struct ebt_compile_db *db, const struct ebt_buf *file,
			const struct ebt_buf *output)
{
	if (!source_exists(db->options.files, file->data)) {
		db->stats.missing_sources++;
		return false;
	}
	if (!is_new(db, file, output))
		return false;
	ebt_buf_puts(&db->text, db->stats.entries++ ? ",\n  " : "  ");
	return true;
}

static void add_entry(struct ebt_compile_db *db, const struct ebt_compile_run *run,
		      struct ebt_bytes source)
{
	_cleanup_buf_ struct ebt_buf file = { 0 }, output = { 0 };

	commands_absolute(&file, run->cwd, source);
	if (run->output.len)
		commands_absolute(&output, run->cwd, run->output);
	if (file.error || output.error)
		return;
	if (!begin_entry(db, &file, &output))
		return;
	ebt_compile_put_entry(&db->text, run, source,
			      &(struct ebt_compile_paths){ { file.data, file.len },
							   { output.data, output.len } });
}

/* Add an entry for each source of the run. */
static void run_add(struct ebt_compile_db *db, struct ebt_compile_run *run)
{
	_cleanup_buf_ struct ebt_buf expanded = { 0 };
	struct ebt_compile_scan scan;
	struct ebt_compile_part part;
	struct ebt_compile_response response = { .files = db->options.files,
						 .cwd = run->cwd,
						 .uid = run->uid };

	ebt_compile_run_parse(run);
	/* Response files stay as they are, as in Bear's databases, unless they name the sources. */
	if (!run->nothing && !run->sources && run->responses) {
		if (!response.files) {
			db->stats.in_response_file++;
			return;
		}
		if (ebt_compile_expand_responses(&response, run->args, &expanded))
			return;
		run->args = (struct ebt_bytes){ expanded.data, expanded.len };
		ebt_compile_run_parse(run);
		db->stats.in_response_file += response.missing && !run->sources && !run->nothing;
	}
	if (run->nothing)
		return;
	ebt_compile_scan_begin(&scan, run->compiler, run->args);
	while (ebt_compile_scan_next(&scan, &part))
		if (part.kind == EBT_CARG_SOURCE)
			add_entry(db, run, part.arg);
}

static bool commands_whole(const struct ebt_event_exec *e)
{
	return !(e->flags &
		 (EBT_EV_ARGS_TRUNCATED | EBT_EV_ARGS_LOST | EBT_EV_ARGS_FAULT |
		  EBT_EV_CWD_TRUNCATED | EBT_EV_CWD_UNREACHABLE | EBT_EV_FILENAME_TRUNCATED)) &&
	       e->flags & EBT_EV_HAS_CWD;
}

static void commands_report(const struct ebt_event_exec *e, void (*why)(const char *, void *),
			    void *arg)
{
	char text[200];

	snprintf(text, sizeof(text), "process %u ran a compiler, but %s: it is not in the database",
		 e->pid,
		 e->flags & (EBT_EV_ARGS_TRUNCATED | EBT_EV_ARGS_LOST | EBT_EV_ARGS_FAULT)
			 ? "not all of its command line is known"
			 : "its directory or its own path is not known");
	why(text, arg);
}

static bool same_base(struct ebt_bytes a, struct ebt_bytes b)
{
	return ebt_bytes_equal(ebt_bytes_basename(a), ebt_bytes_basename(b));
}

/* Get the arguments after the name that the program was called by. For a script the kernel inserts
 * the interpreter and its option before the script's path, and once more if the interpreter is a
 * script itself; binfmt_misc may keep the old argv[0] after the path. */
static bool called_with(const struct ebt_event_exec *e, struct ebt_bytes *args)
{
	struct ebt_bytes arg, rest;

	*args = e->args;
	ebt_text_next_arg(args, &arg);
	if (!(e->flags & EBT_EV_SCRIPT))
		return true;
	while (ebt_text_next_arg(args, &arg)) {
		if (!ebt_bytes_equal(arg, e->filename))
			continue;
		rest = *args;
		if (ebt_text_next_arg(&rest, &arg) && same_base(arg, e->filename))
			*args = rest;
		return true;
	}
	return false;
}

/* Take wrappers and the compiler off args; ccache allows settings (NAME=VALUE) before it. */
static bool commands_unwrap(const struct ebt_compile_db *db, struct ebt_bytes *args,
			    struct ebt_bytes *compiler)
{
	while (ebt_text_next_arg(args, compiler)) {
		bool setting = compiler->len && compiler->data[0] != '-' &&
			       memchr(compiler->data, '=', compiler->len);

		if (is_compiler(db, *compiler))
			return true;
		if (!setting && !ebt_compile_is_wrapper(*compiler))
			return false;
	}
	return false;
}

static int take_exec(struct ebt_compile_db *db, const struct ebt_event_exec *e,
		     void (*why)(const char *, void *), void *arg)
{
	_cleanup_buf_ struct ebt_buf program = { 0 };
	struct ebt_compile_run run = { .cwd = e->cwd, .uid = e->euid };
	bool wrapper = ebt_compile_is_wrapper(e->filename), complete;

	if (e->ret < 0)
		return 0;
	/* The compiler below a wrapper was added with the wrapper, also through scripts and other
	 * wrappers. */
	if (is_wrapped(db, e->ppid) || is_wrapped(db, e->pid)) {
		add_wrapper(db, e->pid);
		return 0;
	}
	if (!wrapper && !is_compiler(db, e->filename))
		return 0;
	complete = commands_whole(e) && called_with(e, &run.args);
	/* A wrapper that was called without a compiler does not stand for the compilers below
	 * it. */
	if (complete && wrapper && !commands_unwrap(db, &run.args, &run.compiler))
		return 0;
	if (wrapper || ebt_compile_is_wrapper(e->exe))
		add_wrapper(db, e->pid);
	db->stats.compilers++;
	if (!complete) {
		db->stats.incomplete++;
		commands_report(e, why, arg);
		return 0;
	}
	if (!wrapper) {
		commands_absolute(&program, e->cwd, e->filename);
		run.compiler = (struct ebt_bytes){ program.data, program.len };
	}
	if (e->flags & EBT_EV_HAS_ENV)
		run.env = e->env;
	run_add(db, &run);
	return db->text.error ? db->text.error : program.error;
}

int ebt_compile_db_event(struct ebt_compile_db *db, const struct ebt_event *ev,
			 void (*why)(const char *sentence, void *arg), void *arg)
{
	if (ev->type == EBT_EVENT_EXEC)
		return take_exec(db, &ev->exec, why, arg);
	if (ev->type == EBT_EVENT_EXIT)
		remove_wrapper(db, ev->exit.pid);
	else if (ev->type == EBT_EVENT_LOST)
		db->stats.lost += ev->lost.count;
	return 0;
}

int ebt_compile_db_write(const struct ebt_compile_db *db, int fd)
{
	int err = ebt_write_all(fd, "[\n", 2);

	if (!err)
		err = ebt_write_all(fd, db->text.data, db->text.len);
	return err ? err
		   : ebt_write_all(fd, db->stats.entries ? "\n]\n" : "]\n",
				   db->stats.entries ? 3 : 2);
}

int ebt_compile_db_add(struct ebt_compile_db *db, const struct ebt_compile_earlier *entry)
{
	_cleanup_buf_ struct ebt_buf file = { 0 }, output = { 0 };

	commands_absolute(&file, entry->directory, entry->file);
	if (entry->output.len)
		commands_absolute(&output, entry->directory, entry->output);
	if (file.error || output.error)
		return -ENOMEM;
	if (begin_entry(db, &file, &output))
		ebt_buf_append(&db->text, entry->object.data, entry->object.len);
	return db->text.error;
}

struct ebt_compile_stats ebt_compile_db_stats(const struct ebt_compile_db *db)
{
	return db->stats;
}
