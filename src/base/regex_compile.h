/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * regex_compile.h - compile a POSIX regular expression within limits.
 *
 * regcomp of the C library takes memory and time that grow with the copies x{n} makes and double
 * with every repetition around or behind another one: ((a{1,255}){1,255}){1,8} takes 1.3 GB. So no
 * other file calls regcomp.
 */
#ifndef EBT_BASE_REGEX_COMPILE_H
#define EBT_BASE_REGEX_COMPILE_H

#include <regex.h>
#include <stddef.h>

#define EBT_REGEX_PATTERN_MAX 1024u /* bytes */
#define EBT_REGEX_COPIES_MAX  1000u /* of one atom, as repetitions multiply */

/* Compile an extended expression; flags are those of regcomp besides REG_EXTENDED. Return 0 (the
 * caller frees *out with regfree), or -EINVAL or -ENOMEM with the reason in why, as it follows "…
 * cannot be 'PATTERN': ". why may be NULL. */
int ebt_regex_compile(regex_t *out, const char *pattern, int flags, char *why, size_t why_len);

/* Check the limits alone. Return 0, or -EINVAL with the reason in why, as above. */
int ebt_regex_check_limits(const char *pattern, char *why, size_t why_len);

#endif
