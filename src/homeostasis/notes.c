/* SPDX-License-Identifier: BSD-3-Clause */
/* notes.c - what the monitor itself has to say: among the events, in the log where nobody listens.
 */
#include <pwd.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "homeostasis/monitor_internal.h"

#define LOOK_NS 1000000000ull
/* A table that is full is said once, then at most this often. */
#define AGAIN_NS 60000000000ull

/* What must not happen in silence. */
static const struct {
	size_t offset;
	const char *text;
} losses[EBT_PH_LOSSES] = {
#define AT(field) offsetof(struct ebt_ph_counters, field)
	{ AT(ring_lost), "events lost, the ring to the monitor was full" },
	{ AT(scratch_busy), "events lost, no buffer was free" },
	{ AT(profiles_full),
	  "starts of programs that are not watched, the table of profiles is full" },
	{ AT(rows_full), "calls not looked at, the table of rows is full" },
	{ AT(tasks_full), "threads not watched, the table of threads is full" },
	{ AT(columns_full),
	  "calls that share one column, a program makes more than 254 different ones" },
};

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

void ebt_ph_watch_losses(struct ebt_ph_monitor *m, uint64_t now_ns)
{
	struct ebt_ph_counters counters;

	if (now_ns < m->next_look_ns)
		return;
	m->next_look_ns = now_ns + LOOK_NS;
	if (ebt_ph_kernel_counters(m->kernel, &counters))
		return;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(losses); i++) {
		uint64_t count;

		memcpy(&count, (const char *)&counters + losses[i].offset, sizeof(count));
		if (count == m->losses[i].told || now_ns < m->losses[i].next_ns)
			continue;
		m->losses[i].told = count;
		m->losses[i].next_ns = now_ns + AGAIN_NS;
		ebt_ph_note(m, EBT_LOG_WARN, "%llu %s", (unsigned long long)count, losses[i].text);
	}
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
