/* SPDX-License-Identifier: BSD-3-Clause */
#include "recording/machine_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "config/options.h"

#define FACTS_MAX   (256u << 10)
#define COMMAND_MAX 4096u

static void facts_add(struct ebt_facts *facts, const char *name, const char *value)
{
	if (*value) {
		ebt_buf_printf(&facts->text, "%s=%s", name, value);
		ebt_buf_append(&facts->text, "", 1);
	}
}

/* Read the first line of a small file; the result is empty if there is none. */
static const char *line_of(const char *path, char *out, size_t len)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, out, len - 1) : 0;

	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return out;
}

static void add_file(struct ebt_facts *facts, const char *name, const char *path)
{
	char line[256];

	facts_add(facts, name, line_of(path, line, sizeof(line)));
}

static void add_os(struct ebt_facts *facts)
{
	_cleanup_fclose_ FILE *f = fopen("/etc/os-release", "re");
	char line[256];

	while (f && fgets(line, sizeof(line), f)) {
		if (strncmp(line, "PRETTY_NAME=\"", 13) == 0) {
			line[13 + strcspn(line + 13, "\"\n")] = '\0';
			facts_add(facts, "os", line + 13);
		}
	}
}

static void add_cpus(struct ebt_facts *facts)
{
	char path[96], package[32], core[32], name[16], value[96];

	add_file(facts, "cpus_possible", "/sys/devices/system/cpu/possible");
	add_file(facts, "cpus_online", "/sys/devices/system/cpu/online");
	for (int i = 0; i < EBT_FACTS_CPUS && i < sysconf(_SC_NPROCESSORS_CONF); i++) {
		snprintf(path, sizeof(path),
			 "/sys/devices/system/cpu/cpu%d/topology/physical_package_id", i);
		if (!*line_of(path, package, sizeof(package)))
			continue; /* the CPU is offline, so its position is not known */
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/topology/core_id", i);
		line_of(path, core, sizeof(core));
		snprintf(name, sizeof(name), "cpu%d", i);
		snprintf(value, sizeof(value), "package %s core %s", package, core);
		facts_add(facts, name, value);
	}
}

static void add_command(struct ebt_facts *facts, const struct ebt_options *o)
{
	_cleanup_buf_ struct ebt_buf line = { .limit = COMMAND_MAX };

	for (int i = 0; i < o->command_argc; i++) {
		if (i)
			ebt_buf_puts(&line, " ");
		ebt_text_quote(&line, ebt_bytes_from(o->command[i]), 0);
	}
	if (line.len)
		facts_add(facts, "command", line.data);
}

int ebt_facts_collect(struct ebt_facts *facts, const struct ebt_options *o)
{
	struct utsname uts;
	char number[32];

	facts->text.limit = FACTS_MAX;
	facts_add(facts, "version", EBT_VERSION);
	if (uname(&uts) == 0) {
		facts_add(facts, "host", uts.nodename);
		facts_add(facts, "kernel", uts.release);
		facts_add(facts, "kernel_build", uts.version);
		facts_add(facts, "arch", uts.machine);
	}
	add_os(facts);
	add_file(facts, "machine_id", "/etc/machine-id");
	add_file(facts, "boot_id", "/proc/sys/kernel/random/boot_id");
	snprintf(number, sizeof(number), "%ld", sysconf(_SC_PAGESIZE));
	facts_add(facts, "page_bytes", number);
	snprintf(number, sizeof(number), "%ld", sysconf(_SC_CLK_TCK));
	facts_add(facts, "tick_hz", number);
	add_cpus(facts);
	add_command(facts, o);
	return facts->text.error;
}

int ebt_facts_parse(struct ebt_facts *facts, struct ebt_bytes text)
{
	ebt_buf_reset(&facts->text);
	facts->text.limit = FACTS_MAX;
	while (text.len) {
		size_t len = strnlen(text.data, text.len);

		if (len < text.len && memchr(text.data, '=', len))
			ebt_buf_append(&facts->text, text.data, len + 1);
		len += len < text.len;
		text.data += len;
		text.len -= len;
	}
	return facts->text.error == -ENOMEM ? -ENOMEM : 0;
}

void ebt_facts_free(struct ebt_facts *facts)
{
	ebt_buf_free(&facts->text);
}

const char *ebt_facts_next(const struct ebt_facts *facts, size_t *at)
{
	const char *text;

	if (*at >= facts->text.len)
		return NULL;
	text = facts->text.data + *at;
	*at += strlen(text) + 1;
	return text;
}

const char *ebt_facts_get(const struct ebt_facts *facts, const char *name)
{
	size_t at = 0, len = strlen(name);
	const char *text;

	while ((text = ebt_facts_next(facts, &at)))
		if (strncmp(text, name, len) == 0 && text[len] == '=')
			return text + len + 1;
	return NULL;
}
