/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/respond.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/proc.h"
#include "homeostasis/freeze.h"
#include "homeostasis/monitor_internal.h"
#include "homeostasis/syscall_names.h"

#define OWN_DEPTH 4 /* from the loader to the view to the view's helpers, and one more */
#define REST_NS	  200000000ull

/* Write to the system log through the line writer: syslog() itself could wait for a log daemon that
 * the monitor has stopped. */
__attribute__((format(printf, 2, 3))) static void respond_syslog(struct ebt_ph_monitor *m,
								 const char *fmt, ...)
{
	char text[EBT_PH_NOTE_LEN];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ebt_line_writer_put(m->to_log, EBT_LINE_WRITER_TO_LOG, text);
}

static int respond_send_signal(int pidfd, int sig)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0);
}

uint64_t ebt_ph_delay_ms(const struct ebt_ph_settings *s, uint32_t lfc)
{
	/* 2^40 of the smallest unit exceeds every limit, and the shift cannot overflow. */
	uint64_t ms = s->delay_unit_ms << (lfc < 40 ? lfc : 40);

	return ms < s->delay_limit_ms ? ms : s->delay_limit_ms;
}

/* Return whether a process is stopped, by SIGSTOP or from its terminal. */
static bool respond_is_stopped(uint32_t pid)
{
	struct ebt_proc_stat stat;
	char text[512];

	return ebt_proc_stat(-1, pid, text, sizeof(text), &stat) == 0 && stat.state == 'T';
}

static void respond_delay(struct ebt_ph_monitor *m, const struct ebt_ph_rec *rec)
{
	uint64_t end_ns = ebt_mono_ns() + ebt_ph_delay_ms(&m->settings, rec->lfc) * 1000000ull;
	char *cgroup = NULL;
	int pidfd;

	if (!rec->lfc)
		return;
	for (size_t i = 0; i < m->n_delays; i++) {
		if (m->delays[i].pid != rec->pid)
			continue;
		if (!m->delays[i].resting && end_ns > m->delays[i].end_ns)
			m->delays[i].end_ns = end_ns;
		return;
	}
	if (m->n_delays == EBT_PH_DELAYS_MAX) {
		ebt_ph_note(m, EBT_LOG_WARN, "pid %u is not stopped: %d others are", rec->pid,
			    EBT_PH_DELAYS_MAX);
		return;
	}
	pidfd = (int)syscall(SYS_pidfd_open, (pid_t)rec->pid, 0);
	if (pidfd < 0)
		return;
	if (m->settings.response == EBT_PH_RESPOND_FREEZE)
		cgroup = ebt_ph_freeze(rec->pid);
	/* A process that was stopped by somebody else (Ctrl-Z) must not be continued by us later. */
	if (!cgroup && (respond_is_stopped(rec->pid) || respond_send_signal(pidfd, SIGSTOP))) {
		close(pidfd);
		return;
	}
	m->delays[m->n_delays++] = (struct ebt_ph_delay){
		.pidfd = pidfd, .pid = rec->pid, .end_ns = end_ns, .cgroup = cgroup
	};
	ebt_ph_note(m, EBT_LOG_WARN, "pid %u (%s) is stopped for %llu ms%s: LFC %u", rec->pid,
		    ebt_ph_monitor_path(m, rec->profile),
		    (unsigned long long)ebt_ph_delay_ms(&m->settings, rec->lfc),
		    cgroup ? " in a frozen cgroup" : "", rec->lfc);
}

/* Return whether a process belongs to this run: this process, and those that run our file and descend
 * from it or from the process of the same file that started it. Code of somebody else's that runs in
 * our file does not descend from them. */
static bool respond_is_ours(uint32_t pid)
{
	uint32_t self = (uint32_t)getpid(), parent = (uint32_t)getppid();
	struct ebt_proc_stat st;
	char text[1024];

	for (int depth = 0; depth < OWN_DEPTH && pid > 1; depth++) {
		if (pid != self && !ebt_proc_runs_our_file(pid))
			return false;
		if (pid == self || pid == parent)
			return true;
		if (ebt_proc_stat(-1, pid, text, sizeof(text), &st))
			return false;
		pid = st.ppid;
	}
	return false;
}

/* Return whether a process is never stopped or killed: pid 1, and the processes of this run, which
 * have to end the delays. */
static bool respond_is_spared(uint32_t pid)
{
	return pid <= 1 || respond_is_ours(pid);
}

static void respond_kill(struct ebt_ph_monitor *m, const struct ebt_ph_rec *rec)
{
	_cleanup_close_ int pidfd = (int)syscall(SYS_pidfd_open, (pid_t)rec->pid, 0);

	if (pidfd < 0 || respond_send_signal(pidfd, SIGKILL))
		return;
	respond_syslog(m, "pid %u profile #%u killed: LFC %u, and its profile asks for it",
		       rec->pid, rec->profile, rec->lfc);
	ebt_ph_note(m, EBT_LOG_WARN, "pid %u (%s) is killed: LFC %u, and its profile asks for it",
		    rec->pid, ebt_ph_monitor_path(m, rec->profile), rec->lfc);
}

void ebt_ph_respond(struct ebt_ph_monitor *m, const struct ebt_ph_rec *rec)
{
	char call[EBT_PH_CALL_LEN];

	if (m->ending || respond_is_spared(rec->pid))
		return;
	if (m->kill[rec->profile] && rec->lfc > m->settings.kill_limit)
		respond_kill(m, rec);
	if (m->settings.response == EBT_PH_RESPOND_NOTHING)
		return;
	respond_syslog(m, "anomaly: pid %u tid %u profile #%u: %s, %u pairs missing, LFC %u",
		       rec->pid, rec->tid, rec->profile, ebt_ph_call_name(call, rec->call),
		       rec->missed, rec->lfc);
	if (m->settings.response >= EBT_PH_RESPOND_DELAY)
		respond_delay(m, rec);
}

static void delay_remove(struct ebt_ph_monitor *m, size_t i)
{
	close(m->delays[i].pidfd);
	free(m->delays[i].cgroup);
	m->delays[i] = m->delays[--m->n_delays];
}

static void delay_continue(const struct ebt_ph_delay *d)
{
	if (d->cgroup)
		ebt_ph_thaw(d->cgroup);
	else
		respond_send_signal(d->pidfd, SIGCONT);
}

void ebt_ph_delay_step(struct ebt_ph_monitor *m, uint64_t now_ns)
{
	for (size_t i = m->n_delays; i-- > 0;) {
		struct ebt_ph_delay *d = &m->delays[i];

		if (d->end_ns > now_ns)
			continue;
		if (d->resting) {
			delay_remove(m, i);
			continue;
		}
		delay_continue(d);
		ebt_ph_note(m, EBT_LOG_INFO, "pid %u goes on", d->pid);
		d->resting = true;
		d->end_ns = now_ns + REST_NS;
	}
}

void ebt_ph_delay_end_all(struct ebt_ph_monitor *m)
{
	while (m->n_delays) {
		size_t last = m->n_delays - 1;

		if (!m->delays[last].resting)
			delay_continue(&m->delays[last]);
		delay_remove(m, last);
	}
}
