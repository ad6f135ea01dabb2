/* SPDX-License-Identifier: BSD-3-Clause */
#include "export/metrics.h"

#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"

static void metrics_lost(struct ebt_metrics *m, uint32_t uid, uint64_t count)
{
	unsigned i = 0;

	while (i < m->users && m->user[i].uid != uid)
		i++;
	if (uid == EBT_EV_UNSET || i == EBT_METRICS_USERS) {
		m->lost_others += count;
		return;
	}
	if (i == m->users)
		m->user[m->users++] = (struct ebt_metrics_user){ .uid = uid };
	m->user[i].lost += count;
}

void ebt_metrics_event(struct ebt_metrics *m, const struct ebt_event *ev)
{
	if (ev->type == EBT_EVENT_EXEC) {
		uint32_t flags = ev->exec.flags;

		if (ev->exec.ret < 0)
			m->failed++;
		else
			m->execs++;
		m->args_bytes += ev->exec.args_bytes;
		m->args_truncated += !!(flags & EBT_EV_ARGS_TRUNCATED);
		m->args_fault += !!(flags & EBT_EV_ARGS_FAULT);
		m->args_lost += !!(flags & EBT_EV_ARGS_LOST);
	} else if (ev->type == EBT_EVENT_LOST) {
		metrics_lost(m, ev->lost.uid, ev->lost.count);
	} else if (ev->type == EBT_EVENT_EXIT) {
		m->exits++;
		m->exits_failed += ev->exit.status != 0;
		m->cpu_seconds += (double)(ev->exit.utime_ns + ev->exit.stime_ns) / 1e9;
	}
}

static void metrics_head(struct ebt_buf *out, const char *name, const char *type, const char *help)
{
	ebt_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void metrics_counter(struct ebt_buf *out, const char *name, const char *help, uint64_t value)
{
	metrics_head(out, name, "counter", help);
	ebt_buf_printf(out, "%s %" PRIu64 "\n", name, value);
}

static void metrics_gauge(struct ebt_buf *out, const char *name, const char *help, double value)
{
	metrics_head(out, name, "gauge", help);
	ebt_buf_printf(out, "%s %.15g\n", name, value);
}

/* Label values are quoted and escaped: our own and the kernel's release contain no special
 * characters, but those of a recording may. */
static void put_label(struct ebt_buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			ebt_buf_printf(out, "\\%c", *text);
		else if (*text >= 0x20 && *text < 0x7f)
			ebt_buf_append(out, text, 1);
	}
}

static void put_info(struct ebt_buf *out, const struct ebt_metrics_buffers *b)
{
	metrics_head(out, "execbig_build_info", "gauge",
		     "Version of execbig-top and of the kernel.");
	ebt_buf_puts(out, "execbig_build_info{version=\"" EBT_VERSION "\",kernel=\"");
	put_label(out, b->kernel ? b->kernel : "");
	ebt_buf_puts(out, "\"} 1\n");
}

static void put_events(struct ebt_buf *out, const struct ebt_metrics *m)
{
	metrics_head(out, "execbig_events_total", "counter", "Events seen, by type.");
	ebt_buf_printf(out,
		       "execbig_events_total{type=\"exec\"} %" PRIu64
		       "\nexecbig_events_total{type=\"exec_failed\"} %" PRIu64
		       "\nexecbig_events_total{type=\"exit\"} %" PRIu64 "\n",
		       m->execs, m->failed, m->exits);
	metrics_counter(out, "execbig_exits_failed_total",
			"Processes that ended with a status other than 0.", m->exits_failed);
	metrics_head(out, "execbig_exits_cpu_seconds_total", "counter",
		     "User and system time of processes that ended.");
	ebt_buf_printf(out, "execbig_exits_cpu_seconds_total %.9g\n", m->cpu_seconds);
	metrics_counter(out, "execbig_args_bytes_total", "Bytes of the command lines of execs.",
			m->args_bytes);
	metrics_counter(out, "execbig_args_truncated_total",
			"Execs whose command line was cut by --args.", m->args_truncated);
	metrics_counter(out, "execbig_args_faults_total",
			"Execs with unreadable bytes in arguments.", m->args_fault);
	metrics_counter(out, "execbig_args_lost_total",
			"Execs whose command line is incomplete since the ring was full.",
			m->args_lost);
}

static void put_lost_users(struct ebt_buf *out, const struct ebt_metrics *m)
{
	metrics_head(out, "execbig_lost_user_events_total", "counter",
		     "Events lost, by the user whose they were.");
	for (unsigned i = 0; i < m->users; i++)
		ebt_buf_printf(out, "execbig_lost_user_events_total{uid=\"%u\"} %" PRIu64 "\n",
			       m->user[i].uid, m->user[i].lost);
	ebt_buf_printf(out, "execbig_lost_user_events_total{uid=\"other\"} %" PRIu64 "\n",
		       m->lost_others);
}

/* One CPU counter: its place in the structure, and its metric. */
static const struct per_cpu {
	const char *name, *help;
	size_t offset;
} per_cpu[] = {
#define CPU(field, name, help)                                                  \
	{                                                                       \
		"execbig_" name, help, offsetof(struct ebt_cpu_counters, field) \
	}
	CPU(seen, "seen_events_total", "Times a BPF program ran for an event."),
	CPU(filtered, "filtered_events_total", "Events left out by filters in the kernel."),
	CPU(delivered, "delivered_events_total", "Events whose first record went into the ring."),
	CPU(records, "records_total", "Records in the ring, continuations included."),
	CPU(bytes, "record_bytes_total", "Bytes of these records."),
	CPU(runs, "program_runs_total", "Runs of our BPF programs, forks included."),
#undef CPU
};

static uint64_t value_of(const struct ebt_cpu_counters *c, size_t offset)
{
	__u64 v;

	memcpy(&v, (const char *)c + offset, sizeof(v));
	return v;
}

static void put_cpus(struct ebt_buf *out, const struct ebt_metrics_buffers *b)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(per_cpu); i++) {
		metrics_head(out, per_cpu[i].name, "counter", per_cpu[i].help);
		for (unsigned cpu = 0; cpu < b->ncpu; cpu++)
			ebt_buf_printf(out, "%s{cpu=\"%u\"} %" PRIu64 "\n", per_cpu[i].name, cpu,
				       value_of(&b->counters[cpu], per_cpu[i].offset));
	}
	metrics_head(out, "execbig_lost_events_total", "counter",
		     "Events lost, by CPU and reason.");
	for (unsigned cpu = 0; cpu < b->ncpu; cpu++)
		ebt_buf_printf(out,
			       "execbig_lost_events_total{cpu=\"%u\",reason=\"ring\"} %" PRIu64
			       "\nexecbig_lost_events_total{cpu=\"%u\",reason=\"busy\"} %" PRIu64
			       "\n",
			       cpu, (uint64_t)b->counters[cpu].lost_ring, cpu,
			       (uint64_t)b->counters[cpu].lost_busy);
	metrics_head(out, "execbig_buffer_size_bytes", "gauge",
		     "Scratch buffer of a CPU, one slot.");
	for (unsigned cpu = 0; cpu < b->ncpu; cpu++)
		ebt_buf_printf(out, "execbig_buffer_size_bytes{cpu=\"%u\"} %" PRIu64 "\n", cpu,
			       b->scratch_bytes);
	metrics_head(out, "execbig_buffer_fill_ratio", "gauge",
		     "Most of the scratch buffer that an event used in one record, 0 to 1.");
	for (unsigned cpu = 0; cpu < b->ncpu; cpu++)
		ebt_buf_printf(out, "execbig_buffer_fill_ratio{cpu=\"%u\"} %.6g\n", cpu,
			       b->scratch_bytes ? (double)b->counters[cpu].high_water /
							  (double)b->scratch_bytes
						: 0.0);
}

/* Copy the lines, each metric with the label of the instance. */
static int put_with_instance(struct ebt_buf *out, const char *text, const char *instance)
{
	while (*text) {
		size_t len = strcspn(text, "\n") + 1, name = strcspn(text, "{ ");

		if (*text == '#') {
			ebt_buf_append(out, text, len);
		} else {
			ebt_buf_append(out, text, name);
			ebt_buf_puts(out, "{instance=\"");
			put_label(out, instance);
			ebt_buf_puts(out, text[name] == '{' ? "\"," : "\"}");
			name += text[name] == '{';
			ebt_buf_append(out, text + name, len - name);
		}
		text += len;
	}
	return out->error;
}

static int metrics_put_all(struct ebt_buf *out, const struct ebt_metrics *m,
			   const struct ebt_metrics_buffers *b)
{
	put_info(out, b);
	put_events(out, m);
	put_lost_users(out, m);
	metrics_counter(out, "execbig_missed_writes_total",
			"Times that this file could not be written.", b->missed_writes);
	if (b->counters) {
		put_cpus(out, b);
		metrics_gauge(out, "execbig_ring_size_bytes", "Ring between kernel and view.",
			      (double)b->ring_size);
		metrics_gauge(out, "execbig_ring_fill_ratio",
			      "How full it was when last looked at, 0 to 1.",
			      b->ring_size ? (double)b->ring_used / (double)b->ring_size : 0.0);
		metrics_gauge(out, "execbig_maps_size_bytes", "Memory of all BPF maps.",
			      (double)b->kernel_bytes);
		metrics_counter(out, "execbig_program_misses_total",
				"Runs of our programs that the kernel skipped.",
				b->recursion_misses);
		metrics_gauge(out, "execbig_generation",
			      "Of the BPF programs; rises with each retune.", b->generation);
	}
	metrics_gauge(out, "execbig_start_time_seconds", "When tracing began, Unix time.",
		      (double)(b->start_real_ns / 1000000) / 1e3);
	metrics_gauge(out, "execbig_last_update_time_seconds",
		      "When this file was written, Unix time.",
		      (double)(b->now_real_ns / 1000000) / 1e3);
	return out->error;
}

int ebt_metrics_write(struct ebt_buf *out, const struct ebt_metrics *metrics,
		      const struct ebt_metrics_buffers *buffers)
{
	_cleanup_buf_ struct ebt_buf plain = { 0 };
	int err;

	if (!buffers->instance)
		return metrics_put_all(out, metrics, buffers);
	err = metrics_put_all(&plain, metrics, buffers);
	return err ? err : put_with_instance(out, plain.data, buffers->instance);
}
