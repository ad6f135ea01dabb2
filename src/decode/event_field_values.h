/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * event_field_values.h - the values that are not simply a member of the event, for src/decode/ alone.
 *
 * Each function is the `call` of one row of the table and returns the value of its field. The bytes
 * are borrowed from the event, from the source of the names, or constant.
 */
#ifndef EBT_DECODE_EVENT_FIELD_VALUES_H
#define EBT_DECODE_EVENT_FIELD_VALUES_H

#include "decode/event_fields.h"

ebt_field_fn ebt_field_version;
ebt_field_fn ebt_field_type;
ebt_field_fn ebt_field_ts;
ebt_field_fn ebt_field_user;
ebt_field_fn ebt_field_filename;
ebt_field_fn ebt_field_cgroup_id;
ebt_field_fn ebt_field_cgroup;
ebt_field_fn ebt_field_container;
ebt_field_fn ebt_field_unit;
ebt_field_fn ebt_field_user_unit;
ebt_field_fn ebt_field_pod_uid;
ebt_field_fn ebt_field_script;
ebt_field_fn ebt_field_exe_dev;
ebt_field_fn ebt_field_exit_code;
ebt_field_fn ebt_field_signal;
ebt_field_fn ebt_field_core_dumped;
ebt_field_fn ebt_field_exit_loginuid;
ebt_field_fn ebt_field_exit_sessionid;
ebt_field_fn ebt_field_lost_cause;
ebt_field_fn ebt_field_level;
ebt_field_fn ebt_field_call_count;
ebt_field_fn ebt_field_lfc;
ebt_field_fn ebt_field_max_lfc;
ebt_field_fn ebt_field_anomalies;

#endif
