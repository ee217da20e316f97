/* A disk that loses power. */
#include "support/vfs_unsynced.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECTOR_BYTES 512
#define FILES_MAX 8
#define PATH_BYTES 256

/* A write, or with no data a truncation to `offset`. */
struct pending {
	struct pending *next;
	sqlite3_int64 offset;
	size_t n;
	unsigned char data[];
};

struct shadow {
	char path[PATH_BYTES];
	bool is_durable; /* exists on the disk */
	unsigned char *durable;
	size_t n;
	struct pending *first, **last;
};

/* What SQLite holds; the real file system's file follows it in memory. */
struct file {
	sqlite3_file base;
	struct shadow *shadow; /* NULL: a temporary file */
	sqlite3_file *real;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct shadow shadows[FILES_MAX];
static const struct unsynced_crash *crash;
static uint64_t operations;
static bool ignores_syncs;
static sqlite3_vfs *real_vfs;
static sqlite3_vfs our_vfs;

static void *
need(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

static void
pending_drop(struct shadow *s)
{
	struct pending *p;

	while ((p = s->first) != NULL) {
		s->first = p->next;
		free(p);
	}
	s->last = &s->first;
}

static void
pending_add(struct shadow *s, sqlite3_int64 offset, const void *data, size_t n)
{
	struct pending *p = need(malloc(sizeof(*p) + n));

	p->next = NULL;
	p->offset = offset;
	p->n = n;
	if (n > 0)
		memcpy(p->data, data, n);
	*s->last = p;
	s->last = &p->next;
}

static void
image_resize(unsigned char **image, size_t *have, size_t n)
{
	*image = need(realloc(*image, n + 1));
	if (n > *have)
		memset(*image + *have, 0, n - *have);
	*have = n;
}

static void
image_write(unsigned char **image, size_t *have, size_t offset,
    const unsigned char *data, size_t n)
{
	if (offset + n > *have)
		image_resize(image, have, offset + n);
	memcpy(*image + offset, data, n);
}

static void
make_durable(struct shadow *s)
{
	struct pending *p;

	for (p = s->first; p != NULL; p = p->next) {
		if (p->n == 0)
			image_resize(&s->durable, &s->n, (size_t)p->offset);
		else
			image_write(&s->durable, &s->n, (size_t)p->offset,
			    p->data, p->n);
	}
	pending_drop(s);
	s->is_durable = true;
}

/* Each sector of a write reaches the disk or not, by itself. */
static void
survive(const struct pending *p, unsigned short state[3], unsigned char **image,
    size_t *n)
{
	size_t done, part;

	if (p->n == 0) {
		if (nrand48(state) % 2 == 0)
			image_resize(image, n, (size_t)p->offset);
		return;
	}
	for (done = 0; done < p->n; done += part) {
		part = SECTOR_BYTES - ((size_t)p->offset + done) % SECTOR_BYTES;
		if (part > p->n - done)
			part = p->n - done;
		if (nrand48(state) % 2 == 0)
			image_write(image, n, (size_t)p->offset + done,
			    p->data + done, part);
	}
}

static void
leave(const struct shadow *s, unsigned short state[3])
{
	unsigned char *image = NULL;
	const struct pending *p;
	char path[PATH_BYTES * 2];
	size_t n = 0;
	FILE *f;

	if (!s->is_durable && (!crash->keep_some || nrand48(state) % 2 == 0))
		return;
	image_resize(&image, &n, s->n);
	if (s->n > 0)
		memcpy(image, s->durable, s->n);
	if (crash->keep_some)
		for (p = s->first; p != NULL; p = p->next)
			survive(p, state, &image, &n);
	(void)snprintf(
	    path, sizeof(path), "%s%s", crash->into, strrchr(s->path, '/'));
	f = need(fopen(path, "wb"));
	if (fwrite(image, 1, n, f) != n || fclose(f) != 0)
		abort();
	free(image);
}

/* With the lock held. */
static void
crash_here(void)
{
	unsigned short state[3] = {(unsigned short)crash->seed,
	    (unsigned short)(crash->seed >> 16), 0};
	size_t i;

	for (i = 0; i < FILES_MAX; i++)
		if (shadows[i].path[0] != '\0')
			leave(&shadows[i], state);
	crash->notify(crash->ctx);
	crash = NULL;
}

static void
operation(void)
{
	if (crash != NULL && operations++ >= crash->after)
		crash_here();
}

/* A file that was there before the test is on the disk already. */
static void
shadow_load(struct shadow *s)
{
	FILE *f = fopen(s->path, "rb");
	long n;

	if (f == NULL)
		return;
	if (fseek(f, 0, SEEK_END) != 0 || (n = ftell(f)) < 0)
		abort();
	rewind(f);
	image_resize(&s->durable, &s->n, (size_t)n);
	if (fread(s->durable, 1, (size_t)n, f) != (size_t)n)
		abort();
	(void)fclose(f);
	s->is_durable = true;
}

/* Before the real file is opened, which would make it. */
static struct shadow *
shadow_of(const char *path)
{
	struct shadow *empty = NULL;
	size_t i;

	for (i = 0; i < FILES_MAX; i++) {
		if (strcmp(shadows[i].path, path) == 0)
			return &shadows[i];
		if (shadows[i].path[0] == '\0' && empty == NULL)
			empty = &shadows[i];
	}
	empty = need(empty);
	(void)snprintf(empty->path, sizeof(empty->path), "%s", path);
	empty->last = &empty->first;
	shadow_load(empty);
	return empty;
}

static void
shadow_clear(struct shadow *s)
{
	pending_drop(s);
	free(s->durable);
	*s = (struct shadow){0};
}

static sqlite3_file *
real_of(sqlite3_file *f)
{
	return ((struct file *)f)->real;
}

static int
file_close(sqlite3_file *f)
{
	return real_of(f)->pMethods->xClose(real_of(f));
}

static int
file_read(sqlite3_file *f, void *p, int n, sqlite3_int64 offset)
{
	return real_of(f)->pMethods->xRead(real_of(f), p, n, offset);
}

static int
file_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 offset)
{
	struct shadow *s = ((struct file *)f)->shadow;

	if (s != NULL) {
		(void)pthread_mutex_lock(&lock);
		operation();
		pending_add(s, offset, p, (size_t)n);
		(void)pthread_mutex_unlock(&lock);
	}
	return real_of(f)->pMethods->xWrite(real_of(f), p, n, offset);
}

static int
file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	struct shadow *s = ((struct file *)f)->shadow;

	if (s != NULL) {
		(void)pthread_mutex_lock(&lock);
		operation();
		pending_add(s, size, NULL, 0);
		(void)pthread_mutex_unlock(&lock);
	}
	return real_of(f)->pMethods->xTruncate(real_of(f), size);
}

/* The real file needs no sync: only the shadow is looked at. */
static int
file_sync(sqlite3_file *f, int flags)
{
	struct shadow *s = ((struct file *)f)->shadow;

	(void)flags;
	if (s == NULL)
		return SQLITE_OK;
	(void)pthread_mutex_lock(&lock);
	operation();
	if (!ignores_syncs)
		make_durable(s);
	(void)pthread_mutex_unlock(&lock);
	return SQLITE_OK;
}

static int
file_size(sqlite3_file *f, sqlite3_int64 *out)
{
	return real_of(f)->pMethods->xFileSize(real_of(f), out);
}

static int
file_lock(sqlite3_file *f, int level)
{
	return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int
file_unlock(sqlite3_file *f, int level)
{
	return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int
file_check_reserved(sqlite3_file *f, int *out)
{
	return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int
file_control(sqlite3_file *f, int op, void *arg)
{
	return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int
file_sector(sqlite3_file *f)
{
	return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int
file_device(sqlite3_file *f)
{
	return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int
file_shm_map(
    sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	return real_of(f)->pMethods->xShmMap(
	    real_of(f), page, size, extend, out);
}

static int
file_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return real_of(f)->pMethods->xShmLock(real_of(f), offset, n, flags);
}

static void
file_shm_barrier(sqlite3_file *f)
{
	real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int
file_shm_unmap(sqlite3_file *f, int delete)
{
	return real_of(f)->pMethods->xShmUnmap(real_of(f), delete);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, /* without memory mapping: every write passes here */
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_device,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int
vfs_open(sqlite3_vfs *v, const char *path, sqlite3_file *out, int flags,
    int *out_flags)
{
	struct file *f = (struct file *)out;
	int code;

	(void)v;
	f->base.pMethods = NULL;
	f->real = (sqlite3_file *)(f + 1);
	f->shadow = NULL;
	if (path != NULL) {
		(void)pthread_mutex_lock(&lock);
		f->shadow = shadow_of(path);
		(void)pthread_mutex_unlock(&lock);
	}
	code = real_vfs->xOpen(real_vfs, path, f->real, flags, out_flags);
	if (code == SQLITE_OK)
		f->base.pMethods = &methods;
	return code;
}

static int
vfs_delete(sqlite3_vfs *v, const char *path, int sync)
{
	(void)v;
	(void)pthread_mutex_lock(&lock);
	operation();
	shadow_clear(shadow_of(path));
	(void)pthread_mutex_unlock(&lock);
	return real_vfs->xDelete(real_vfs, path, sync);
}

void
unsynced_start(void)
{
	real_vfs = need(sqlite3_vfs_find(NULL));
	our_vfs = *real_vfs;
	our_vfs.pNext = NULL;
	our_vfs.zName = "unsynced";
	our_vfs.szOsFile = (int)sizeof(struct file) + real_vfs->szOsFile;
	our_vfs.xOpen = vfs_open;
	our_vfs.xDelete = vfs_delete;
	if (sqlite3_vfs_register(&our_vfs, 1) != SQLITE_OK)
		abort();
}

void
unsynced_stop(void)
{
	(void)sqlite3_vfs_unregister(&our_vfs);
	(void)sqlite3_vfs_register(real_vfs, 1);
}

void
unsynced_ignore_syncs(bool ignore)
{
	ignores_syncs = ignore;
}

void
unsynced_crash_set(const struct unsynced_crash *c)
{
	(void)pthread_mutex_lock(&lock);
	operations = 0;
	crash = c;
	(void)pthread_mutex_unlock(&lock);
}

uint64_t
unsynced_operations(void)
{
	uint64_t n;

	(void)pthread_mutex_lock(&lock);
	n = operations;
	(void)pthread_mutex_unlock(&lock);
	return n;
}

void
unsynced_crash_now(void)
{
	(void)pthread_mutex_lock(&lock);
	if (crash != NULL)
		crash_here();
	(void)pthread_mutex_unlock(&lock);
}

void
unsynced_forget(void)
{
	size_t i;

	for (i = 0; i < FILES_MAX; i++)
		shadow_clear(&shadows[i]);
	crash = NULL;
}
