/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/failure.h"
#include "base/log.h"
#include "base/output_place.h"
#include "base/proc.h"
#include "homeostasis/kernel_maps.h"
#include "homeostasis/freeze.h"
#include "homeostasis/monitor_internal.h"
#include "homeostasis/notes.h"
#include "homeostasis/profile_dir.h"
#include "homeostasis/respond.h"

static int monitor_open_dir(const char *path, char *why, size_t why_len)
{
	struct ebt_output_place place;
	struct stat st;
	int fd = ebt_output_find(&place, path, why, why_len);

	if (fd < 0)
		return fd;
	mkdirat(place.dir, place.name, 0700);
	fd = openat(place.dir, place.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	fd = fd < 0 ? -errno : fd;
	ebt_output_close(&place);
	if (fd < 0) {
		snprintf(why, why_len, "cannot open the profiles' directory %s: %s", path,
			 ebt_strerror(-fd));
		return fd;
	}
	if (fstat(fd, &st) || st.st_uid != geteuid() || (st.st_mode & 022)) {
		snprintf(
			why, why_len,
			"the profiles' directory %s can be written by other users, so it is not used",
			path);
		close(fd);
		return -EPERM;
	}
	/* Two monitors would overwrite each other's profiles. The lock lasts as long as the
	 * descriptor. On a filesystem without locks the profiles are not protected. */
	if (flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK) {
		snprintf(
			why, why_len,
			"the profiles' directory %s is in use by another execbig-top: end that one, or give --profiles another directory",
			path);
		close(fd);
		return -EBUSY;
	}
	return fd;
}

/* Convert times between the wall clock, which the files use, and the time of the kernel's tables. */
static void monitor_shift_times(struct ebt_ph_profile *p, int64_t by_ns)
{
	if (p->normal_at_ns)
		p->normal_at_ns += (uint64_t)by_ns;
	if (p->changed_ns)
		p->changed_ns += (uint64_t)by_ns;
}

static int monitor_load_one(struct ebt_ph_set *set, void *arg)
{
	_cleanup_ph_set_ struct ebt_ph_set *owned = set;
	struct ebt_ph_monitor *m = arg;
	int slot;

	monitor_shift_times(&owned->profile, -m->saved_step_ns);
	slot = ebt_ph_kernel_put(m->kernel, owned);
	if (slot < 0) {
		ebt_warn("the profile of %s does not fit into the kernel's tables: %s", owned->path,
			 ebt_strerror(-slot));
		return 0;
	}
	ebt_ph_monitor_set_path(m, (uint32_t)slot, owned->path);
	m->kill[slot] = owned->kill;
	m->saved_count[slot] = owned->profile.count_base + owned->profile.train_count;
	m->saved_changed[slot] = owned->profile.changed_ns;
	return 0;
}

int ebt_ph_monitor_new(struct ebt_ph_monitor **out, struct ebt_ph_kernel *kernel, const char *dir,
		       const struct ebt_ph_settings *settings, char *why, size_t why_len)
{
	struct ebt_ph_monitor *m = calloc(1, sizeof(*m));
	int err = 0;

	if (!m || ebt_line_writer_new(&m->to_log) || ebt_line_writer_new(&m->to_fds)) {
		if (m)
			ebt_line_writer_free(&m->to_log);
		free(m);
		snprintf(why, why_len, "out of memory");
		return -ENOMEM;
	}
	ebt_ph_thaw_leftovers();
	m->dir = -1;
	m->kernel = kernel;
	m->saved_step_ns = ebt_ph_kernel_step_ns(kernel);
	m->settings = *settings;
	m->next_save_ns = ebt_mono_ns() + settings->save_interval_s * 1000000000ull;
	if (dir) {
		m->dir = monitor_open_dir(dir, why, why_len);
		err = m->dir < 0 ? m->dir : 0;
	}
	if (!err && dir) {
		err = ebt_ph_load_all(m->dir, monitor_load_one, m);
		if (err < 0)
			snprintf(why, why_len, "cannot load the profiles in %s: %s", dir,
				 ebt_strerror(-err));
		else
			ebt_debug("%d profiles loaded from %s", err, dir);
		err = err < 0 ? err : 0;
	}
	if (!err) {
		err = ebt_ph_kernel_configure(kernel, &settings->cfg);
		if (err)
			snprintf(why, why_len, "cannot set the settings: %s", ebt_strerror(-err));
	}
	if (err) {
		m->kernel = NULL; /* the caller keeps it */
		ebt_ph_monitor_free(&m);
		return err;
	}
	*out = m;
	return 0;
}

int ebt_ph_monitor_end(struct ebt_ph_monitor *m)
{
	int got;

	/* A process that continues now makes another call, which may be an anomaly. Saving reads
	 * events, so without this flag the process would be stopped again and never continued. */
	m->ending = true;
	ebt_ph_delay_end_all(m);
	if (!m->kernel)
		return 0;
	ebt_ph_kernel_detach(m->kernel);
	got = ebt_ph_monitor_save(m);
	return got < 0 ? got : 0;
}

void ebt_ph_monitor_free(struct ebt_ph_monitor **monitor)
{
	struct ebt_ph_monitor *m = *monitor;

	if (!m)
		return;
	if (!m->ending)
		ebt_ph_monitor_end(m);
	ebt_cleanup_close(&m->dir);
	for (uint32_t i = 0; i < EBT_PH_PROFILES; i++)
		free(m->paths[i]);
	ebt_ph_kernel_free(&m->kernel);
	ebt_line_writer_free(&m->to_log);
	ebt_line_writer_free(&m->to_fds);
	free(m);
	*monitor = NULL;
}

int ebt_ph_monitor_can(const struct ebt_ph_monitor *m, const struct ebt_ph_settings *settings,
		       char *why, size_t why_len)
{
	const char *no = settings->cfg.enforcing ? ebt_ph_kernel_no_deny(m->kernel) : NULL;

	if (!no)
		return 0;
	snprintf(why, why_len, "enforcing: this kernel does not let us refuse execs: %s", no);
	return -EOPNOTSUPP;
}

void ebt_ph_monitor_set_kill(struct ebt_ph_monitor *m, uint32_t slot, bool kill, uint32_t uid)
{
	char user[EBT_PH_USER_LEN];

	m->kill[slot] = kill;
	m->saved_changed[slot] = 0; /* so that the next save writes it */
	ebt_ph_note(m, EBT_LOG_INFO, "processes of %s above kill-limit are %s: set by %s",
		    ebt_ph_monitor_path(m, slot), kill ? "killed" : "left alive",
		    ebt_ph_user(user, uid));
}

int ebt_ph_monitor_set(struct ebt_ph_monitor *m, const char *name, const char *value, uint32_t uid,
		       char *why, size_t why_len)
{
	struct ebt_ph_settings wanted = m->settings;
	char user[EBT_PH_USER_LEN];
	int err = ebt_ph_setting_set(&wanted, name, value, why, why_len);

	if (!err)
		err = ebt_ph_monitor_can(m, &wanted, why, why_len);
	if (err)
		return err;
	if (wanted.save_interval_s != m->settings.save_interval_s)
		m->next_save_ns = ebt_mono_ns() + wanted.save_interval_s * 1000000000ull;
	m->settings = wanted;
	err = ebt_ph_kernel_configure(m->kernel, &m->settings.cfg);
	if (err)
		snprintf(why, why_len, "the kernel refused the setting: %s", ebt_strerror(-err));
	else
		ebt_ph_note(m, EBT_LOG_INFO, "%s is %s now: set by %s", name, value,
			    ebt_ph_user(user, uid));
	return err;
}

/* Learn the path of a new profile: from an absolute name that was given to exec, else from /proc while
 * the process lives, else from the name as given, else from the command name. */
static void monitor_learn_path(struct ebt_ph_monitor *m, const struct ebt_ph_rec *rec)
{
	const char *known = ebt_ph_monitor_path(m, rec->profile);
	char path[EBT_PH_PATH_MAX];

	if (!(rec->events & (EBT_PH_EV_NEW_PROFILE | EBT_PH_EV_ASSOCIATED)) || known[0] == '/')
		return;
	if (rec->path_len && rec->path[0] == '/')
		ebt_ph_monitor_set_path(m, rec->profile, rec->path);
	else if (ebt_proc_exe(rec->pid, path, sizeof(path)) > 0)
		ebt_ph_monitor_set_path(m, rec->profile, path);
	else if (!known[0] && rec->path_len)
		ebt_ph_monitor_set_path(m, rec->profile, rec->path);
	else if (!known[0])
		ebt_ph_monitor_set_path(m, rec->profile, rec->comm);
}

static void monitor_take_record(const struct ebt_ph_rec *rec, void *arg)
{
	struct ebt_ph_monitor *m = arg;

	monitor_learn_path(m, rec);
	if (rec->events & EBT_PH_EV_ANOMALY)
		ebt_ph_respond(m, rec);
	if (m->fn)
		m->fn(rec, ebt_ph_monitor_path(m, rec->profile), m->arg);
}

int ebt_ph_monitor_step(struct ebt_ph_monitor *m)
{
	uint64_t now_ns = ebt_mono_ns();
	int got;

	got = ebt_ph_kernel_read(m->kernel, monitor_take_record, m);
	ebt_ph_delay_step(m, now_ns);
	ebt_ph_watch_losses(m, now_ns);
	if (now_ns >= m->next_save_ns) {
		ebt_ph_monitor_save(m);
		m->next_save_ns = now_ns + m->settings.save_interval_s * 1000000000ull;
	}
	return got;
}

int ebt_ph_monitor_timeout_ms(const struct ebt_ph_monitor *m)
{
	return m->n_delays ? 10 : 500;
}

bool ebt_ph_monitor_saves(const struct ebt_ph_monitor *m)
{
	return m->dir >= 0;
}

int ebt_ph_monitor_save(struct ebt_ph_monitor *m)
{
	uint32_t slots = ebt_ph_kernel_slots(m->kernel);
	int64_t step_ns = ebt_ph_kernel_step_ns(m->kernel);
	int n = 0, worst = 0;

	/* If the clock was set, the times in all files are wrong: write every profile. */
	if (step_ns != m->saved_step_ns)
		memset(m->saved_changed, 0xff, sizeof(m->saved_changed));
	m->saved_step_ns = step_ns;
	for (uint32_t slot = 1; m->dir >= 0 && slot <= slots; slot++) {
		_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
		char name[EBT_PH_NAME_LEN];
		struct ebt_ph_profile p;
		uint64_t count, bytes;
		int err;

		if (ebt_ph_kernel_profile(m->kernel, slot, &p))
			continue;
		count = p.count_base + p.train_count;
		if (count == m->saved_count[slot] && p.changed_ns == m->saved_changed[slot])
			continue;
		err = ebt_ph_kernel_get(m->kernel, slot, &set, &bytes);
		if (!err) {
			snprintf(set->path, sizeof(set->path), "%s", ebt_ph_monitor_path(m, slot));
			set->kill = m->kill[slot];
			monitor_shift_times(&set->profile, step_ns);
			err = ebt_ph_save(m->dir, ebt_ph_file_name(name, &p.key), set);
		}
		if (err) {
			worst = err;
			continue;
		}
		m->saved_count[slot] = count;
		m->saved_changed[slot] = p.changed_ns;
		n++;
		/* A disk may be slow. Read records meanwhile, so that the ring does not fill up and no
		 * process is stopped for too long. */
		ebt_ph_kernel_read(m->kernel, monitor_take_record, m);
		ebt_ph_delay_step(m, ebt_mono_ns());
	}
	if (worst)
		ebt_ph_note(m, EBT_LOG_ERROR, "not every profile could be saved: %s",
			    ebt_strerror(-worst));
	else if (n)
		ebt_ph_note(m, EBT_LOG_DEBUG, "%d profiles saved", n);
	return worst ? worst : n;
}

int ebt_ph_monitor_verb(struct ebt_ph_monitor *m, uint32_t slot, enum ebt_ph_verb verb,
			const struct ebt_ph_asker *who)
{
	static const uint32_t events[] = { [EBT_PH_NORMALIZE] = EBT_PH_EV_NORMAL,
					   [EBT_PH_SENSITIZE] = EBT_PH_EV_SENSITIZED,
					   [EBT_PH_TOLERIZE] = EBT_PH_EV_STOP_NORMAL };
	struct ebt_ph_rec rec = { .events = EBT_PH_EV_ASKED | events[verb],
				  .profile = slot,
				  .mono_ns = ebt_mono_ns(),
				  .uid = who->uid,
				  .pid = who->pid,
				  .tid = who->pid };
	struct ebt_ph_profile p;
	int err = ebt_ph_kernel_verb(m->kernel, slot, verb);

	if (!err)
		err = ebt_ph_kernel_profile(m->kernel, slot, &p);
	if (err)
		return err;
	rec.train_count = p.train_count;
	rec.anomalies = p.anomalies;
	rec.key = p.key;
	if (m->fn)
		m->fn(&rec, ebt_ph_monitor_path(m, slot), m->arg);
	return 0;
}
