/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/monitor_core.h"

#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "homeostasis/monitor_internal.h"

char *ebt_ph_user(char out[EBT_PH_USER_LEN], uint32_t uid)
{
	const struct passwd *user = uid == EBT_PH_UID_HERE ? NULL : getpwuid(uid);

	if (uid == EBT_PH_UID_HERE)
		snprintf(out, EBT_PH_USER_LEN, "the view");
	else if (user)
		snprintf(out, EBT_PH_USER_LEN, "%s", user->pw_name);
	else
		snprintf(out, EBT_PH_USER_LEN, "uid %u", uid);
	return out;
}

void ebt_ph_note(struct ebt_ph_monitor *m, enum ebt_log_level level, const char *fmt, ...)
{
	struct ebt_ph_rec rec = { .events = EBT_PH_EV_NOTE,
				  .call = level,
				  .pid = (uint32_t)getpid(),
				  .tid = (uint32_t)getpid(),
				  .mono_ns = ebt_mono_ns(),
				  .comm = "execbig-top" };
	char text[EBT_PH_NOTE_LEN];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (m->fn)
		m->fn(&rec, text, m->arg);
	else
		ebt_log(level, "%s", text);
}

const char *ebt_ph_monitor_path(const struct ebt_ph_monitor *m, uint32_t slot)
{
	return slot < EBT_PH_PROFILES && m->paths[slot] ? m->paths[slot] : "";
}

void ebt_ph_monitor_set_path(struct ebt_ph_monitor *m, uint32_t slot, const char *path)
{
	if (slot >= EBT_PH_PROFILES || !path[0])
		return;
	free(m->paths[slot]);
	m->paths[slot] = strdup(path);
}

void ebt_ph_monitor_print(struct ebt_ph_monitor *m, int fd, const char *line)
{
	ebt_line_writer_put(m->to_fds, fd, line);
}

uint64_t ebt_ph_monitor_lines_lost(const struct ebt_ph_monitor *m)
{
	return ebt_line_writer_lost(m->to_log) + ebt_line_writer_lost(m->to_fds);
}

struct ebt_ph_kernel *ebt_ph_monitor_kernel(struct ebt_ph_monitor *m)
{
	return m->kernel;
}

struct ebt_ph_settings *ebt_ph_monitor_settings(struct ebt_ph_monitor *m)
{
	return &m->settings;
}

void ebt_ph_monitor_listen(struct ebt_ph_monitor *m, ebt_ph_event_fn fn, void *arg)
{
	m->fn = fn;
	m->arg = arg;
}
