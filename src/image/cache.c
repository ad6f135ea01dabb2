/* SPDX-License-Identifier: BSD-3-Clause */
#include "image/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/cleanup.h"
#include "base/failure.h"
#include "base/output_place.h"
#include "base/replace_file.h"

#define ENTRY_NAME_LEN 48
#define ENTRIES_MAX    64
#define MEMBERS_MAGIC  0x314d4245424d454dULL

int ebt_cache_open(const char *path, bool make, char *why, size_t why_len)
{
	_cleanup_close_ int fd = -1;
	struct ebt_output_place place;
	struct stat st;
	int err = ebt_output_find(&place, path, why, why_len);

	if (err)
		return err;
	err = make && mkdirat(place.dir, place.name, 0700) && errno != EEXIST ? -errno : 0;
	if (err) {
		snprintf(why, why_len, "cannot make the cache directory %s: %s", path,
			 ebt_strerror(-err));
	} else {
		fd = openat(place.dir, place.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		err = fd < 0 ? -errno : 0;
		if (err)
			snprintf(why, why_len, "cannot open the cache directory %s: %s", path,
				 ebt_strerror(-err));
	}
	ebt_output_close(&place);
	if (err)
		return err;
	if (fstat(fd, &st))
		return -errno;
	if (st.st_uid != geteuid() || (st.st_mode & 022)) {
		snprintf(
			why, why_len,
			"the cache directory %s is not used: it must belong to uid %u and be writable by nobody else",
			path, geteuid());
		return -EPERM;
	}
	if (make)
		ebt_replace_clean(fd, NULL);
	return TAKE_FD(fd);
}

int ebt_cache_open_shipped(const char *path, uid_t owner, char *why, size_t why_len)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	if ((st.st_uid != 0 && st.st_uid != owner) || (st.st_mode & 022)) {
		snprintf(why, why_len,
			 "the images in %s are not used: the directory must belong to root or to "
			 "the owner of execbig-top and be writable by nobody else",
			 path);
		return -EPERM;
	}
	return TAKE_FD(fd);
}

/* Read a whole entry after checking its file through the open descriptor. */
static int read_entry(int dir, const char *name, struct ebt_buf *out, char *why, size_t why_len)
{
	_cleanup_close_ int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st, of_dir;
	char *at;
	ssize_t n;

	if (fd < 0 && errno == ENOENT)
		return -ENOENT;
	if (fd < 0 && errno == ELOOP) {
		snprintf(why, why_len, "cache entry %s is a symbolic link", name);
		return -EBADMSG;
	}
	if (fd < 0 || fstat(fd, &st) || fstat(dir, &of_dir)) {
		snprintf(why, why_len, "cache entry %s: %s", name, ebt_strerror(errno));
		return -EBADMSG;
	}
	if (!S_ISREG(st.st_mode) || st.st_uid != of_dir.st_uid || (st.st_mode & 022) ||
	    st.st_size > EBT_IMAGE_MAX_BYTES) {
		snprintf(why, why_len,
			 "cache entry %s is not a regular file that only uid %u can write", name,
			 of_dir.st_uid);
		return -EBADMSG;
	}
	at = ebt_buf_reserve(out, (size_t)st.st_size + 1);
	if (!at)
		return out->error;
	n = pread(fd, at, (size_t)st.st_size, 0);
	if (n != st.st_size) {
		snprintf(why, why_len, "cache entry %s changed while it was read", name);
		return -EBADMSG;
	}
	out->len = (size_t)n;
	return 0;
}

/* Remove the oldest entry when there are ENTRIES_MAX: every combination of parameters and every
 * version of the text adds one. Files with other names are left alone. */
static void drop_oldest(int dir)
{
	_cleanup_closedir_ DIR *d = fdopendir(fcntl(dir, F_DUPFD_CLOEXEC, 0));
	char oldest[ENTRY_NAME_LEN] = "";
	struct timespec age = { 0 };
	struct dirent *e;
	unsigned n = 0;

	if (d)
		rewinddir(d); /* the duplicate shares its position with dir */
	while (d && (e = readdir(d))) {
		struct stat st;

		if (strncmp(e->d_name, "image-", 6) != 0 || strlen(e->d_name) >= sizeof(oldest) ||
		    fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		n++;
		if (!oldest[0] || st.st_mtim.tv_sec < age.tv_sec) {
			memcpy(oldest, e->d_name, strlen(e->d_name) + 1);
			age = st.st_mtim;
		}
	}
	if (n > ENTRIES_MAX)
		unlinkat(dir, oldest, 0);
}

static int write_entry(int dir, const char *name, struct ebt_bytes data)
{
	static const struct ebt_replace_options options = { .mode = 0600,
							    .flags = EBT_REPLACE_UNLINK };
	int err = ebt_replace_file(dir, name, data, &options);

	if (!err)
		drop_oldest(dir);
	return err;
}

static void entry_name(char out[ENTRY_NAME_LEN], const char *kind, struct ebt_bytes key)
{
	XXH128_hash_t h = XXH3_128bits(key.data, key.len);

	snprintf(out, ENTRY_NAME_LEN, "%s-%016llx%016llx", kind, (unsigned long long)h.high64,
		 (unsigned long long)h.low64);
}

int ebt_cache_load_image(int dir, struct ebt_bytes key, struct ebt_image **out, char *why,
			 size_t why_len)
{
	_cleanup_buf_ struct ebt_buf file = { 0 };
	_cleanup_image_ struct ebt_image *image = NULL;
	char name[ENTRY_NAME_LEN];
	const char *reason;
	int err;

	entry_name(name, "image", key);
	err = read_entry(dir, name, &file, why, why_len);
	if (err)
		return err;
	err = ebt_image_parse(&image, file.data, file.len, &reason);
	if (err == -EBADMSG)
		snprintf(why, why_len, "cache entry %s is damaged: %s", name, reason);
	if (err)
		return err;
	if (!ebt_bytes_equal(key, (struct ebt_bytes){ image->key, image->key_len })) {
		snprintf(why, why_len, "cache entry %s was made for something else", name);
		return -EBADMSG;
	}
	*out = TAKE_PTR(image);
	return 0;
}

int ebt_cache_store_image(int dir, struct ebt_bytes key, struct ebt_bytes file)
{
	char name[ENTRY_NAME_LEN];

	entry_name(name, "image", key);
	return write_entry(dir, name, file);
}

/* The offsets depend on the kernel's build id and release, and on the member paths. */
static int members_key(const struct ebt_image *image, struct ebt_buf *out)
{
	_cleanup_close_ int fd = open("/sys/kernel/notes", O_RDONLY | O_CLOEXEC);
	struct utsname uts;
	char notes[4096];
	ssize_t n = fd >= 0 ? read(fd, notes, sizeof(notes)) : -1;

	if (n <= 0)
		return -ENOENT;
	uname(&uts);
	ebt_buf_append(out, notes, (size_t)n);
	ebt_buf_append(out, uts.release, sizeof(uts.release));
	ebt_buf_append(out, uts.version, sizeof(uts.version));
	ebt_buf_append(out, image->members, image->n_members * sizeof(*image->members));
	return out->error;
}

struct members_file {
	uint64_t magic;
	uint64_t checksum; /* XXH3 of what follows */
	uint32_t count, reserved;
	XXH128_hash_t key;
};

int ebt_cache_load_members(int dir, const struct ebt_image *image, uint32_t *values, char *why,
			   size_t why_len)
{
	_cleanup_buf_ struct ebt_buf key = { 0 }, file = { 0 };
	char name[ENTRY_NAME_LEN];
	struct members_file h;
	XXH128_hash_t hash;
	int err = members_key(image, &key);

	if (err)
		return err;
	entry_name(name, "offsets", (struct ebt_bytes){ key.data, key.len });
	err = read_entry(dir, name, &file, why, why_len);
	if (err)
		return err;
	hash = XXH3_128bits(key.data, key.len);
	if (file.len != sizeof(h) + image->n_members * sizeof(*values))
		goto damaged;
	memcpy(&h, file.data, sizeof(h));
	if (h.magic != MEMBERS_MAGIC || h.count != image->n_members ||
	    !XXH128_isEqual(h.key, hash) ||
	    h.checksum != XXH3_64bits(file.data + 16, file.len - 16))
		goto damaged;
	memcpy(values, file.data + sizeof(h), image->n_members * sizeof(*values));
	return 0;
damaged:
	snprintf(why, why_len, "cache entry %s is damaged", name);
	return -EBADMSG;
}

int ebt_cache_store_members(int dir, const struct ebt_image *image, const uint32_t *values)
{
	_cleanup_buf_ struct ebt_buf key = { 0 }, file = { 0 };
	struct members_file h = { .magic = MEMBERS_MAGIC, .count = image->n_members };
	char name[ENTRY_NAME_LEN];
	int err = members_key(image, &key);

	if (err)
		return err;
	entry_name(name, "offsets", (struct ebt_bytes){ key.data, key.len });
	h.key = XXH3_128bits(key.data, key.len);
	ebt_buf_append(&file, &h, sizeof(h));
	ebt_buf_append(&file, values, image->n_members * sizeof(*values));
	if (file.error)
		return file.error;
	h.checksum = XXH3_64bits(file.data + 16, file.len - 16);
	memcpy(file.data, &h, sizeof(h));
	return write_entry(dir, name, (struct ebt_bytes){ file.data, file.len });
}
