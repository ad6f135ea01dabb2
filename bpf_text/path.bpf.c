/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * path.bpf.c - exe and cwd as the kernel knows them: from the leaf up through dentries and mounts
 * to the process's root.
 *
 * Components are written leaf first, each with its NUL; user space turns them round. The walk stops
 * at the root of the process (chroot and mount namespaces included); one that ends anywhere else is
 * marked unreachable. Each run takes some steps, a deep path runs again by a tail call.
 */
#ifdef EBT_WITH_PATHS

#define EBT_WALK_CUT	     0x1 /* too deep or too long: components at the root side are missing */
#define EBT_WALK_UNREACHABLE 0x2 /* ended at a root that is not the process's */
#define EBT_WALK_DELETED     0x4
#define EBT_WALK_ANONYMOUS   0x8 /* a file that never had a path, such as a memfd */

#define EBT_WALK_STEPS 32 /* of each path, a run; the verifier walks all of them */
#define EBT_WALK_RUNS  14 /* a tail call each, of the 32 that 5.8 allows */
#define EBT_WALK_HALF  7  /* of the runs: then the second path has its turn. 224 steps a path. */

/* From the root of a mount to the place it is mounted on. 1: there is none, the walk is over. */
static inline int ebt_walk_cross(struct ebt_walk *w)
{
	u64 mount = w->vfs - EBT_OFF(MOUNT_VFS);
	u64 parent = EBT_GET(mount, MOUNT_PARENT);

	if (w->dentry != w->vfs_root || !parent || parent == mount) {
		w->flags |= EBT_WALK_UNREACHABLE;
		return 1;
	}
	w->dentry = EBT_GET(mount, MOUNT_POINT);
	w->vfs = parent + EBT_OFF(MOUNT_VFS);
	w->vfs_root = EBT_GET(w->vfs, VFSMOUNT_ROOT);
	return 0;
}

/* d_parent and d_name lie as they have since 2.6.38: one read gives parent, length and name. The
 * kernel's offsets are constants to the verifier, so of two ways only one is left. */
#define EBT_DENTRY_KNOWN (EBT_OFF(DENTRY_NAME) - EBT_OFF(DENTRY_PARENT) == 16)

static inline void ebt_walk_read(struct ebt_walk *w)
{
	if (EBT_DENTRY_KNOWN) {
		bpf_probe_read_kernel(&w->parent, 24, (void *)(w->dentry + EBT_OFF(DENTRY_PARENT)));
	} else {
		w->parent = EBT_GET(w->dentry, DENTRY_PARENT);
		w->name = EBT_GET(w->dentry, DENTRY_NAME);
	}
}

/* The name, with its NUL, to dst (EBT_PATH_SLACK bytes). Gives its length. A copy of known length
 * goes by words, a string by bytes: half of a walk's time. */
static inline long ebt_walk_name(struct ebt_walk *w, char *dst)
{
	/* A mask, not a test: NAME_MAX is 255, and a test would double what the verifier follows.
	 */
	u64 len = (w->hash_len >> 32) & (EBT_PATH_SLACK - 1);

	if (!EBT_DENTRY_KNOWN)
		return bpf_probe_read_kernel_str(dst, EBT_PATH_SLACK, (void *)w->name);
	if (bpf_probe_read_kernel(dst, len, (void *)w->name))
		return 0;
	dst[len] = 0;
	return len + 1;
}

static inline void ebt_walk_begin(struct ebt_paths *p, u32 at, u64 dentry, u64 vfs)
{
	struct ebt_walk *w = &p->walk[at];

	w->dentry = dentry;
	w->vfs = vfs;
	w->vfs_root = EBT_GET(vfs, VFSMOUNT_ROOT);
	w->len = 0;
	w->flags = 0;
	ebt_walk_read(w);
	if (dentry != w->parent) {
		if (!EBT_GET(dentry, DENTRY_HASHED))
			w->flags = EBT_WALK_DELETED;
	} else if (dentry != w->vfs_root) {
		/* A root, but not of a mount: it has a name and no place. The walk is over. */
		w->flags = EBT_WALK_DELETED | EBT_WALK_ANONYMOUS;
		w->len = ebt_walk_name(w, p->buf[at]);
		w->dentry = p->root_dentry;
		w->vfs = p->root_vfs;
	}
}

static inline void ebt_walk_start(struct ebt_paths *p, u64 task, u64 mm)
{
	u64 fs = EBT_GET(task, TASK_FS), file = EBT_GET(mm, MM_EXE_FILE);

	p->root_dentry = EBT_GET(fs, FS_ROOT_DENTRY);
	p->root_vfs = EBT_GET(fs, FS_ROOT_MNT);
	p->at = EBT_WALK_EXE;
	ebt_walk_begin(p, EBT_WALK_EXE, EBT_GET(file, FILE_DENTRY), EBT_GET(file, FILE_MNT));
	ebt_walk_begin(p, EBT_WALK_CWD, EBT_GET(fs, FS_PWD_DENTRY), EBT_GET(fs, FS_PWD_MNT));
}

/* The next component, behind those before it. Gives 1 when there is no room. */
static inline int ebt_walk_up(struct ebt_walk *w, char *buf)
{
	long n;

	if (w->len >= EBT_PATH_MAX) {
		w->flags |= EBT_WALK_CUT;
		return 1;
	}
	EBT_FORGET();
	n = ebt_walk_name(w, buf + (w->len & (EBT_PATH_MAX - 1)));
	if (n <= 0) {
		w->flags |= EBT_WALK_CUT;
		return 1;
	}
	w->len += n;
	w->dentry = w->parent;
	return 0;
}

/* One step up of the path at hand. Gives 1 when it is over. */
static inline int ebt_walk_step(struct ebt_paths *p, struct ebt_walk *w, char *buf)
{
	if (!((w->dentry ^ p->root_dentry) | (w->vfs ^ p->root_vfs)))
		return 1;
	EBT_FORGET();
	ebt_walk_read(w);
	EBT_FORGET();
	if (w->dentry == w->vfs_root || w->dentry == w->parent)
		return ebt_walk_cross(w);
	EBT_FORGET();
	return ebt_walk_up(w, buf);
}

/* Some steps of one path; at its end the next one's turn comes. `at` is a constant: the places in
 * the map are, too. */
static inline void ebt_walk_some(struct ebt_paths *p, u32 at)
{
#pragma clang loop unroll(disable)
	for (u32 i = 0; i < EBT_WALK_STEPS; i++) {
		EBT_FORGET();
		if (ebt_walk_step(p, &p->walk[at], p->buf[at])) {
			p->at = at + 1;
			return;
		}
	}
}

int ebt_on_walk(struct bpf_raw_tracepoint_args *ctx)
{
	struct ebt_scratch *s = ebt_mine();
	struct ebt_paths *p;
	u32 slot;

	if (!s)
		return 0;
	slot = s->slot;
	p = ebt_paths.lookup(&slot);
	if (!p)
		return 0;
	if (p->at == EBT_WALK_EXE)
		ebt_walk_some(p, EBT_WALK_EXE);
	EBT_FORGET();
	if (p->at == EBT_WALK_CWD)
		ebt_walk_some(p, EBT_WALK_CWD);
	EBT_FORGET();
	s->st.walks++;
	if (p->at == EBT_WALK_EXE && s->st.walks >= EBT_WALK_HALF) {
		p->walk[EBT_WALK_EXE].flags |= EBT_WALK_CUT;
		p->at = EBT_WALK_CWD;
	}
	if (p->at < EBT_WALK_MAX && s->st.walks < EBT_WALK_RUNS)
		ebt_slots.call(ctx, EBT_SLOT_WALK + EBT_OFF(PARITY));
	if (p->at < EBT_WALK_MAX)
		p->walk[EBT_WALK_CWD].flags |= EBT_WALK_CUT;
	ebt_slots.call(ctx, EBT_SLOT_BUILD + EBT_OFF(PARITY));
	return 0;
}

#endif
