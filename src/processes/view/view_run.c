/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/view_run.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "confine/requirements.h"
#include "confine/sandbox.h"
#include "ipc/cgroup_names.h"
#include "processes/view/name_filters.h"
#include "processes/view/seed_processes.h"
#include "processes/view/view_internal.h"

#define CGROUPS_PAUSE_NS 500000000ull /* as long as an ordinary retune takes */

static void learn_cgroup(uint64_t id, const char *path, void *arg)
{
	ebt_model_set_cgroup(arg, id, path);
}

/* Learns the path of a cgroup when its first exec comes by. A loader that is busy, with a retune,
 * is not asked again at once: each time takes as long as the ring is not read. */
static void name_cgroup(struct ebt_view *v, uint64_t id)
{
	uint64_t *unknown = &v->no_cgroup[id % EBT_ARRAY_SIZE(v->no_cgroup)];
	int err;

	if (v->query_sock < 0 || !id || *unknown == id || ebt_model_cgroup(v->model, id) ||
	    (v->cgroups_busy_ns && ebt_mono_ns() - v->cgroups_busy_ns < CGROUPS_PAUSE_NS))
		return;
	err = ebt_cgroups_ask(v->query_sock, id, learn_cgroup, v->model);
	v->cgroups_busy_ns = err && err != -ENOENT ? ebt_mono_ns() : 0;
	if (err == -ENOENT)
		*unknown = id;
}

void ebt_view_event(struct ebt_view *v, const struct ebt_event *ev)
{
	const struct ebt_name_filters *names =
		v->names_since_ns && ev->mono_ns >= v->names_since_ns ? &v->names_next : &v->names;

	if (!ebt_wanted(names, v->options, v->model, ev) || ebt_view_enough(v))
		return;
	/* -e does not print the exits of what went well; they do not count for -n. */
	if (v->options->mode != EBT_MODE_EVENTS || ev->type != EBT_EVENT_EXIT || ev->exit.status)
		v->events++;
	if (ev->type == EBT_EVENT_EXEC)
		name_cgroup(v, ev->exec.cgroup_id);
	ebt_model_event(v->model, ev);
	if (v->sink && !v->sink_error)
		v->sink_error = ebt_sink_event(v->sink, ev);
}

void ebt_view_traced(struct ebt_view *v, const struct ebt_event *ev)
{
	if (ev->type == EBT_EVENT_EXEC) {
		ebt_sizes_add(&v->sizes, ebt_exec_record_bytes(&ev->exec));
		ebt_sizes_add(&v->slots, ebt_exec_slot_bytes(&ev->exec));
	}
	/* What is recorded is named too where it is not shown. */
	if (v->recorder && ev->type == EBT_EVENT_EXEC)
		name_cgroup(v, ev->exec.cgroup_id);
	ebt_view_event(v, ev);
	ebt_recorder_names(v->recorder, v->model, ev);
}

int ebt_view_open_signals(struct ebt_view *v)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* EFBIG says it */
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCONT);
	/* Replaces what the loader had blocked. */
	sigprocmask(SIG_SETMASK, &set, NULL);
	v->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return v->signals < 0 ? -errno : 0;
}

int ebt_view_open_sink(struct ebt_view *v, int fd)
{
	const struct ebt_options *o = v->options;
	struct ebt_sink_options so = { .fd = fd,
				       .header = true,
				       .raw = o->raw,
				       .columns = o->line_columns,
				       .mono_to_real_ns = v->mono_to_real_ns,
				       .names = v->model,
				       .host = ebt_facts_get(&v->facts, "host"),
				       .machine_id = ebt_facts_get(&v->facts, "machine_id"),
				       .boot_id = ebt_facts_get(&v->facts, "boot_id"),
				       .kernel = ebt_facts_get(&v->facts, "kernel"),
				       .os = ebt_facts_get(&v->facts, "os") };

	v->out_fd = fd;
	switch (o->mode) {
	case EBT_MODE_EVENTS:
		so.format = EBT_SINK_TEXT;
		break;
	case EBT_MODE_JSON:
		so.format = o->json_format;
		break;
	case EBT_MODE_CSV:
		so.format = EBT_SINK_CSV;
		break;
	default:
		return 0;
	}
	so.ascii = o->no_unicode || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	return ebt_sink_new(&v->sink, &so);
}

/* What can be done before the loader is ready: names, processes, memory. */
static int prepare(struct ebt_view *v)
{
	struct ebt_model_options mo = { .history_bytes = v->options->history_bytes };
	int ncpu = libbpf_num_possible_cpus();
	int err;

	v->ncpu = ncpu > 0 ? (unsigned)ncpu : 1;
	v->mono_to_real_ns = ebt_clock_mono_to_real_ns();
	v->slept_ns = ebt_clock_slept_ns();
	mo.mono_to_real_ns = v->mono_to_real_ns;
	mo.ncpu = v->ncpu;
	err = ebt_model_new(&v->model, &mo);
	if (err)
		return err;
	ebt_seed_users(v->model);
	err = ebt_facts_collect(&v->facts, v->options);
	return err ? err : ebt_view_open_sink(v, STDOUT_FILENO);
}

static int take_start(struct ebt_view *v, const struct ebt_msg *msg, int fds[EBT_MSG_FDS])
{
	void *p;
	int err;

	v->ncpu = msg->ncpu;
	v->params = msg->params;
	v->generation = msg->generation;
	v->start_took_ns = msg->took_ns;
	v->compile_ns = msg->compile_ns;
	v->filters = msg->filters;
	v->poll_ms = msg->poll_ms;
	v->start_ns = ebt_mono_ns();
	v->renewed = calloc(v->ncpu, sizeof(*v->renewed));
	v->cpu_peak = calloc(v->ncpu, sizeof(*v->cpu_peak));
	v->closed[0] = calloc(v->ncpu, sizeof(*v->closed[0]));
	v->closed[1] = calloc(v->ncpu, sizeof(*v->closed[1]));
	v->last = calloc(v->ncpu, sizeof(*v->last));
	v->received = calloc(v->ncpu, sizeof(*v->received));
	v->gaps = calloc(v->ncpu, sizeof(*v->gaps));
	if (!v->last || !v->received || !v->gaps || !v->closed[0] || !v->closed[1] ||
	    !v->cpu_peak || !v->renewed)
		return -ENOMEM;
	err = ebt_handover_open(&v->handover, msg, &fds[0], &v->transport);
	if (err)
		return err;
	ebt_view_tell_taken(v, msg->generation);
	v->status_bytes = ebt_status_bytes(v->ncpu);
	p = mmap(NULL, v->status_bytes, PROT_READ, MAP_SHARED, fds[1], 0);
	if (p == MAP_FAILED)
		return -errno;
	v->status = p;
	ebt_recorder_start(v->recorder, msg);
	return ebt_decoder_new(&v->decoder, v->ncpu);
}

/* Waits for the loader. 1: ready; 0: it gave up (and has said why). */
static int await_start(struct ebt_view *v)
{
	struct ebt_msg msg;
	int fds[EBT_MSG_FDS], got, err;

	for (;;) {
		ebt_view_wait(v, -1, -1);
		got = ebt_msg_receive(v->sock, &msg, fds);
		if (got < 0)
			return got == -EPIPE ? 0 : got;
		if (got == 0)
			continue;
		err = msg.type == EBT_MSG_START	 ? take_start(v, &msg, fds)
		      : msg.type == EBT_MSG_PERF ? ebt_handover_add(&v->handover, &msg, fds)
						 : 0;
		for (int i = 0; i < EBT_MSG_FDS; i++)
			ebt_cleanup_close(&fds[i]);
		if (err)
			return err;
		if (msg.type == EBT_MSG_START)
			return 1;
	}
}

static int run_mode(struct ebt_view *v)
{
	switch (v->options->mode) {
	case EBT_MODE_LIVE:
		return ebt_view_live(v);
	case EBT_MODE_BATCH:
		return ebt_view_batch(v);
	default:
		return ebt_view_lines(v);
	}
}

void ebt_view_free(struct ebt_view *v)
{
	ebt_sink_free(&v->sink);
	ebt_recorder_free(&v->recorder);
	ebt_facts_free(&v->facts);
	ebt_kept_close(&v->kept);
	ebt_homeo_view_free(&v->homeo);
	ebt_decoder_free(&v->decoder);
	ebt_transport_free(&v->transport);
	ebt_handover_free(&v->handover);
	ebt_model_free(&v->model);
	if (v->status)
		munmap((void *)v->status, v->status_bytes);
	free(v->last);
	free(v->received);
	free(v->gaps);
	free(v->closed[0]);
	free(v->renewed);
	free(v->cpu_peak);
	free(v->closed[1]);
	ebt_name_filters_free(&v->names);
	ebt_buf_free(&v->refusal);
	ebt_cleanup_close(&v->final_counters);
	ebt_cleanup_close(&v->signals);
	ebt_cleanup_close(&v->sock);
	ebt_cleanup_close(&v->query_sock);
}

/* Before the rights to open anything are gone; what it writes with are those of the invoking user.
 */
static int open_recorder(struct ebt_view *v, char *why, size_t why_len)
{
	int err = ebt_recorder_new(&v->recorder, v->options, why, why_len);

	if (err || !v->recorder)
		return err;
	ebt_recorder_facts(v->recorder, &v->facts);
	ebt_recorder_clock(v->recorder, ebt_mono_ns(), v->mono_to_real_ns);
	return 0;
}

int ebt_view_run(const struct ebt_options *options, int sock, int query_sock, const int homeo[2],
		 pid_t loader)
{
	struct ebt_view v = { .options = options,
			      .sock = sock,
			      .query_sock = query_sock,
			      .signals = -1,
			      .final_counters = -1 };
	_cleanup_close_ int proc = -1;
	char why[256] = "";
	int err, status = EBT_EXIT_FAILURE;

	(void)loader;
	ebt_sandbox_locale();
	err = ebt_view_open_signals(&v);
	if (!err)
		err = ebt_homeo_view_new(&v.homeo, homeo);
	if (!err)
		err = prepare(&v);
	if (!err && options->mode == EBT_MODE_LIVE)
		ebt_kept_open(&v.kept);
	if (!err)
		err = open_recorder(&v, why, sizeof(why));
	/* The names are read as root, where a directory may need it; processes are foreign bytes
	 * and are not. */
	proc = ebt_procfs_open();
	if (!err)
		err = ebt_sandbox_drop(why, sizeof(why));
	if (!err) {
		/* In a pid namespace others' processes have these numbers, in the events. */
		v.names_pids = ebt_can_name_pids(why, sizeof(why)) == 0;
		if (v.names_pids)
			ebt_seed_processes(v.model, v.recorder, TAKE_FD(proc));
		why[0] = '\0';
		err = await_start(&v);
	}
	if (err == 1) {
		ebt_homeo_view_begin(&v);
		status = run_mode(&v);
	} else if (err < 0 && *why)
		ebt_error("%s", why);
	else if (err < 0)
		ebt_error("the view cannot start: %s", strerror(-err));
	if (v.unread) {
		ebt_error("the buffer of events cannot be read any more (%s): tracing is over",
			  strerror(-v.unread));
		status = EBT_EXIT_FAILURE;
	}
	if (ebt_recorder_failed(v.recorder) && !status)
		status = EBT_EXIT_FAILURE;
	ebt_view_free(&v);
	return status;
}
