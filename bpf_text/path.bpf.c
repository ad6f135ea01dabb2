/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* path.bpf.c - build the paths of executable and working directory: from the leaf up through
 * dentries and mounts to the root of the process
 *
 * The components are written leaf first, each with its NUL; user space reverses them. The walk
 * stops at the root of the process, also in a chroot or a mount namespace; a walk that ends
 * anywhere else is marked unreachable. Each run takes a number of steps, and for a deep path the
 * program runs again by a tail call. */
#ifdef EBT_WITH_PATHS

#define EBT_WALK_CUT	     0x1 /* too deep or too long: components next to the root are missing */
#define EBT_WALK_UNREACHABLE 0x2 /* ended at a root that is not that of the process */
#define EBT_WALK_DELETED     0x4
#define EBT_WALK_ANONYMOUS   0x8 /* a file that never had a path, such as a memfd */

/* A run has rounds: some steps up, then a look at what stopped them (the root of a mount, or the
 * end). The verifier follows all steps of all rounds, so a step has a single path: its conditions
 * are arithmetic, and what is done once per round stands outside of it. */
#define EBT_WALK_STEPS	10
#define EBT_WALK_ROUNDS 4
#define EBT_WALK_RUNS	14 /* one tail call each, of the 32 that 5.8 allows */
#define EBT_WALK_HALF \
	7 /* runs for the first path, before the second one begins; they reach 280 steps */

/* Go from the root of a mount to the place where it is mounted. Return 1 if there is none, so that
 * the walk is over. */
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

/* d_parent and d_name have been neighbours since 2.6.38, so one read gets parent, length and name.
 * The kernel's offsets are constants for the verifier, so that it keeps only one of the two
 * branches. */
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

/* Copy the name and its NUL to dst (EBT_PATH_SLACK bytes). A copy of known length moves words, a
 * copy of a string moves bytes, which would take half of the time of a walk. A name that cannot be
 * read ends the path. */
static inline void ebt_walk_name(struct ebt_walk *w, char *dst)
{
	/* Use a mask instead of a test: NAME_MAX is 255, and a test would double the paths that the
	 * verifier follows. */
	u64 len = (w->hash_len >> 32) & (EBT_PATH_SLACK - 1), bad;

	if (EBT_DENTRY_KNOWN) {
		bad = (u64)bpf_probe_read_kernel(dst, len, (void *)w->name) >> 63;
		dst[len] = 0;
	} else {
		u64 n = bpf_probe_read_kernel_str(dst, EBT_PATH_SLACK, (void *)w->name);

		bad = n >> 63;
		len = n - 1;
	}
	w->len += (len + 1) * (1 - bad);
	w->flags |= bad * EBT_WALK_CUT;
}

static inline void ebt_walk_begin(struct ebt_paths *p, u32 at, u64 dentry, u64 vfs)
{
	struct ebt_walk *w = &p->walk[at];

	w->vfs_root = EBT_FOLLOW(vfs, VFSMOUNT_ROOT);
	w->dentry = dentry;
	w->vfs = vfs;
	w->len = 0;
	w->flags = 0;
	ebt_walk_read(w);
	if (dentry != w->parent) {
		if (!EBT_FOLLOW(dentry, DENTRY_HASHED))
			w->flags = EBT_WALK_DELETED;
	} else if (dentry != w->vfs_root) {
		/* It is a root, but not that of a mount: it has a name and is not mounted anywhere.
		 * The walk is over. */
		w->flags = EBT_WALK_DELETED | EBT_WALK_ANONYMOUS;
		ebt_walk_name(w, p->buf[at]);
		w->dentry = p->root_dentry;
		w->vfs = p->root_vfs;
	}
}

static inline void ebt_walk_start(struct ebt_paths *p, u64 task, u64 mm)
{
	u64 fs = EBT_FOLLOW(task, TASK_FS), file = EBT_FOLLOW(mm, MM_EXE_FILE);

	p->root_dentry = EBT_FOLLOW(fs, FS_ROOT_DENTRY);
	p->root_vfs = EBT_FOLLOW(fs, FS_ROOT_MNT);
	p->at = EBT_WALK_EXE;
	ebt_walk_begin(p, EBT_WALK_EXE, EBT_FOLLOW(file, FILE_DENTRY), EBT_FOLLOW(file, FILE_MNT));
	ebt_walk_begin(p, EBT_WALK_CWD, EBT_FOLLOW(fs, FS_PWD_DENTRY), EBT_FOLLOW(fs, FS_PWD_MNT));
}

static inline u64 ebt_walk_below_root(struct ebt_paths *p, struct ebt_walk *w)
{
	return ebt_differ(w->dentry, p->root_dentry) | ebt_differ(w->vfs, p->root_vfs);
}

/* Return 1 if the walk can go on to w->parent: this is no root, and there is room for the name. */
static inline u64 ebt_walk_can_climb(struct ebt_paths *p, struct ebt_walk *w)
{
	u64 room = ((u64)w->len - EBT_PATH_MAX) >> 63, uncut = ~(u64)w->flags & EBT_WALK_CUT;

	return ebt_walk_below_root(p, w) & ebt_differ(w->dentry, w->vfs_root) &
	       ebt_differ(w->dentry, w->parent) & room & uncut;
}

/* Go up as far as possible, and put the components after those before them. */
static inline void ebt_walk_climb(struct ebt_paths *p, struct ebt_walk *w, char *buf)
{
#pragma clang loop unroll(disable)
	for (u64 i = 0; i < EBT_WALK_STEPS; i++) {
		/* Without this the compiler keeps an address for each member on the stack. */
		asm volatile("" : "+r"(w), "+r"(buf), "+r"(p) : : "memory");
		ebt_walk_read(w);
		EBT_FORGET();
		w->climbs = ebt_walk_can_climb(p, w);
		if (!w->climbs)
			return;
		EBT_FORGET();
		ebt_walk_name(w, buf + (w->len & (EBT_PATH_MAX - 1)));
		w->dentry = w->parent;
	}
}

/* Find out what stopped the steps. Return 1 if this path is over. */
static inline u32 ebt_walk_turn(struct ebt_paths *p, struct ebt_walk *w)
{
	if (w->climbs)
		return 0; /* Only the number of steps was reached. */
	if (!ebt_walk_below_root(p, w))
		return 1;
	if (w->dentry == w->vfs_root || w->dentry == w->parent)
		return ebt_walk_cross(w);
	w->flags |= EBT_WALK_CUT;
	return 1;
}

/* Return the place in the map for a path. It is in assembly, because the compiler removes a mask
 * that it can prove to have no effect, and the verifier needs it. */
static inline u64 ebt_walk_index(u64 at)
{
	asm volatile("%0 &= 1" : "+r"(at));
	return at;
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
#pragma clang loop unroll(disable)
	for (u64 i = 0; i < EBT_WALK_ROUNDS; i++) {
		u64 at = ebt_walk_index(p->at);
		struct ebt_walk *w = &p->walk[at];

		if (p->at >= EBT_WALK_MAX)
			break;
		ebt_walk_climb(p, w, p->buf[at]);
		asm volatile("" : "+r"(w), "+r"(p) : : "memory");
		p->at += ebt_walk_turn(p, w);
	}
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
