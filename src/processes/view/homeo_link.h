/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * homeo_link.h - two connections to a monitor of homeostasis (homeo/server.h), one for questions
 * and one for events: of `execbig-top attach` to the daemon, of the view to its own monitor
 * process.
 */
#ifndef EBT_PROCESSES_VIEW_HOMEO_LINK_H
#define EBT_PROCESSES_VIEW_HOMEO_LINK_H

#include <jansson.h>

#include "base/bytes.h"
#include "decode/event.h"
#include "ui/screens/profiles.h"

#define EBT_HOMEO_WHY 256

/* A connection, read by lines. */
struct ebt_homeo_lines {
	int fd;
	struct ebt_buf buf;
	size_t taken;  /* bytes of buf that were given out */
	unsigned owed; /* answers to questions that nobody waits for any more: still to come */
};

struct ebt_homeo_link {
	struct ebt_homeo_lines requests, events;
	bool gone;   /* the other side has ended */
	bool silent; /* the last question has no answer yet: it is stopped, or busy */
};

/* Takes the descriptors over. */
void ebt_homeo_link_init(struct ebt_homeo_link *link, int requests, int events);
void ebt_homeo_link_close(struct ebt_homeo_link *link);

/* Called for each object of an answer; borrowed. */
typedef void (*ebt_homeo_object_fn)(json_t *o, void *arg);

/* Asks and waits for the whole answer, 5 s at most. -EREMOTEIO: refused, with the server's words in
 * why (else ""); -EPIPE: gone; -ETIME: silent, with a sentence in why. Then nothing more is asked,
 * at once -ETIME, until the late answer has come (and was dropped): it goes on by itself. */
int ebt_homeo_ask(struct ebt_homeo_link *link, const char *request, ebt_homeo_object_fn fn,
		  void *arg, char why[EBT_HOMEO_WHY]);
/* From here on events come. -EPIPE. */
int ebt_homeo_subscribe(struct ebt_homeo_link *link);
/* Reads what has come and gives each event out. Everything in it is borrowed. */
void ebt_homeo_take(struct ebt_homeo_link *link, ebt_event_fn fn, void *arg);
/* Takes all that happened until now: waits for it, 2 s at most. */
void ebt_homeo_sync(struct ebt_homeo_link *link, ebt_event_fn fn, void *arg);

/* Profiles and the line above them, fresh from the monitor, onto the screen. */
void ebt_homeo_refresh(struct ebt_homeo_link *link, struct ebt_profiles *screen);
/* Does what a key asked for about the selected profile; *bad: it was refused. "" in said: there is
 * nothing to say. */
void ebt_homeo_act(struct ebt_homeo_link *link, struct ebt_profiles *screen,
		   enum ebt_profiles_act act, char said[2 * EBT_HOMEO_WHY], bool *bad);
/* An event into the screen's feed, unless it is everyday. */
void ebt_homeo_show(struct ebt_profiles *screen, const struct ebt_event *ev,
		    int64_t mono_to_real_ns);

/* The rows of "profiles count". */
int ebt_homeo_rows(struct ebt_homeo_link *link, struct ebt_profile_row **out, size_t *n);

#endif
