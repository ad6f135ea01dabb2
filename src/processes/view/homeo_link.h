/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * homeo_link.h - two connections to a homeostasis monitor, one for requests and one for events.
 *
 * `execbig-top attach` uses them to talk to the daemon, and the view to talk to its own monitor
 * process. homeostasis/requests.h describes the protocol.
 */
#ifndef EBT_PROCESSES_VIEW_HOMEO_LINK_H
#define EBT_PROCESSES_VIEW_HOMEO_LINK_H

#include <jansson.h>

#include "base/bytes.h"
#include "decode/event.h"
#include "ui/screens/profiles.h"

#define EBT_HOMEO_WHY 256

/* One connection, read line by line. */
struct ebt_homeo_lines {
	int fd;
	struct ebt_buf buf;
	size_t taken;  /* bytes of buf that were given out */
	unsigned owed; /* answers still to arrive for requests that timed out */
};

struct ebt_homeo_link {
	struct ebt_homeo_lines requests, events;
	bool gone;   /* the monitor has closed the connection */
	bool silent; /* the last request timed out: the monitor is stopped or busy */
};

/* Take over both descriptors; _close closes them. */
void ebt_homeo_link_init(struct ebt_homeo_link *link, int requests, int events);
void ebt_homeo_link_close(struct ebt_homeo_link *link);

/* Called for each object of an answer. The object is only valid during the call. */
typedef void (*ebt_homeo_object_fn)(json_t *o, void *arg);

/* Send a request and wait for the whole answer, 5 s at most. Return -EREMOTEIO if the monitor refused
 * (its message is in why), -EPIPE if it is gone, or -ETIME if it did not answer (a message is in
 * why). After -ETIME further requests fail at once with -ETIME until the late answer has arrived and
 * was dropped. */
int ebt_homeo_ask(struct ebt_homeo_link *link, const char *request, ebt_homeo_object_fn fn,
		  void *arg, char why[EBT_HOMEO_WHY]);
/* Ask for events. Return -EPIPE if the monitor is gone. */
int ebt_homeo_subscribe(struct ebt_homeo_link *link);
/* Read what has arrived and pass each event to fn. The strings of an event are only valid during
 * the call. */
void ebt_homeo_take(struct ebt_homeo_link *link, ebt_event_fn fn, void *arg);
/* Pass every event that happened before this call to fn, waiting 2 s at most. */
void ebt_homeo_sync(struct ebt_homeo_link *link, ebt_event_fn fn, void *arg);

/* Return a member of an object: a number (0 if it is missing or negative), or a string ("" if it is
 * missing) that the object owns. */
uint64_t ebt_homeo_number(const json_t *o, const char *key);
const char *ebt_homeo_string(const json_t *o, const char *key);

#endif
