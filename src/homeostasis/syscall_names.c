/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/syscall_names.h"

#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>

#include "homeostasis/profile.h"

char *ebt_ph_call_name(char out[EBT_PH_CALL_LEN], uint32_t call)
{
	bool compat = call >= EBT_PH_COMPAT;
	uint32_t arch = compat ? SCMP_ARCH_X86 : SCMP_ARCH_NATIVE;
	char *name = seccomp_syscall_resolve_num_arch(arch, (int)(call % EBT_PH_COMPAT));

	if (name)
		snprintf(out, EBT_PH_CALL_LEN, "%s%s", name, compat ? "@compat" : "");
	else
		snprintf(out, EBT_PH_CALL_LEN, "%u%s", call % EBT_PH_COMPAT,
			 compat ? "@compat" : "");
	free(name);
	return out;
}
