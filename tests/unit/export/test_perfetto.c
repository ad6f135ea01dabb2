/* SPDX-License-Identifier: BSD-3-Clause */
/* A Chrome trace of processes at random, read with jansson: it is JSON, every exec is in it once,
 * slices of a row nest, children lie where their parents do, losses are counted. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "export/perfetto.h"

#define PROCS 400
#define FIRST 5000000000ull

struct proc {
	uint32_t pid, ppid;
	uint64_t start_ns, exec_ns, end_ns; /* end_ns 0: still runs */
};

struct item {
	uint64_t ns;
	struct ebt_event ev;
	bool left_out; /* by a filter */
};

static uint32_t random_state;

static uint32_t random_below(uint32_t n)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % n;
}

static struct ebt_event exec_of(const struct proc *p, const struct proc *parent, uint64_t ns,
				int ret)
{
	return (struct ebt_event){ .type = EBT_EVENT_EXEC,
				   .mono_ns = ns,
				   .exec = { .pid = p->pid,
					     .ppid = p->ppid,
					     .tid = p->pid,
					     .ret = ret,
					     .start_ns = p->start_ns,
					     .parent_start_ns = parent ? parent->start_ns : 0,
					     .comm = ebt_bytes_from("a\"\\\x01"),
					     .exe = ebt_bytes_from("/bin/\xff"),
					     .args = { "a\0b c", 6 },
					     .args_bytes = 6,
					     .args_captured = 6 } };
}

static int by_time(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return x->ns < y->ns ? -1 : x->ns > y->ns;
}

/* Every process but the first has one before it as parent and begins while that runs. */
static size_t make_items(struct item *items, unsigned *execs, unsigned *failed, uint64_t *last_ns)
{
	static struct proc procs[PROCS];
	size_t n = 0;

	*execs = *failed = 0;
	*last_ns = FIRST;
	for (unsigned i = 0; i < PROCS; i++) {
		struct proc *p = &procs[i], *parent = i ? &procs[random_below(i)] : NULL;
		uint64_t begin = parent ? parent->exec_ns + random_below(1000000) : FIRST;

		*p = (struct proc){ 100 + i, parent ? parent->pid : 1, begin, begin + 1000, 0 };
		items[n++] = (struct item){ p->exec_ns, exec_of(p, parent, p->exec_ns, 0), false };
		(*execs)++;
		if (random_below(4) == 0) { /* another image, at once */
			p->exec_ns += 2000;
			items[n++] = (struct item){ p->exec_ns, exec_of(p, parent, p->exec_ns, 0),
						    false };
			(*execs)++;
		}
		if (random_below(4) == 0) {
			items[n++] = (struct item){ p->exec_ns + 1,
						    exec_of(p, parent, p->exec_ns + 1, -2), false };
			(*failed)++;
		}
		if (random_below(8)) {
			p->end_ns = p->exec_ns + 10 + random_below(3000000);
			items[n] = (struct item){ .ns = p->end_ns };
			items[n++].ev = (struct ebt_event){
				.type = EBT_EVENT_EXIT,
				.mono_ns = p->end_ns,
				.exit = { .pid = p->pid, .ppid = p->ppid, .start_ns = p->start_ns }
			};
		}
	}
	qsort(items, n, sizeof(*items), by_time);
	*last_ns = items[n - 1].ns;
	return n;
}

static json_t *trace_of(const struct item *items, size_t n, uint64_t last_ns)
{
	struct ebt_model_options mo = { .history_bytes = 1 << 20, .ncpu = 1 };
	int fd = memfd_create("trace", MFD_CLOEXEC);
	struct ebt_trace_options o = { .fd = fd, .first_ns = FIRST };
	struct ebt_event lost = { .type = EBT_EVENT_LOST,
				  .mono_ns = FIRST + 10,
				  .lost = { .cause = EBT_LOST_RING, .count = 7 } };
	struct ebt_model *model = NULL;
	struct ebt_trace *t = NULL;
	json_error_t why;
	json_t *root;
	size_t len;
	char *text;

	assert_true(fd >= 0);
	assert_int_equal(ebt_model_new(&model, &mo), 0);
	o.names = model;
	assert_int_equal(ebt_trace_new(&t, &o), 0);
	for (size_t i = 0; i < n; i++) {
		if (items[i].left_out)
			ebt_trace_left_out(t, &items[i].ev);
		else
			assert_int_equal(ebt_trace_event(t, &items[i].ev), 0);
	}
	assert_int_equal(ebt_trace_event(t, &lost), 0);
	assert_int_equal(ebt_trace_finish(t, last_ns, "still runs"), 0);
	ebt_trace_free(&t);
	ebt_model_free(&model);
	len = (size_t)lseek(fd, 0, SEEK_END);
	text = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_true(text != MAP_FAILED);
	root = json_loadb(text, len, 0, &why);
	munmap(text, len);
	if (!root)
		fail_msg("not JSON, line %d: %s", why.line, why.text);
	close(fd);
	return root;
}

/* Times in nanoseconds, as trace_processor takes them from the microseconds of the file. */
struct slice {
	long row;
	int64_t begin, end;
};

static int64_t time_of(json_t *item, const char *key)
{
	return (int64_t)(json_number_value(json_object_get(item, key)) * 1000 + 0.5);
}

/* By row; in a row from left to right, the longer first. */
static int by_place(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->begin != y->begin)
		return x->begin < y->begin ? -1 : 1;
	return x->end > y->end ? -1 : x->end < y->end;
}

/* trace_processor drops a slice that overlaps another one of its row without lying in it: check that
 * there is none, not by a nanosecond. Return how deep slices lie in each other. */
static unsigned check_nesting(const struct slice *s, size_t n)
{
	int64_t ends[PROCS * 2 + 1];
	unsigned depth = 0, deepest = 0;

	for (size_t i = 0; i < n; i++) {
		if (i && s[i].row != s[i - 1].row)
			depth = 0;
		while (depth && ends[depth - 1] <= s[i].begin)
			depth--;
		if (depth)
			assert_true(s[i].end <= ends[depth - 1]);
		ends[depth++] = s[i].end;
		deepest = depth > deepest ? depth : deepest;
	}
	return deepest;
}

/* An arrow has one beginning and one end, in this order, and each lies in a slice of its row: those of
 * no slice are dropped. Return how many there are. */
static unsigned check_arrows(json_t *events, const struct slice *s, size_t n)
{
	unsigned begun = 0, ended = 0;
	json_t *ev;
	size_t i;

	json_array_foreach(events, i, ev)
	{
		char ph = *json_string_value(json_object_get(ev, "ph"));
		int64_t at = time_of(ev, "ts");
		long row = (long)json_integer_value(json_object_get(ev, "tid"));
		size_t in = 0;

		/* Beginnings and ends that would have to match are not used for slices. */
		assert_null(strchr("BEbe", ph));
		if (ph != 's' && ph != 'f')
			continue;
		assert_int_equal(json_integer_value(json_object_get(ev, "id")),
				 ph == 's' ? ++begun : ++ended);
		assert_true(ended <= begun);
		while (in < n && (s[in].row != row || s[in].begin > at || s[in].end < at))
			in++;
		assert_true(in < n);
	}
	assert_int_equal(begun, ended);
	return begun;
}

/* Every row that has a slice has one name. */
static void check_row_names(json_t *events, const struct slice *s, size_t n)
{
	unsigned char named[PROCS + 2] = { 0 };
	json_t *ev;
	size_t i;

	json_array_foreach(events, i, ev)
	{
		const char *name = json_string_value(json_object_get(ev, "name"));

		if (strcmp(name, "thread_name") == 0)
			named[json_integer_value(json_object_get(ev, "tid"))]++;
	}
	for (size_t k = 0; k < n; k++)
		assert_int_equal(named[s[k].row], 1);
}

static void test_random(void **state)
{
	static struct item items[PROCS * 4];
	static struct slice slices[PROCS * 2];

	for (random_state = 1; random_state < 1000000;) {
		unsigned execs, failed, instants = 0, lost = 0;
		uint64_t last_ns;
		size_t n = make_items(items, &execs, &failed, &last_ns), count = 0, i;
		json_t *root = trace_of(items, n, last_ns), *ev;
		json_t *events = json_object_get(root, "traceEvents");

		assert_true(json_is_array(events));
		json_array_foreach(events, i, ev)
		{
			const char *ph = json_string_value(json_object_get(ev, "ph"));
			const char *name = json_string_value(json_object_get(ev, "name"));
			const char *end;
			int64_t ts = time_of(ev, "ts");

			assert_non_null(ph);
			assert_non_null(name);
			assert_true(ts >= 0);
			instants += *ph == 'i';
			lost += *ph == 'C' && strcmp(name, "lost") == 0;
			if (*ph != 'X')
				continue;
			end = json_string_value(
				json_object_get(json_object_get(ev, "args"), "end"));
			assert_non_null(end);
			assert_true(time_of(ev, "dur") >= 0);
			slices[count++] = (struct slice){ (long)json_integer_value(
								  json_object_get(ev, "tid")),
							  ts, ts + time_of(ev, "dur") };
			if (strncmp(end, "goes on", 7) == 0)
				execs++; /* the same image, cut: it has another slice */
		}
		assert_int_equal(count, execs);
		assert_int_equal(instants, failed);
		assert_true(lost > 0);
		qsort(slices, count, sizeof(*slices), by_place);
		assert_true(check_nesting(slices, count) > 2);
		assert_true(check_arrows(events, slices, count) > 0);
		check_row_names(events, slices, count);
		json_decref(root);
		random_state += 40000;
		if (random_state > 400000)
			break;
	}
}

#define ROWS  65536u /* as many as a trace has */
#define MORE  500u
#define CHILD 1000000u

/* More processes at a time than a trace has rows, their ends lost or left out by a filter: the
 * oldest ones make room, with what lies in them, and the trace has every exec. */
static void test_more_processes_than_rows(void **state)
{
	struct item *items = calloc(ROWS + MORE + 2, sizeof(*items));
	unsigned execs = 0, no_row = 0, still = 0;
	uint64_t ns = FIRST;
	size_t n = 0, i;
	json_t *root, *ev;

	assert_non_null(items);
	for (uint32_t pid = 0; pid < ROWS + MORE; pid++, n++) {
		struct proc p = { 100 + pid, 1, ns, ns, 0 };

		items[n] = (struct item){ ns, exec_of(&p, NULL, ns, 0), false };
		ns += 1000;
		if (pid == 0) { /* the first has a child, which lies in it */
			struct proc child = { CHILD, 100, ns, ns, 0 };

			items[++n] = (struct item){ ns, exec_of(&child, &p, ns, 0), false };
			ns += 1000;
		}
	}
	/* Of one that is not there any more: nothing to end. */
	items[n] = (struct item){ .ns = ns };
	items[n++].ev = (struct ebt_event){ .type = EBT_EVENT_EXIT,
					    .mono_ns = ns,
					    .exit = { .pid = 100, .ppid = 1, .start_ns = FIRST } };
	root = trace_of(items, n, ns);
	json_array_foreach(json_object_get(root, "traceEvents"), i, ev)
	{
		const char *end =
			json_string_value(json_object_get(json_object_get(ev, "args"), "end"));

		if (strcmp(json_string_value(json_object_get(ev, "ph")), "X") != 0)
			continue;
		execs++;
		assert_in_range(json_integer_value(json_object_get(ev, "tid")), 1, ROWS);
		no_row += strncmp(end, "not known", 9) == 0;
		still += strncmp(end, "still runs", 10) == 0;
	}
	assert_int_equal(execs, ROWS + MORE + 1);
	assert_int_equal(no_row, MORE + 1);
	assert_int_equal(still, ROWS);
	json_decref(root);
	free(items);
}

/* Return the n-th item of a kind (ph), which has to be there. */
static json_t *nth_item(json_t *root, const char *ph, size_t n)
{
	json_t *ev;
	size_t i;

	json_array_foreach(json_object_get(root, "traceEvents"), i, ev)
	{
		if (strcmp(json_string_value(json_object_get(ev, "ph")), ph) == 0 && n-- == 0)
			return ev;
	}
	fail_msg("there are too few items of kind %s", ph);
	return NULL;
}

static json_int_t number(json_t *item, const char *key)
{
	return json_integer_value(json_object_get(item, key));
}

static const char *end_of(json_t *slice)
{
	return json_string_value(json_object_get(json_object_get(slice, "args"), "end"));
}

/* The second child of a parent gets a row of its own, with a name, and an arrow from its parent. */
static void test_rows_and_arrows(void **state)
{
	struct proc parent = { 100, 1, FIRST - 10, FIRST, 0 };
	struct proc a = { 101, 100, FIRST + 1000, FIRST + 1500, 0 };
	struct proc b = { 102, 100, FIRST + 2000, FIRST + 2500, 0 };
	struct item items[] = {
		{ FIRST, exec_of(&parent, NULL, FIRST, 0), false },
		{ FIRST + 1500, exec_of(&a, &parent, FIRST + 1500, 0), false },
		{ FIRST + 2500, exec_of(&b, &parent, FIRST + 2500, 0), false },
	};
	json_t *root = trace_of(items, 3, FIRST + 5000), *from, *to, *name;

	from = nth_item(root, "s", 0);
	to = nth_item(root, "f", 0);
	assert_int_equal(number(from, "id"), number(to, "id"));
	assert_int_equal(number(from, "tid"), 1);
	assert_int_equal(number(to, "tid"), 2);
	assert_string_equal(json_string_value(json_object_get(to, "bp")), "e");
	name = nth_item(root, "M", 2); /* after the process's and the first row's */
	assert_string_equal(json_string_value(json_object_get(name, "name")), "thread_name");
	assert_int_equal(number(name, "tid"), 2);
	assert_non_null(strstr(
		json_string_value(json_object_get(json_object_get(name, "args"), "name")), "102"));
	json_decref(root);
}

/* What a filter leaves out ends the slices of its process and begins none. */
static void test_left_out(void **state)
{
	struct proc shown = { 100, 1, FIRST - 10, FIRST, 0 }, other = { 101, 1, FIRST, FIRST, 0 };
	struct item items[] = {
		{ FIRST, exec_of(&shown, NULL, FIRST, 0), false },
		{ FIRST + 500, exec_of(&other, NULL, FIRST + 500, 0), false },
		{ FIRST + 1000, exec_of(&shown, NULL, FIRST + 1000, -2), true },
		{ FIRST + 2000, exec_of(&shown, NULL, FIRST + 2000, 0), true },
		{ .ns = FIRST + 3000,
		  .ev = { .type = EBT_EVENT_EXIT, .mono_ns = FIRST + 3000, .exit = { .pid = 101 } },
		  .left_out = true },
	};
	json_t *root = trace_of(items, 5, FIRST + 9000), *slice = nth_item(root, "X", 0);

	assert_string_equal(end_of(slice), "exec");
	assert_true(json_real_value(json_object_get(slice, "dur")) == 2.0);
	slice = nth_item(root, "X", 1);
	assert_string_not_equal(end_of(slice), "still runs");
	assert_true(json_real_value(json_object_get(slice, "dur")) == 2.5);
	json_decref(root);
}

static void test_empty(void **state)
{
	json_t *root = trace_of(NULL, 0, FIRST);

	assert_true(json_is_array(json_object_get(root, "traceEvents")));
	json_decref(root);
}

static void test_disk_full(void **state)
{
	struct ebt_trace_options o = { .fd = open("/dev/full", O_WRONLY | O_CLOEXEC) };
	struct ebt_trace *t = NULL;

	if (o.fd < 0)
		skip();
	assert_int_equal(ebt_trace_new(&t, &o), 0);
	assert_int_equal(ebt_trace_finish(t, 0, "still runs"), -ENOSPC);
	ebt_trace_free(&t);
	close(o.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_more_processes_than_rows),
		cmocka_unit_test(test_rows_and_arrows),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_disk_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
