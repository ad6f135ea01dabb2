/* SPDX-License-Identifier: BSD-3-Clause */
/* Single records: sizes, fields, paths, flags, counts, exits. */
#include "records.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "decode/decode_internal.h"

static void test_abi_sizes(void **state)
{
	assert_int_equal(sizeof(struct ebt_rec_hdr), 32);
	assert_int_equal(sizeof(struct ebt_rec_exec), 240);
	assert_int_equal(sizeof(struct ebt_rec_exit), 112);
	assert_int_equal(sizeof(struct ebt_rec_data), 40);
	assert_int_equal(sizeof(struct ebt_loser), 24);
	assert_int_equal(sizeof(struct ebt_cpu_counters), 24 * 8 + EBT_LOSERS * 24);
	assert_int_equal(sizeof(struct ebt_config), 32);
	assert_int_equal(sizeof(struct ebt_exe_key), 24);
	assert_int_equal(sizeof(struct ebt_exe_count), 48);
	assert_int_equal(sizeof(struct ebt_exe_entry), 72);
	assert_int_equal(offsetof(struct ebt_rec_exec, exe_ino), 104);
	assert_int_equal(offsetof(struct ebt_rec_exec, sect_len), 144);
	assert_int_equal(offsetof(struct ebt_rec_exec, comm), 168);
	/* The whole record in version 1. */
	assert_int_equal(offsetof(struct ebt_rec_exec, parent_comm), 216);
}

static void test_new_refuses(void **state)
{
	struct ebt_decoder *dec = NULL;

	assert_int_equal(ebt_decoder_new(&dec, 0), -EINVAL);
	assert_int_equal(ebt_decoder_new(&dec, 1u << 20), -EINVAL);
	assert_null(dec);
	ebt_decoder_free(&dec);
	ebt_decoder_free(NULL);
}

static struct exec full_exec(void)
{
	struct exec e = exec_make(2, 5);

	e.rec.tid = 1;
	e.rec.vpid = 2;
	e.rec.uid = 3;
	e.rec.euid = 4;
	e.rec.gid = 5;
	e.rec.egid = 6;
	e.rec.loginuid = EBT_UNSET;
	e.rec.sessionid = 8;
	e.rec.pid_ns = 9;
	e.rec.mnt_ns = 10;
	e.rec.argc = 2;
	e.rec.envc = 1;
	e.rec.exe_dev = 11;
	e.rec.exe_ino = 12;
	e.rec.cgroup_id = 13;
	e.rec.parent_start_ns = 14;
	e.rec.flags |= EBT_EXEC_HAS_EXE | EBT_EXEC_HAS_CWD | EBT_EXEC_HAS_ENV | EBT_EXEC_HAS_TTY;
	memcpy(e.rec.parent_comm, "make-make-make-m", 16);
	memcpy(e.rec.prev_comm, "0123456789abcdef", 16); /* full: no NUL */
	memcpy(e.rec.tty, "pts0", 4);
	e.sect[EBT_SECT_FILENAME] = BYTES("./cc1");
	e.sect[EBT_SECT_EXE] = BYTES("cc1\0lib\0usr\0");
	e.sect[EBT_SECT_CWD] = BYTES("src\0home\0");
	e.sect[EBT_SECT_ARGS] = BYTES("cc1\0-O2\0");
	e.sect[EBT_SECT_ENV] = BYTES("A=b\0");
	return e;
}

static void check_full(const struct kept *k)
{
	const struct ebt_event_exec *x = &k->ev.exec;

	assert_int_equal(k->ev.type, EBT_EVENT_EXEC);
	assert_int_equal(k->ev.cpu, 2);
	assert_int_equal(k->ev.seq, 5);
	assert_int_equal(k->ev.mono_ns, 5000);
	assert_int_equal(k->ev.generation, 1);
	assert_int_equal(x->pid, 105);
	assert_int_equal(x->ppid, 7);
	assert_int_equal(x->tid, 1);
	assert_int_equal(x->vpid, 2);
	assert_int_equal(x->uid, 3);
	assert_int_equal(x->euid, 4);
	assert_int_equal(x->gid, 5);
	assert_int_equal(x->egid, 6);
	assert_int_equal(x->loginuid, EBT_EV_UNSET);
	assert_int_equal(x->sessionid, 8);
	assert_int_equal(x->pid_ns, 9);
	assert_int_equal(x->mnt_ns, 10);
	assert_int_equal(x->ret, 0);
	assert_int_equal(x->argc, 2);
	assert_int_equal(x->envc, 1);
	assert_int_equal(x->exe_dev, 11);
	assert_int_equal(x->exe_ino, 12);
	assert_int_equal(x->cgroup_id, 13);
	assert_int_equal(x->start_ns, 4500);
	assert_int_equal(x->parent_start_ns, 14);
	assert_bytes(x->comm, BYTES("cc1"));
	assert_bytes(x->prev_comm, BYTES("0123456789abcdef"));
	assert_bytes(x->parent_comm, BYTES("make-make-make-m"));
	assert_bytes(x->tty, BYTES("pts/0"));
	assert_bytes(x->filename, BYTES("./cc1"));
	assert_bytes(x->exe, BYTES("/usr/lib/cc1"));
	assert_bytes(x->cwd, BYTES("/home/src"));
	assert_bytes(x->args, BYTES("cc1\0-O2\0"));
	assert_bytes(x->env, BYTES("A=b\0"));
	assert_int_equal(x->args_bytes, 8);
	assert_int_equal(x->args_captured, 8);
	assert_int_equal(x->env_bytes, 4);
	assert_int_equal(x->env_captured, 4);
	assert_int_equal(x->flags,
			 EBT_EV_HAS_EXE | EBT_EV_HAS_CWD | EBT_EV_HAS_ENV | EBT_EV_HAS_TTY);
}

static void test_exec_fields(void **state)
{
	struct sink *s = *state;
	struct exec e = full_exec();

	assert_int_equal(send_whole(s, &e), 0);
	assert_int_equal(s->n, 1);
	check_full(&s->kept[0]);
	assert_int_equal(s->kept[0].ev.records, 1);
	free(e.stream);
}

/* A result is an errno by its sign: the one number that has none on the other side becomes its
 * neighbour. */
static void test_result_can_be_negated(void **state)
{
	static const int32_t results[][2] = {
		{ -2, -2 }, { -5000, -5000 }, { -INT32_MAX, -INT32_MAX }, { INT32_MIN, -INT32_MAX }
	};
	struct sink *s = *state;
	struct exec e = full_exec();

	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		e.rec.ret = results[i][0];
		e.rec.hdr.seq++;
		assert_int_equal(send_whole(s, &e), 0);
		assert_int_equal(s->kept[i].ev.exec.ret, results[i][1]);
	}
	free(e.stream);
}

/* Every set of late sections gives the same event. */
static void test_late_sections(void **state)
{
	struct sink *s = *state;

	for (unsigned late = 0; late < 1u << EBT_SECT_MAX; late++) {
		struct exec e = full_exec();

		e.rec.late = late;
		assert_int_equal(send_whole(s, &e), 0);
		assert_int_equal(s->n, 1);
		check_full(&s->kept[0]);
		sink_clear(s);
		free(e.stream);
	}
}

/* A record of version 1 ends before parent_comm, so its payload begins there. */
static void test_records_of_version_1(void **state)
{
	struct sink *s = *state;
	struct exec e = full_exec(), next = full_exec();

	e.rec.flags &= ~EBT_EXEC_HAS_PARENT_COMM;
	assert_int_equal(send_whole(s, &next), 0);
	assert_int_equal(send_whole(s, &e), 0);
	assert_int_equal(s->n, 2);
	check_full(&s->kept[0]);
	assert_bytes(s->kept[1].ev.exec.parent_comm, BYTES(""));
	assert_bytes(s->kept[1].ev.exec.filename, BYTES("./cc1"));
	assert_bytes(s->kept[1].ev.exec.args, BYTES("cc1\0-O2\0"));
	assert_bytes(s->kept[1].ev.exec.env, BYTES("A=b\0"));
	/* Its rest is joined as in any other version. */
	sink_clear(s);
	e.rec.hdr.seq++;
	assert_int_equal(send_first(s, &e, 7), 0);
	assert_int_equal(s->n, 0);
	assert_int_equal(send_data(s, &e, 7, e.len, 0, 0), 0);
	assert_int_equal(s->n, 1);
	assert_bytes(s->kept[0].ev.exec.parent_comm, BYTES(""));
	assert_bytes(s->kept[0].ev.exec.args, BYTES("cc1\0-O2\0"));
	/* A record that claims to have the name must have the room for it. */
	e.rec.flags |= EBT_EXEC_HAS_PARENT_COMM;
	assert_int_equal(send_record(s, &e.rec, sizeof(e.rec) - 1, NULL, 0), -EBADMSG);
	e.rec.flags &= ~EBT_EXEC_HAS_PARENT_COMM;
	assert_int_equal(send_record(s, &e.rec, exec_fixed_len(&e.rec) - 1, NULL, 0), -EBADMSG);
	free(e.stream);
	free(next.stream);
}

static void test_payload_is_not_copied(void **state)
{
	struct sink *s = *state;
	struct {
		struct ebt_rec_exec rec;
		char payload[8];
	} r = { .payload = "ls\0-l\0" };

	r.rec.hdr.size = sizeof(r);
	r.rec.hdr.type = EBT_REC_EXEC;
	r.rec.hdr.seq = 1;
	r.rec.flags = EBT_EXEC_HAS_PARENT_COMM;
	r.rec.sect_len[EBT_SECT_ARGS] = r.rec.args_bytes = 8;
	assert_int_equal(decode_record(s->dec, &r, sizeof(r), sink_event, s), 0);
	assert_ptr_equal(s->args_at, r.payload);
}

static void check_path(struct ebt_bytes in, bool cut, struct ebt_bytes want, bool want_cut)
{
	static char out[EBT_DECODE_PATH_ROOM];

	assert_bytes(ebt_decode_path(out, in, &cut), want);
	assert_int_equal(cut, want_cut);
}

static void test_paths(void **state)
{
	char *deep = malloc(EBT_DECODE_PATH_MAX), *want = malloc(EBT_DECODE_PATH_MAX + 4);
	size_t n = EBT_DECODE_PATH_MAX / 2;

	check_path(BYTES(""), false, BYTES("/"), false);
	check_path(BYTES(""), true, BYTES(""), true);
	check_path(BYTES("sh\0bin\0"), false, BYTES("/bin/sh"), false);
	check_path(BYTES("sh\0bin\0"), true, BYTES(".../bin/sh"), true);
	check_path(BYTES("sh\0bi"), false, BYTES(".../sh"), true);
	check_path(BYTES("sh"), false, BYTES(""), true);
	check_path(BYTES("a b\0\0c\n\0"), false, BYTES("/c\n/a b"), false);
	/* As many components as fit, cut: the whole room is used. */
	for (size_t i = 0; i < n; i++) {
		memcpy(deep + 2 * i, "x", 2);
		memcpy(want + 3 + 2 * i, "/x", 2);
	}
	memcpy(want, "...", 3);
	check_path((struct ebt_bytes){ deep, 2 * n }, true, (struct ebt_bytes){ want, 2 * n + 3 },
		   true);
	free(deep);
	free(want);
}

static void test_flags(void **state)
{
	static const struct {
		uint32_t rec, ev;
	} map[] = {
		{ EBT_EXEC_SCRIPT, EBT_EV_SCRIPT },
		{ EBT_EXEC_EXE_DELETED, EBT_EV_EXE_DELETED },
		{ EBT_EXEC_CWD_DELETED, EBT_EV_CWD_DELETED },
		{ EBT_EXEC_EXE_CUT, EBT_EV_PATH_TRUNCATED },
		{ EBT_EXEC_CWD_CUT, EBT_EV_CWD_TRUNCATED },
		{ EBT_EXEC_EXE_UNREACHABLE, EBT_EV_EXE_UNREACHABLE },
		{ EBT_EXEC_CWD_UNREACHABLE, EBT_EV_CWD_UNREACHABLE },
		{ EBT_EXEC_FILENAME_CUT, EBT_EV_FILENAME_TRUNCATED },
		{ EBT_EXEC_EXE_MEMFD, EBT_EV_EXE_DELETED },
		{ EBT_EXEC_FAILED, 0 },
		{ EBT_EXEC_ARGS_PARTIAL, EBT_EV_ARGS_FAULT },
		{ EBT_EXEC_HAS_CWD, EBT_EV_HAS_CWD },
		{ EBT_EXEC_ARGS_CUT, EBT_EV_ARGS_TRUNCATED },
	};
	struct sink *s = *state;

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++) {
		struct exec e = exec_make(0, i + 1);

		e.rec.flags = map[i].rec;
		assert_int_equal(send_whole(s, &e), 0);
		assert_int_equal(s->kept[i].ev.exec.flags, map[i].ev);
		free(e.stream);
	}
	/* An empty walk is the root directory, no walk is nothing. */
	assert_bytes(s->kept[11].ev.exec.cwd, BYTES("/"));
	assert_bytes(s->kept[0].ev.exec.cwd, BYTES(""));
	assert_bytes(s->kept[0].ev.exec.exe, BYTES(""));
}

/* The limit of --args is told from a failed exec's unreadable argv. */
static void test_truncated(void **state)
{
	static const struct {
		uint32_t flags, total;
		uint32_t want_flags, want_total;
	} cases[] = {
		{ 0, 4, 0, 4 },
		{ 0, 5, EBT_EV_ARGS_TRUNCATED, 5 },
		{ 0, 1, 0, 4 }, /* total below what came: nonsense, never shown */
		{ EBT_EXEC_FAILED, 5, 0, 5 },
		{ EBT_EXEC_FAILED | EBT_EXEC_ARGS_PARTIAL, 5, EBT_EV_ARGS_FAULT, 5 },
	};
	struct sink *s = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct exec e = exec_make(0, i + 1);
		const struct ebt_event_exec *x = &s->kept[i].ev.exec;

		e.sect[EBT_SECT_ARGS] = BYTES("a\0b\0");
		e.rec.flags = cases[i].flags;
		e.rec.args_bytes = cases[i].total;
		assert_int_equal(send_whole(s, &e), 0);
		assert_int_equal(x->flags, cases[i].want_flags);
		assert_int_equal(x->args_bytes, cases[i].want_total);
		assert_int_equal(x->args_captured, 4);
		free(e.stream);
	}
}

static void test_env_truncated_only_when_asked_for(void **state)
{
	struct sink *s = *state;
	struct exec e = exec_make(0, 1);

	e.rec.env_bytes = 900;
	assert_int_equal(send_whole(s, &e), 0);
	e.rec.hdr.seq = 2;
	e.rec.flags = EBT_EXEC_HAS_ENV;
	assert_int_equal(send_whole(s, &e), 0);
	assert_int_equal(s->kept[0].ev.exec.flags, 0);
	assert_int_equal(s->kept[0].ev.exec.env_bytes, 900);
	assert_int_equal(s->kept[0].ev.exec.env_captured, 0);
	assert_int_equal(s->kept[1].ev.exec.flags, EBT_EV_HAS_ENV | EBT_EV_ENV_TRUNCATED);
	free(e.stream);
}

static void test_faults(void **state)
{
	static const struct {
		uint16_t flags;
		uint32_t bytes, args, env;
	} cases[] = {
		{ EBT_RECF_FAULT_ARGS, 3, 5, 4 },
		{ EBT_RECF_FAULT_ENV, 3, 8, 1 },
		{ EBT_RECF_FAULT_ARGS | EBT_RECF_FAULT_ENV, 9, 0, 3 },
		{ EBT_RECF_FAULT_ARGS, 0xffffffffu, 0, 4 }, /* more than there are */
	};
	struct sink *s = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct exec e = exec_make(0, i + 1);
		const struct ebt_event_exec *x = &s->kept[i].ev.exec;

		e.sect[EBT_SECT_ARGS] = BYTES("abc\0\0\0\0\0");
		e.sect[EBT_SECT_ENV] = BYTES("\0\0\0\0");
		e.rec.hdr.flags = cases[i].flags;
		e.rec.fault_bytes = cases[i].bytes;
		assert_int_equal(send_whole(s, &e), 0);
		assert_int_equal(x->args_captured, cases[i].args);
		assert_int_equal(x->env_captured, cases[i].env);
		assert_int_equal(!!(x->flags & EBT_EV_ARGS_FAULT),
				 !!(cases[i].flags & EBT_RECF_FAULT_ARGS));
		assert_int_equal(!!(x->flags & EBT_EV_ENV_FAULT),
				 !!(cases[i].flags & EBT_RECF_FAULT_ENV));
		assert_int_equal(x->args.len, 8);
		free(e.stream);
	}
}

static void test_sequence_gaps(void **state)
{
	struct sink *s = *state;
	static const uint64_t seqs[] = { 1, 2, 5, 9, 7 };

	for (size_t i = 0; i < 5; i++) {
		struct exec e = exec_make(3, seqs[i]);

		assert_int_equal(send_whole(s, &e), 0);
		free(e.stream);
	}
	assert_int_equal(ebt_decoder_cpu(s->dec, 3)->received, 5);
	assert_int_equal(ebt_decoder_cpu(s->dec, 3)->last_seq, 9);
	assert_int_equal(ebt_decoder_cpu(s->dec, 3)->gaps, 4);
	assert_int_equal(ebt_decoder_cpu(s->dec, 0)->received, 0);
	assert_null(ebt_decoder_cpu(s->dec, 4));
}

static void test_bad_records(void **state)
{
	struct sink *s = *state;
	struct exec e = full_exec();
	struct ebt_rec_exec good;
	char *buf;
	size_t size;

	exec_stream(&e);
	good = e.rec;
	size = sizeof(good) + e.len;
	good.hdr.size = (uint32_t)size;
	buf = malloc(size + 1);
	memcpy(buf, &good, sizeof(good));
	memcpy(buf + sizeof(good), e.stream, e.len);

#define BAD(member, value)                                                                   \
	do {                                                                                 \
		struct ebt_rec_exec bad = good;                                              \
		bad.member = (value);                                                        \
		memcpy(buf, &bad, sizeof(bad));                                              \
		assert_int_equal(decode_record(s->dec, buf, size, sink_event, s), -EBADMSG); \
	} while (0)
	BAD(hdr.size, (uint32_t)size - 1);
	BAD(hdr.size, 0);
	BAD(hdr.cpu, 4);
	BAD(hdr.cpu, UINT32_MAX);
	BAD(hdr.slot, EBT_SCRATCH_SLOTS);
	BAD(hdr.slot, 255);
	BAD(hdr.type, 0);
	BAD(hdr.type, 4);
	BAD(hdr.type, EBT_REC_EXIT);	 /* of the wrong size */
	BAD(hdr.type, EBT_REC_DATA);	 /* of nothing */
	BAD(sect_len[EBT_SECT_ARGS], 7); /* more payload than the sections hold */
	BAD(sect_len[EBT_SECT_ARGS], EBT_ARGS_MAX + 1);
	BAD(sect_len[EBT_SECT_ENV], UINT32_MAX);
	BAD(sect_len[EBT_SECT_EXE], EBT_DECODE_PATH_MAX + 1);
	BAD(sect_len[EBT_SECT_CWD], UINT32_MAX);
	BAD(sect_len[EBT_SECT_FILENAME], 1u << 31);
#undef BAD
	assert_int_equal(s->n, 0);
	assert_int_equal(ebt_decoder_stats(s->dec).bad_records, 16);
	assert_int_equal(ebt_decoder_stats(s->dec).records, 16);
	assert_int_equal(ebt_decoder_cpu(s->dec, 2)->received, 0);
	memcpy(buf, &good, sizeof(good));
	assert_int_equal(decode_record(s->dec, buf, size, sink_event, s), 0);
	check_full(&s->kept[0]);
	free(buf);
	free(e.stream);
}

/* Every length of a record, at the end of readable memory. */
static void test_no_read_past_the_end(void **state)
{
	struct sink *s = *state;
	size_t page = (size_t)sysconf(_SC_PAGESIZE), size;
	char *map =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct exec e = full_exec();

	assert_ptr_not_equal(map, MAP_FAILED);
	assert_int_equal(mprotect(map + page, page, PROT_NONE), 0);
	exec_stream(&e);
	size = sizeof(e.rec) + e.len;
	for (uint8_t type = 0; type <= 4; type++) {
		for (size_t len = 0; len <= size; len++) {
			char *at = map + page - len;
			struct ebt_rec_exec rec = e.rec;

			rec.hdr.type = type;
			rec.hdr.size = (uint32_t)len;
			rec.hdr.seq = 1 + len;
			memcpy(at, &rec, len < sizeof(rec) ? len : sizeof(rec));
			if (len > sizeof(rec))
				memcpy(at + sizeof(rec), e.stream, len - sizeof(rec));
			(void)decode_record(s->dec, at, len, sink_event, s);
			if (s->n > 0 && type == EBT_REC_EXEC && len == size)
				assert_bytes(s->kept[s->n - 1].ev.exec.args, BYTES("cc1\0-O2\0"));
			sink_clear(s);
		}
	}
	munmap(map, 2 * page);
	free(e.stream);
}

static void test_names(void **state)
{
	assert_string_equal(ebt_lost_cause_name(EBT_LOST_RING), "ring");
	assert_string_equal(ebt_lost_cause_name(EBT_LOST_BUSY), "busy");
	assert_string_equal(ebt_lost_cause_name(EBT_LOST_UNKNOWN), "unknown");
}

#define WITH_SINK(test) cmocka_unit_test_setup_teardown(test, sink_setup, sink_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_abi_sizes),
		cmocka_unit_test(test_new_refuses),
		WITH_SINK(test_exec_fields),
		WITH_SINK(test_result_can_be_negated),
		WITH_SINK(test_late_sections),
		WITH_SINK(test_records_of_version_1),
		WITH_SINK(test_payload_is_not_copied),
		cmocka_unit_test(test_paths),
		WITH_SINK(test_flags),
		WITH_SINK(test_truncated),
		WITH_SINK(test_env_truncated_only_when_asked_for),
		WITH_SINK(test_faults),
		WITH_SINK(test_sequence_gaps),
		WITH_SINK(test_bad_records),
		WITH_SINK(test_no_read_past_the_end),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
