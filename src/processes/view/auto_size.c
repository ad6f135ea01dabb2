/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/auto_size.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/format.h"

#define AUTO_EVERY_NS 3000000000ull /* a change is given time to show what it does */

static uint64_t lost_so_far(const struct ebt_view *v, bool cut)
{
	uint64_t sum = 0;

	for (unsigned i = 0; v->status && i < v->ncpu; i++)
		sum += cut ? v->status->cpu[i].cut_ring : v->status->cpu[i].lost_ring;
	return sum;
}

void ebt_view_advise_anew(struct ebt_view *v, uint64_t now_ns)
{
	memset(&v->sizes, 0, sizeof(v->sizes));
	memset(&v->slots, 0, sizeof(v->slots));
	v->advised_lost = lost_so_far(v, false);
	v->advised_cut = lost_so_far(v, true);
	v->advised_peak = 0;
	v->advised_ns = now_ns;
	v->advice.n = 0;
}

/* What the maps would take with the advice. */
static uint64_t bytes_then(const struct ebt_view *v)
{
	uint64_t scratch = 2ull * v->ncpu;

	return v->status->map_bytes - v->params.ring_bytes - scratch * v->params.scratch_bytes +
	       v->advice.ring_bytes + scratch * v->advice.scratch_bytes;
}

static void apply(struct ebt_view *v, uint64_t now_ns)
{
	struct ebt_msg msg = { .type = EBT_MSG_RETUNE,
			       .params = { .scratch_bytes = v->advice.scratch_bytes,
					   .ring_bytes = v->advice.ring_bytes },
			       .value = EBT_PARAM_BIT(scratch_bytes) | EBT_PARAM_BIT(ring_bytes) };
	char text[EBT_ADVICE_LINES * EBT_ADVICE_LEN + 16] = "auto: ", limit[EBT_FMT_LEN];
	bool fits = bytes_then(v) <= v->options->auto_bytes;

	if (!fits && v->auto_full)
		return;
	for (unsigned i = 0; i < v->advice.n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? "; " : "",
			 v->advice.text[i]);
	v->auto_full = !fits;
	if (!fits)
		snprintf(text, sizeof(text), "auto: no more is taken, the limit is %s",
			 ebt_fmt_bytes(limit, v->options->auto_bytes));
	if (fits && ebt_msg_send(v->sock, &msg, NULL, 0))
		return;
	v->retuning |= fits;
	v->auto_asked = fits;
	v->retune_since_ns = now_ns;
	ebt_view_note(v, text);
}

void ebt_view_advise(struct ebt_view *v, uint64_t now_ns)
{
	struct ebt_advice_input in = { .sizes = &v->sizes,
				       .slots = &v->slots,
				       .env = v->params.env_limit != 0,
				       .lost_ring = lost_so_far(v, false) - v->advised_lost,
				       .cut_ring = lost_so_far(v, true) - v->advised_cut,
				       .peak_bytes = v->advised_peak,
				       .scratch_bytes = v->params.scratch_bytes,
				       .ring_bytes = v->params.ring_bytes };

	ebt_advise(&in, &v->advice);
	if (v->options->auto_bytes && v->advice.n && v->advice.grows && !v->retuning &&
	    !v->auto_refused && !v->stopped && !v->ended && now_ns - v->advised_ns >= AUTO_EVERY_NS)
		apply(v, now_ns);
}
