/* SPDX-License-Identifier: BSD-3-Clause */
#include "cgroup/unit.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

#define UNIT_NAME_MAX 255 /* systemd's UNIT_NAME_MAX without the NUL */

static bool unit_ends(struct ebt_bytes name, const char *end)
{
	size_t len = strlen(end);

	return name.len > len && memcmp(name.data + name.len - len, end, len) == 0;
}

static bool unit_begins(struct ebt_bytes name, const char *begin)
{
	size_t len = strlen(begin);

	return name.len >= len && memcmp(name.data, begin, len) == 0;
}

/* Return whether systemd takes the text for a unit's name: its kind, its length and its characters. */
static bool unit_is_name(struct ebt_bytes name)
{
	static const char *const kinds[] = { ".service", ".scope",     ".slice", ".socket",
					     ".mount",	 ".automount", ".swap",	 ".target",
					     ".timer",	 ".path",      ".device" };

	if (name.len > UNIT_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!isalnum((unsigned char)name.data[i]) && !strchr(":-_.\\@", name.data[i]))
			return false;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(kinds); i++)
		if (unit_ends(name, kinds[i]))
			return name.data[0] != '@';
	return false;
}

/* Take the next component off the path; it is empty at the end. */
static struct ebt_bytes unit_component(const char **path)
{
	struct ebt_bytes name;

	*path += strspn(*path, "/");
	name = (struct ebt_bytes){ *path, strcspn(*path, "/") };
	*path += name.len;
	return name;
}

/* Return the component without the underscore that systemd puts before a name that the kernel could
 * take for a file of its own. */
static struct ebt_bytes unit_unescape(struct ebt_bytes name)
{
	if (name.len && name.data[0] == '_')
		return (struct ebt_bytes){ name.data + 1, name.len - 1 };
	return name;
}

/* Return the first component that is no slice, and move *path behind it. */
static struct ebt_bytes unit_below_slices(const char **path)
{
	struct ebt_bytes name;

	do
		name = unit_component(path);
	while (unit_ends(name, ".slice") && unit_is_name(unit_unescape(name)));
	return unit_unescape(name);
}

static struct ebt_bytes unit_or_none(struct ebt_bytes name)
{
	return unit_is_name(name) && !unit_ends(name, ".slice") ? name
								: (struct ebt_bytes){ "", 0 };
}

struct ebt_bytes ebt_cgroup_unit(const char *path)
{
	return unit_or_none(unit_below_slices(&path));
}

struct ebt_bytes ebt_cgroup_user_unit(const char *path)
{
	struct ebt_bytes manager = unit_below_slices(&path);

	if (!unit_begins(manager, "user@") || !unit_ends(manager, ".service"))
		return (struct ebt_bytes){ "", 0 };
	return unit_or_none(unit_below_slices(&path));
}

/* Copy the UID of a pod, in either way of writing it. */
static bool pod_copy(struct ebt_bytes uid, char out[EBT_POD_UID_LEN])
{
	if (uid.len != 32 && uid.len != EBT_POD_UID_LEN - 1)
		return false;
	for (size_t i = 0; i < uid.len; i++) {
		bool dash = uid.len != 32 && (i == 8 || i == 13 || i == 18 || i == 23);

		if (dash ? !strchr("-_", uid.data[i]) : !isxdigit((unsigned char)uid.data[i]))
			return false;
	}
	for (size_t i = 0; i < uid.len; i++)
		out[i] = uid.data[i] == '_' ? '-' : uid.data[i];
	out[uid.len] = '\0';
	return true;
}

/* Find the UID in one component: podUID below kubepods, or …kubepods…-podUID.slice. */
static bool pod_find(struct ebt_bytes name, bool below, char out[EBT_POD_UID_LEN])
{
	static const char slice[] = ".slice", mark[] = "-pod";
	const char *at, *last = NULL;

	if (below && unit_begins(name, "pod"))
		return pod_copy((struct ebt_bytes){ name.data + 3, name.len - 3 }, out);
	if (!unit_ends(name, slice) || !memmem(name.data, name.len, "kubepods", 8))
		return false;
	name.len -= sizeof(slice) - 1;
	for (at = name.data;
	     (at = memmem(at, (size_t)(name.data + name.len - at), mark, sizeof(mark) - 1)); at++)
		last = at + sizeof(mark) - 1;
	return last &&
	       pod_copy((struct ebt_bytes){ last, (size_t)(name.data + name.len - last) }, out);
}

bool ebt_cgroup_pod_uid(const char *path, char out[EBT_POD_UID_LEN])
{
	bool below = false, found = false;
	struct ebt_bytes name;

	out[0] = '\0';
	while ((name = unit_component(&path)).len) {
		found |= pod_find(name, below, out);
		below |= name.len == 8 && unit_begins(name, "kubepods");
	}
	return found;
}
