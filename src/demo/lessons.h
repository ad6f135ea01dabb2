/* SPDX-License-Identifier: BSD-3-Clause */
/* lessons.h - entry points of the lessons: one function per lesson and variant, each in the file of
 * its name */
#ifndef EBT_DEMO_LESSONS_H
#define EBT_DEMO_LESSONS_H

#include "demo/lesson.h"

int ebt_demo_stack_limit(struct ebt_demo *d);
int ebt_demo_stack_limit_bad(struct ebt_demo *d);
int ebt_demo_big_exec(struct ebt_demo *d);
int ebt_demo_big_exec_bad(struct ebt_demo *d);
int ebt_demo_big_hash(struct ebt_demo *d);
int ebt_demo_big_hash_bad(struct ebt_demo *d);
int ebt_demo_null_check(struct ebt_demo *d);
int ebt_demo_null_check_bad(struct ebt_demo *d);
int ebt_demo_ctx_access(struct ebt_demo *d);
int ebt_demo_ctx_access_bad(struct ebt_demo *d);
int ebt_demo_bad_pointer(struct ebt_demo *d);
int ebt_demo_bad_pointer_bad(struct ebt_demo *d);
int ebt_demo_wrong_type(struct ebt_demo *d);
int ebt_demo_wrong_type_bad(struct ebt_demo *d);
int ebt_demo_unreachable(struct ebt_demo *d);
int ebt_demo_unreachable_bad(struct ebt_demo *d);
int ebt_demo_loops(struct ebt_demo *d);
int ebt_demo_loops_bad(struct ebt_demo *d);
int ebt_demo_tail_calls(struct ebt_demo *d);
int ebt_demo_tail_calls_bad(struct ebt_demo *d);
int ebt_demo_contention(struct ebt_demo *d);
int ebt_demo_contention_bad(struct ebt_demo *d);
int ebt_demo_read_size(struct ebt_demo *d);
int ebt_demo_read_size_bad(struct ebt_demo *d);
int ebt_demo_map_kinds(struct ebt_demo *d);
int ebt_demo_isa(struct ebt_demo *d);
int ebt_demo_jit(struct ebt_demo *d);
int ebt_demo_lifecycle(struct ebt_demo *d);
int ebt_demo_btf(struct ebt_demo *d);
int ebt_demo_btf_bad(struct ebt_demo *d);
int ebt_demo_helpers(struct ebt_demo *d);
int ebt_demo_helpers_bad(struct ebt_demo *d);
int ebt_demo_buffers(struct ebt_demo *d);
int ebt_demo_buffers_bad(struct ebt_demo *d);
int ebt_demo_lsm(struct ebt_demo *d);
int ebt_demo_headers(struct ebt_demo *d);

#endif
