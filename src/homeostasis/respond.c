/* SPDX-License-Identifier: BSD-3-Clause */
/* respond.c - responses to anomalies. Off unless asked for; a kill only when the profile asks. */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "homeostasis/monitor_internal.h"

#define REST_NS 200000000ull

/* To the system log. Not by syslog() here: what reads it may be what is stopped. */
__attribute__((format(printf, 2, 3))) static void warn(struct ebt_ph_monitor *m, const char *fmt,
						       ...)
{
	char text[EBT_PH_NOTE_LEN];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ebt_scribe_put(m->to_log, EBT_SCRIBE_TO_LOG, text);
}

static int send_signal(int pidfd, int sig)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0);
}

uint64_t ebt_ph_delay_ms(const struct ebt_ph_settings *s, uint32_t lfc)
{
	/* 2^40 of the smallest unit is more than any limit. */
	uint64_t ms = s->delay_unit_ms << (lfc < 40 ? lfc : 40);

	return ms < s->delay_limit_ms ? ms : s->delay_limit_ms;
}

/* Its state in /proc: the letter behind its name, which may have any bytes in it. */
static bool stands_still(uint32_t pid)
{
	_cleanup_close_ int fd = -1;
	char path[32], stat[128], *end;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%u/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, stat, sizeof(stat) - 1);
	stat[n > 0 ? n : 0] = '\0';
	end = strrchr(stat, ')');
	return end && end[1] == ' ' && end[2] == 'T';
}

static void delay(struct ebt_ph_monitor *m, const struct ebt_ph_rec *rec)
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
	/* Who stands still by somebody else's doing (Ctrl-Z) is not ours to let go on. */
	if (!cgroup && (stands_still(rec->pid) || send_signal(pidfd, SIGSTOP))) {
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

/* Never the first process, nor one of execbig-top: those would have to end it. */
static bool spared(uint32_t pid)
{
	struct stat its, ours;
	char exe[32];

	snprintf(exe, sizeof(exe), "/proc/%u/exe", pid);
	if (pid <= 1 || stat(exe, &its) || stat("/proc/self/exe", &ours))
		return pid <= 1;
	return its.st_dev == ours.st_dev && its.st_ino == ours.st_ino;
}

static void kill_it(struct ebt_ph_monitor *m, const struct ebt_ph_rec *rec)
{
	_cleanup_close_ int pidfd = (int)syscall(SYS_pidfd_open, (pid_t)rec->pid, 0);

	if (pidfd < 0 || send_signal(pidfd, SIGKILL))
		return;
	warn(m, "pid %u profile #%u killed: LFC %u, and its profile asks for it", rec->pid,
	     rec->profile, rec->lfc);
	ebt_ph_note(m, EBT_LOG_WARN, "pid %u (%s) is killed: LFC %u, and its profile asks for it",
		    rec->pid, ebt_ph_monitor_path(m, rec->profile), rec->lfc);
}

void ebt_ph_respond(struct ebt_ph_monitor *m, const struct ebt_ph_rec *rec)
{
	char call[EBT_PH_CALL_LEN];

	if (m->ending || spared(rec->pid))
		return;
	if (m->kill[rec->profile] && rec->lfc > m->settings.kill_limit)
		kill_it(m, rec);
	if (m->settings.response == EBT_PH_RESPOND_NOTHING)
		return;
	warn(m, "anomaly: pid %u tid %u profile #%u: %s, %u pairs missing, LFC %u", rec->pid,
	     rec->tid, rec->profile, ebt_ph_call_name(call, rec->call), rec->missed, rec->lfc);
	if (m->settings.response >= EBT_PH_RESPOND_DELAY)
		delay(m, rec);
}

static void forget(struct ebt_ph_monitor *m, size_t i)
{
	close(m->delays[i].pidfd);
	free(m->delays[i].cgroup);
	m->delays[i] = m->delays[--m->n_delays];
}

static void go_on(const struct ebt_ph_delay *d)
{
	if (d->cgroup)
		ebt_ph_thaw(d->cgroup);
	else
		send_signal(d->pidfd, SIGCONT);
}

void ebt_ph_delay_step(struct ebt_ph_monitor *m, uint64_t now_ns)
{
	for (size_t i = m->n_delays; i-- > 0;) {
		struct ebt_ph_delay *d = &m->delays[i];

		if (d->end_ns > now_ns)
			continue;
		if (d->resting) {
			forget(m, i);
			continue;
		}
		go_on(d);
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
			go_on(&m->delays[last]);
		forget(m, last);
	}
}
