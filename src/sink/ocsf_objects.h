/* SPDX-License-Identifier: BSD-3-Clause */
/* ocsf_objects.h - objects of the Open Cybersecurity Schema that several of its classes hold. */
#ifndef EBT_SINK_OCSF_OBJECTS_H
#define EBT_SINK_OCSF_OBJECTS_H

#include "base/json_write.h"
#include "decode/event.h"
#include "sink/sink_format.h"

/* The newest release of the schema, of 2026-08-03; tests/data/ocsf holds what is used of it. */
#define OCSF_VERSION "1.9.0"

enum { CATEGORY_SYSTEM = 1, CATEGORY_FINDINGS = 2, CLASS_PROCESS = 1007, CLASS_DETECTION = 2004 };
enum { ACTIVITY_LAUNCH = 1, ACTIVITY_TERMINATE = 2, ACTIVITY_CREATE = 1, ACTIVITY_OTHER = 99 };
enum { LAUNCH_EXEC = 3 };
enum { STATUS_SUCCESS = 1, STATUS_FAILURE = 2 };
enum { FINDING_NEW = 1, ANALYTIC_BEHAVIORAL = 2, ACTION_DENIED = 2, DISPOSITION_BLOCKED = 2 };
enum { SEVERITY_INFORMATIONAL = 1, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH };
enum { OS_LINUX = 200, DEVICE_UNKNOWN = 0, FILE_REGULAR = 1 };

/* Return a time as the schema has it: milliseconds since 1970. */
uint64_t ebt_ocsf_ms(const struct ebt_sink_options *o, uint64_t mono_ns);
/* Class, category, activity and type of a Process Activity. */
void ebt_ocsf_put_class(struct ebt_json_writer *w, unsigned activity);
/* Is it a call that homeostasis denied? */
bool ebt_ocsf_is_denial(const struct ebt_event *ev);
/* The object metadata: product, version, sequence, and the profiles: container is whether the event has
 * the object of that name. */
void ebt_ocsf_put_metadata(struct ebt_json_writer *w, const struct ebt_event *ev, bool container);
/* The object device: this machine. */
void ebt_ocsf_put_device(struct ebt_json_writer *w, const struct ebt_sink_options *o);
/* A user object. */
void ebt_ocsf_put_user(struct ebt_json_writer *w, const struct ebt_sink_options *o, uint32_t uid);
/* Process ids and the user of a process. */
void ebt_ocsf_put_ids(struct ebt_json_writer *w, const struct ebt_sink_options *o, uint32_t pid,
		      uint64_t start_ns);
/* The parent of a process, as far as an event says who it is. */
struct ebt_ocsf_parent {
	uint32_t pid;	       /* EBT_EV_UNSET: not known */
	uint64_t start_ns;     /* CLOCK_MONOTONIC; 0: not known */
	struct ebt_bytes comm; /* borrowed from the event; empty: not known */
};
/* Write a process object with what is known of the parent, or nothing without a pid. */
void ebt_ocsf_put_parent(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			 const char *key, const struct ebt_ocsf_parent *parent);
/* Write the object actor: the process that started this one, and its user. */
void ebt_ocsf_put_actor(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			const struct ebt_ocsf_parent *parent, uint32_t uid);
/* A file object. */
void ebt_ocsf_put_file(struct ebt_json_writer *w, struct ebt_bytes path);
/* The user of the login, as the extension linux has it; nothing for EBT_EV_UNSET. */
void ebt_ocsf_put_login(struct ebt_json_writer *w, uint32_t loginuid);
/* The users of the extension linux. */
void ebt_ocsf_put_linux_users(struct ebt_json_writer *w, const struct ebt_event_exec *e);
/* The audit session (EBT_EV_UNSET: none) and the terminal, if any is known. */
void ebt_ocsf_put_session(struct ebt_json_writer *w, uint32_t sessionid, struct ebt_bytes tty);
/* The environment as a list of name and value. */
void ebt_ocsf_put_environment(struct ebt_json_writer *w, struct ebt_bytes env);
/* Class, category, activity and severity of a Base Event. */
void ebt_ocsf_put_base(struct ebt_json_writer *w, const char *activity, unsigned severity);

#endif
