/* SPDX-License-Identifier: BSD-3-Clause */
#include "export/compile_commands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "base/io.h"
#include "base/text.h"
#include "export/compile_args.h"
#include "base/json_write.h"

#define DB_MAX	     (1u << 30)
#define WRAPPERS_MAX 65536u /* processes remembered */

struct seen {
	UT_hash_handle hh;
	size_t len;
	char key[]; /* file NUL output */
};

struct wrapper {
	UT_hash_handle hh;
	uint32_t pid;
};

struct ebt_compile_db {
	struct ebt_buf text; /* entries, each after a comma but the first */
	struct seen *seen;
	struct wrapper *wrappers;
	struct ebt_compile_stats stats;
};

/* What a command line comes to. */
struct parsed {
	bool nothing, no_link;
	unsigned sources, responses;
	struct ebt_bytes output;
};

int ebt_compile_db_new(struct ebt_compile_db **out)
{
	struct ebt_compile_db *db = calloc(1, sizeof(*db));

	if (!db)
		return -ENOMEM;
	db->text.limit = DB_MAX;
	*out = db;
	return 0;
}

void ebt_compile_db_free(struct ebt_compile_db **dbp)
{
	struct ebt_compile_db *db = *dbp;
	struct seen *s, *s_next;
	struct wrapper *w, *w_next;

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
	struct wrapper *w;

	HASH_FIND(hh, db->wrappers, &pid, sizeof(pid), w);
	return w != NULL;
}

static void add_wrapper(struct ebt_compile_db *db, uint32_t pid)
{
	struct wrapper *w;

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
	struct wrapper *w;

	HASH_FIND(hh, db->wrappers, &pid, sizeof(pid), w);
	if (w) {
		HASH_DELETE(hh, db->wrappers, w);
		free(w);
	}
}

/* dir/path without "." and ".." and doubled slashes; by text alone, as Bear does. */
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

/* First time that this file is compiled to this output? */
static bool is_new(struct ebt_compile_db *db, const struct ebt_buf *file,
		   const struct ebt_buf *output)
{
	size_t len = file->len + 1 + output->len;
	struct seen *s = calloc(1, sizeof(*s) + len), *old;

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

static struct parsed commands_parse(struct ebt_bytes args)
{
	struct parsed p = { 0 };
	struct ebt_bytes arg, value;
	bool next;

	while (ebt_text_next_arg(&args, &arg)) {
		enum ebt_compile_arg kind = ebt_compile_arg(arg, &next);
		size_t skip = arg.len < 2 ? arg.len : 2; /* -oFILE */

		value = (struct ebt_bytes){ arg.data + skip, arg.len - skip };
		if (next && !ebt_text_next_arg(&args, &value))
			value = (struct ebt_bytes){ 0 };
		p.nothing |= kind == EBT_CARG_NONE;
		p.no_link |= kind == EBT_CARG_NO_LINK;
		p.sources += kind == EBT_CARG_SOURCE;
		p.responses += kind == EBT_CARG_RESPONSE;
		if (kind == EBT_CARG_OUTPUT)
			p.output = value;
	}
	return p;
}

static void put_arguments(struct ebt_json_writer *w, struct ebt_bytes compiler,
			  struct ebt_bytes args, const struct parsed *p, struct ebt_bytes source)
{
	struct ebt_bytes arg;
	bool next;

	ebt_json_open(w, "arguments", "[");
	ebt_json_bytes(w, NULL, compiler);
	if (!p->no_link)
		ebt_json_text(w, NULL, "-c");
	while (ebt_text_next_arg(&args, &arg)) {
		enum ebt_compile_arg kind = ebt_compile_arg(arg, &next);
		bool keep =
			kind != EBT_CARG_DROP && kind != EBT_CARG_SOURCE && kind != EBT_CARG_OUTPUT;

		if (keep)
			ebt_json_bytes(w, NULL, arg);
		if (next && ebt_text_next_arg(&args, &arg) && keep)
			ebt_json_bytes(w, NULL, arg);
	}
	if (p->output.len) {
		ebt_json_text(w, NULL, "-o");
		ebt_json_bytes(w, NULL, p->output);
	}
	ebt_json_bytes(w, NULL, source);
	ebt_json_close(w, "]");
}

static void add_entry(struct ebt_compile_db *db, struct ebt_bytes compiler, struct ebt_bytes cwd,
		      struct ebt_bytes args, const struct parsed *p, struct ebt_bytes source)
{
	_cleanup_buf_ struct ebt_buf file = { 0 }, output = { 0 };
	struct ebt_json_writer w = { .out = &db->text };

	commands_absolute(&file, cwd, source);
	if (p->output.len)
		commands_absolute(&output, cwd, p->output);
	if (file.error || output.error || !is_new(db, &file, &output))
		return;
	ebt_buf_puts(&db->text, db->stats.entries++ ? ",\n  " : "  ");
	ebt_json_open(&w, NULL, "{");
	put_arguments(&w, compiler, args, p, source);
	ebt_json_bytes(&w, "directory", cwd);
	ebt_json_bytes(&w, "file", (struct ebt_bytes){ file.data, file.len });
	if (output.len)
		ebt_json_bytes(&w, "output", (struct ebt_bytes){ output.data, output.len });
	ebt_json_close(&w, "}");
}

/* args: behind the compiler's name. */
static void commands_take(struct ebt_compile_db *db, struct ebt_bytes compiler,
			  struct ebt_bytes cwd, struct ebt_bytes args)
{
	struct parsed p = commands_parse(args);
	struct ebt_bytes rest = args, arg, value;
	bool next;

	if (p.nothing)
		return;
	if (!p.sources && p.responses && p.no_link)
		db->stats.in_response_file++;
	while (ebt_text_next_arg(&rest, &arg)) {
		enum ebt_compile_arg kind = ebt_compile_arg(arg, &next);

		if (next)
			ebt_text_next_arg(&rest, &value);
		if (kind == EBT_CARG_SOURCE)
			add_entry(db, compiler, cwd, args, &p, arg);
	}
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

/*
 * The arguments behind the name that the program was called by. For a script the kernel puts the
 * interpreter and its option before the script's path, once more when the interpreter is a script;
 * binfmt_misc may keep the old argv[0] behind the path.
 */
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

/* Takes wrappers, one before the other, and the compiler off args; ccache: settings before it. */
static bool commands_unwrap(struct ebt_bytes *args, struct ebt_bytes *compiler)
{
	while (ebt_text_next_arg(args, compiler)) {
		bool setting = compiler->len && compiler->data[0] != '-' &&
			       memchr(compiler->data, '=', compiler->len);

		if (ebt_compile_is_compiler(*compiler))
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
	struct ebt_bytes args, compiler;
	bool wrapper = ebt_compile_is_wrapper(e->filename), complete;

	if (e->ret < 0)
		return 0;
	/* What a wrapper starts was taken with the wrapper, through scripts and other wrappers. */
	if (is_wrapped(db, e->ppid) || is_wrapped(db, e->pid)) {
		add_wrapper(db, e->pid);
		return 0;
	}
	if (!wrapper && !ebt_compile_is_compiler(e->filename))
		return 0;
	complete = commands_whole(e) && called_with(e, &args);
	/* A wrapper that was not given a compiler takes none from those below it. */
	if (complete && wrapper && !commands_unwrap(&args, &compiler))
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
		compiler = (struct ebt_bytes){ program.data, program.len };
	}
	commands_take(db, compiler, e->cwd, args);
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

struct ebt_compile_stats ebt_compile_db_stats(const struct ebt_compile_db *db)
{
	return db->stats;
}
