/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cleanup.h - scope-bound ownership, so that every function can be judged alone.
 *
 * A variable marked with one of these owns what it holds and frees it on every way out of its
 * scope. TAKE_PTR and TAKE_FD move ownership out: they give the value and leave the variable empty.
 */
#ifndef EBT_BASE_CLEANUP_H
#define EBT_BASE_CLEANUP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define EBT_CLEANUP(fn) __attribute__((cleanup(fn)))

static inline void ebt_cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void ebt_cleanup_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void ebt_cleanup_fclose(FILE **f)
{
	if (*f)
		fclose(*f);
}

static inline void ebt_cleanup_closedir(DIR **d)
{
	if (*d)
		closedir(*d);
}

#define _cleanup_free_	   EBT_CLEANUP(ebt_cleanup_free)
#define _cleanup_close_	   EBT_CLEANUP(ebt_cleanup_close)
#define _cleanup_fclose_   EBT_CLEANUP(ebt_cleanup_fclose)
#define _cleanup_closedir_ EBT_CLEANUP(ebt_cleanup_closedir)

#define TAKE_PTR(p)                         \
	({                                  \
		__typeof__(p) taken_ = (p); \
		(p) = NULL;                 \
		taken_;                     \
	})

#define TAKE_FD(fd)                \
	({                         \
		int taken_ = (fd); \
		(fd) = -1;         \
		taken_;            \
	})

#define EBT_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
