/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * log.h - messages to the person at the terminal. One sink a process: stderr at first
 * ("execbig-top: text"), or a function (the ncurses view keeps messages off the screen and shows
 * them in its message line).
 *
 * The sink is the one piece of process-wide state; it is set at start, before threads or forks.
 */
#ifndef EBT_BASE_LOG_H
#define EBT_BASE_LOG_H

#include <stdarg.h>

enum ebt_log_level { EBT_LOG_ERROR, EBT_LOG_WARN, EBT_LOG_INFO, EBT_LOG_DEBUG };

/* text: one line without newline, already made safe for a terminal (control bytes escaped);
 * borrowed for the call. */
typedef void (*ebt_log_fn)(enum ebt_log_level level, const char *text, void *arg);

/* fn NULL: back to stderr. Messages above max_level are dropped. */
void ebt_log_set(ebt_log_fn fn, void *arg, enum ebt_log_level max_level);
void ebt_log(enum ebt_log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void ebt_logv(enum ebt_log_level level, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

#define ebt_error(...) ebt_log(EBT_LOG_ERROR, __VA_ARGS__)
#define ebt_warn(...)  ebt_log(EBT_LOG_WARN, __VA_ARGS__)
#define ebt_info(...)  ebt_log(EBT_LOG_INFO, __VA_ARGS__)
#define ebt_debug(...) ebt_log(EBT_LOG_DEBUG, __VA_ARGS__)

#endif
