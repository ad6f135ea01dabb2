/* SPDX-License-Identifier: BSD-3-Clause */
#include "lab/blob.h"

#include <stdio.h>
#include <string.h>

static void put_prog(const struct ebt_inspection *in, struct ebt_buf *out)
{
	struct ebt_lab_prog p = { .verified_insns = in->verified_insns,
				  .verify_us = in->verify_us,
				  .run_cnt = in->run_cnt,
				  .run_ns = in->run_ns,
				  .memlock_bytes = in->memlock_bytes,
				  .id = in->id,
				  .jited_bytes = in->jited_bytes,
				  .stack_bytes = in->stack_bytes,
				  .code_bytes = (uint32_t)in->native.len,
				  .map_count =
					  (uint32_t)(in->map.len / sizeof(struct ebt_native_map)) };

	memcpy(p.name, in->name, sizeof(p.name));
	memcpy(p.tag, in->tag, sizeof(p.tag));
	snprintf(p.why_native, sizeof(p.why_native), "%s", in->why_native);
	ebt_buf_append(out, &p, sizeof(p));
}

int ebt_lab_blob_write(const struct ebt_lab_parts *parts, struct ebt_buf *out)
{
	struct ebt_lab_head head = { .magic = EBT_LAB_MAGIC,
				     .n_progs = parts->n_progs,
				     .generation = parts->generation,
				     .text_bytes = parts->text.len,
				     .built_bytes = parts->built.len,
				     .native_bytes = parts->native.len };

	snprintf(head.why_native, sizeof(head.why_native), "%s",
		 parts->why_native ? parts->why_native : "");
	ebt_buf_append(out, &head, sizeof(head));
	for (uint32_t i = 0; i < parts->n_progs; i++)
		put_prog(&parts->progs[i], out);
	ebt_buf_append(out, parts->text.data, parts->text.len);
	ebt_buf_append(out, parts->built.data, parts->built.len);
	ebt_buf_append(out, parts->native.data, parts->native.len);
	for (uint32_t i = 0; i < parts->n_progs; i++) {
		const struct ebt_inspection *in = &parts->progs[i];

		ebt_buf_append(out, in->native.data, in->native.len);
		ebt_buf_append(out, in->map.data,
			       in->map.len / sizeof(struct ebt_native_map) *
				       sizeof(struct ebt_native_map));
	}
	return out->error;
}
