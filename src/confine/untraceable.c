/* SPDX-License-Identifier: BSD-3-Clause */
#include "confine/untraceable.h"

#include <cap-ng.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "confine/sandbox.h"

int ebt_untraceable_before_exec(char *why, size_t why_len)
{
	if (!getauxval(AT_SECURE) || geteuid() == 0)
		return ebt_sandbox_drop_capabilities(why, why_len);
	capng_clear(CAPNG_SELECT_BOTH);
	capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_INHERITABLE, CAP_PERFMON);
	if (capng_apply(CAPNG_SELECT_CAPS) ||
	    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_PERFMON, 0, 0)) {
		snprintf(why, why_len, "cannot keep the user who started it from tracing it: %s",
			 strerror(errno));
		return -EPERM;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		snprintf(why, why_len, "cannot set no_new_privs: %s", strerror(errno));
		return -errno;
	}
	return 0;
}

int ebt_untraceable(void)
{
	if (prctl(PR_SET_DUMPABLE, 0) || prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
		return -errno;
	capng_clear(CAPNG_SELECT_CAPS);
	return capng_apply(CAPNG_SELECT_CAPS) ? -EPERM : 0;
}
