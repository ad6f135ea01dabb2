/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/auto_size.h"

#include "base/clock.h"
#include "base/format.h"

#define AUTO_EVERY_NS 3000000000ull /* a change gets this long to show its effect */

static uint64_t auto_lost(const struct ebt_status *status)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < status->ncpu; i++)
		sum += status->cpu[i].lost_ring;
	return sum;
}

static uint64_t auto_cut(const struct ebt_status *status)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < status->ncpu; i++)
		sum += status->cpu[i].cut_ring;
	return sum;
}

void ebt_auto_size_restart(struct ebt_auto_size *a, const struct ebt_status *status,
			   uint64_t now_ns)
{
	a->lost = auto_lost(status);
	a->cut = auto_cut(status);
	a->since_ns = now_ns;
	a->advice.n = 0;
}

/* Return the bytes that all maps would take with the advice. */
static uint64_t auto_bytes_then(const struct ebt_auto_size *a, const struct ebt_status *status,
				const struct ebt_params *params)
{
	uint64_t slots = 2ull * status->ncpu; /* of scratch */

	return status->map_bytes - params->ring_bytes - slots * params->scratch_bytes +
	       a->advice.ring_bytes + slots * a->advice.scratch_bytes;
}

/* Ask the loader for the advised sizes. */
static bool auto_ask(const struct ebt_auto_size *a, struct ebt_retune *retune)
{
	struct ebt_msg msg = { .type = EBT_MSG_RETUNE,
			       .params = { .scratch_bytes = a->advice.scratch_bytes,
					   .ring_bytes = a->advice.ring_bytes },
			       .value = EBT_PARAM_BIT(scratch_bytes) | EBT_PARAM_BIT(ring_bytes) };

	return ebt_retune_send(retune, &msg, true);
}

static void auto_apply(struct ebt_auto_size *a, const struct ebt_status *status,
		       struct ebt_retune *retune)
{
	uint64_t limit_bytes = retune->view->options->auto_bytes;
	bool fits = auto_bytes_then(a, status, &retune->params) <= limit_bytes;
	_cleanup_buf_ struct ebt_buf text = { 0 };
	char limit[EBT_FMT_LEN];

	if (fits ? !auto_ask(a, retune) : a->full)
		return;
	a->full = !fits;
	ebt_buf_puts(&text, "auto: ");
	if (!fits)
		ebt_buf_printf(&text, "no more is taken, the limit is %s",
			       ebt_fmt_bytes(limit, limit_bytes));
	for (unsigned i = 0; fits && i < a->advice.n; i++)
		ebt_buf_printf(&text, "%s%s", i ? "; " : "", a->advice.text[i]);
	if (!text.error)
		ebt_view_note(retune->view, text.data);
}

void ebt_auto_size_update(struct ebt_auto_size *a, const struct ebt_status *status,
			  const struct ebt_ring_demand *demand, struct ebt_retune *retune,
			  bool may_ask)
{
	struct ebt_advice_input in = { .sizes = &demand->sizes,
				       .slots = &demand->slots,
				       .env = retune->params.env_limit != 0,
				       .lost_ring = auto_lost(status) - a->lost,
				       .cut_ring = auto_cut(status) - a->cut,
				       .peak_bytes = demand->peak_bytes,
				       .scratch_bytes = retune->params.scratch_bytes,
				       .ring_bytes = retune->params.ring_bytes };

	ebt_advise(&in, &a->advice);
	if (may_ask && retune->view->options->auto_bytes && a->advice.n && a->advice.grows &&
	    !retune->running && !retune->auto_refused &&
	    ebt_mono_ns() - a->since_ns >= AUTO_EVERY_NS)
		auto_apply(a, status, retune);
}
