/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * event_fields.h - the one table that describes every field of every event.
 *
 * JSON, CSV, the columns of -e, the tables of SQLite, the details screen and the tables in
 * docs/json.md are driven by it or generated from it. To add a field, add its value to struct
 * ebt_event and one row to event_fields.c: it then appears in all of them.
 *
 * A row belongs to one type of event, or to several (the common rows). Rows of the same name mean
 * the same thing in every event and share a column where the output has columns.
 *
 * Everything here is constant and may be used by any thread.
 */
#ifndef EBT_DECODE_EVENT_FIELDS_H
#define EBT_DECODE_EVENT_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/event.h"

/* Version of the output's schema: "v" in JSON. Fields may be added within a version; any other
 * change raises it. */
#define EBT_FIELDS_VERSION 1

/* What a value is, and so how each output writes it. */
enum ebt_value_type {
	EBT_VALUE_UNKNOWN,  /* this kernel or these options do not give it: left out */
	EBT_VALUE_NONE,	    /* it is known that there is none: null */
	EBT_VALUE_NUMBER,   /* number */
	EBT_VALUE_SIGNED,   /* number, as int64_t */
	EBT_VALUE_BOOL,	    /* number, 0 or 1 */
	EBT_VALUE_TIME,	    /* number: CLOCK_REALTIME in nanoseconds */
	EBT_VALUE_FLAGS,    /* number: EBT_EV_*, see ebt_event_flags */
	EBT_VALUE_WORD,	    /* bytes: a word of this program, plain ASCII */
	EBT_VALUE_TEXT,	    /* bytes: any bytes, as the traced process chose them */
	EBT_VALUE_STRINGS,  /* bytes: strings that end in NUL each */
	EBT_VALUE_CONTAINER /* bytes: the cgroup path that names the container; NUL-terminated */
};

struct ebt_value {
	enum ebt_value_type type;
	uint64_t number;
	/* Borrowed from the event, or from the source of the names; the text of a field that is made
	 * from them (pod_uid) stays until this thread asks for the field again. */
	struct ebt_bytes bytes;
};

/* What a field may need beside the event: names and the clock. The functions return NULL for a
 * name that is not known; they may be NULL themselves. */
struct ebt_field_context {
	const char *(*user)(const void *names, uint32_t uid);
	const char *(*cgroup)(const void *names, uint64_t cgroup_id);
	const void *names;
	int64_t mono_to_real_ns; /* to be added to CLOCK_MONOTONIC for CLOCK_REALTIME */
};

/* Where a value comes from, and when it is known. */
enum ebt_field_read {
	EBT_READ_U32,
	EBT_READ_U32_SET,     /* unknown when it is EBT_EV_UNSET */
	EBT_READ_U32_OR_NONE, /* none when it is EBT_EV_UNSET */
	EBT_READ_U32_NONZERO, /* unknown when it is 0 or EBT_EV_UNSET */
	EBT_READ_I32,
	EBT_READ_U64,
	EBT_READ_U64_NONZERO,	/* unknown when it is 0 */
	EBT_READ_BYTES,		/* a text, a block of strings */
	EBT_READ_BYTES_NONZERO, /* unknown when it is empty */
	EBT_READ_BYTES_OR_NONE, /* none when it is empty */
	EBT_READ_CALL		/* the function `call` says */
};

/* Outputs that leave a field out, because they have it in another form. */
#define EBT_FIELD_NOT_JSON 0x1
#define EBT_FIELD_NOT_CSV  0x2
#define EBT_FIELD_NOT_ROW  0x4 /* not a column of SQLite */

/* In place of a path of ECS or OCSF: the field is left out on purpose. */
#define EBT_FIELD_NOT_MAPPED ""

/* Room for the longest key. It is copied with this constant size, which is one instruction for
 * each eight bytes where a copy of key_len bytes would be a call. */
#define EBT_FIELD_KEY_MAX 24

struct ebt_field;
typedef struct ebt_value ebt_field_fn(const struct ebt_event *ev,
				      const struct ebt_field_context *context);

struct ebt_field {
	const char *name;
	char key[EBT_FIELD_KEY_MAX]; /* ,"name": ready to be copied into a JSON object, no NUL */
	const char *unit;	     /* "ns", "bytes"; NULL: none */
	const char *source;	     /* member of the kernel's record, or what it is made from */
	const char *help;	     /* one line, Markdown */
	/* Where ECS and OCSF have it: a path, with dots; EBT_FIELD_NOT_MAPPED: nowhere. What is below
	 * "labels" and "unmapped" is written from the table (sink/schema_members.c), the rest by
	 * ecs.c and ocsf.c; a test holds them to it. */
	const char *ecs, *ocsf;
	const char *csv;   /* column of CSV where it is not the name */
	const char *title; /* over the column of -e; NULL: the name in capitals */
	ebt_field_fn *call;
	uint32_t needs;	 /* EBT_EV_*: unknown unless the exec has this flag; 0: none */
	uint16_t offset; /* of the value in struct ebt_event */
	uint8_t key_len;
	uint8_t read;	   /* enum ebt_field_read */
	uint8_t type;	   /* enum ebt_value_type, of a value that is known */
	uint8_t types;	   /* a bit for each enum ebt_event_type that has it */
	uint8_t since;	   /* schema version that added it */
	uint8_t leave_out; /* EBT_FIELD_NOT_* */
	int8_t width;	   /* of the column of -e; below 0: to the right; 0: by its type */
};

#define EBT_FIELDS_COMMON EBT_EVENT_TYPES /* in place of an event type: the common rows */

/* Return the rows that belong to one type of event only, or the common rows, in the order in which
 * JSON prints them. The common rows come before the rows of the type. */
const struct ebt_field *ebt_fields_of(unsigned type, size_t *count);
/* Return the row of an event type by its name, common rows included, or NULL. */
const struct ebt_field *ebt_field_find(enum ebt_event_type type, const char *name);
/* "number", "text", …: for documentation. */
const char *ebt_value_type_name(enum ebt_value_type type);

/* Return the value of a field of an event that has the field. Nothing is allocated. */
static inline struct ebt_value ebt_field_value(const struct ebt_field *f,
					       const struct ebt_event *ev,
					       const struct ebt_field_context *context)
{
	const char *at = (const char *)ev + f->offset;
	struct ebt_value v = { .type = (enum ebt_value_type)f->type };

	if (f->needs && !(ev->exec.flags & f->needs))
		return (struct ebt_value){ .type = EBT_VALUE_UNKNOWN };
	switch ((enum ebt_field_read)f->read) {
	case EBT_READ_U32:
	case EBT_READ_U32_SET:
	case EBT_READ_U32_OR_NONE:
	case EBT_READ_U32_NONZERO:
		v.number = *(const uint32_t *)at;
		if (v.number == EBT_EV_UNSET && f->read != EBT_READ_U32)
			v.type = f->read == EBT_READ_U32_OR_NONE ? EBT_VALUE_NONE
								 : EBT_VALUE_UNKNOWN;
		if (v.number == 0 && f->read == EBT_READ_U32_NONZERO)
			v.type = EBT_VALUE_UNKNOWN;
		break;
	case EBT_READ_I32:
		v.number = (uint64_t)(int64_t) * (const int32_t *)at;
		break;
	case EBT_READ_U64:
	case EBT_READ_U64_NONZERO:
		v.number = *(const uint64_t *)at;
		if (v.number == 0 && f->read == EBT_READ_U64_NONZERO)
			v.type = EBT_VALUE_UNKNOWN;
		break;
	case EBT_READ_BYTES:
	case EBT_READ_BYTES_NONZERO:
	case EBT_READ_BYTES_OR_NONE:
		v.bytes = *(const struct ebt_bytes *)at;
		if (v.bytes.len == 0 && f->read != EBT_READ_BYTES)
			v.type = f->read == EBT_READ_BYTES_OR_NONE ? EBT_VALUE_NONE
								   : EBT_VALUE_UNKNOWN;
		break;
	case EBT_READ_CALL:
		return f->call(ev, context);
	}
	return v;
}

#endif
