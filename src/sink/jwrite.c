/* SPDX-License-Identifier: BSD-3-Clause */
#include "sink/jwrite.h"

#include "base/text.h"

void ebt_jw_strings(struct ebt_jw *w, const char *key, struct ebt_bytes block)
{
	struct ebt_bytes rest = block, one;

	ebt_jw_open(w, key, "[");
	while (ebt_text_next_arg(&rest, &one))
		ebt_jw_bytes(w, NULL, one);
	ebt_jw_close(w, "]");
}

void ebt_jw_command(struct ebt_jw *w, const char *key, struct ebt_bytes args)
{
	_cleanup_buf_ struct ebt_buf line = { 0 };

	ebt_text_quote_args(&line, args, 0, 0);
	ebt_jw_bytes(w, key, (struct ebt_bytes){ line.data, line.len });
}

struct ebt_bytes ebt_jw_base(struct ebt_bytes path)
{
	const char *slash = path.len ? memrchr(path.data, '/', path.len) : NULL;
	size_t skip = slash ? (size_t)(slash - path.data) + 1 : 0;

	return (struct ebt_bytes){ path.data + skip, path.len - skip };
}
