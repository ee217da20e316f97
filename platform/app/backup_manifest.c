/*
 * The MANIFEST of a backup: text, so that it can be read without us.
 *
 *	tanren-backup 1
 *	made 2026-11-23T05:05:00Z
 *	engine sqlite
 *	schema 1
 *	file 9f86d0…0a08 524288 database.sqlite
 *	…
 *	end 4
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/backup.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/text.h"

#define HEAD "tanren-backup 1"
#define BYTES_MAX ((size_t)4 * 1024 * 1024)
#define WORDS 4

/* ----------------------------------------------------------------- writing */

static enum err
put_file(struct buf *b, const char *directory, const char *name,
    struct arena *a, struct backup_figures *f)
{
	const char *hex;
	int64_t bytes;
	enum err e;

	e = file_digest(
	    arena_printf(a, "%s/%s", directory, name), a, &hex, &bytes);
	if (e != ERR_OK)
		return e;
	buf_printf(b, "file %s %lld %s\n", hex, (long long)bytes, name);
	f->files++;
	f->bytes += bytes;
	return ERR_OK;
}

static enum err
put_files(struct buf *b, const char *directory, struct arena *a,
    struct backup_figures *f)
{
	const char *const *names;
	const char *name;
	size_t i, n;
	enum err e;

	e = directory_names(directory, a, &names, &n);
	for (i = 0; e == ERR_OK && i < n; i++)
		if (!text_eq(names[i], "content"))
			e = put_file(b, directory, names[i], a, f);
	if (e == ERR_OK)
		e = directory_names(
		    arena_printf(a, "%s/content", directory), a, &names, &n);
	for (i = 0; e == ERR_OK && i < n; i++) {
		name = arena_printf(a, "content/%s", names[i]);
		e = put_file(b, directory, name, a, f);
	}
	return e;
}

static enum err
save(const char *path, const struct buf *b)
{
	bool saved;
	FILE *f;

	if ((f = fopen(path, "wxe")) == NULL)
		return backup_say(
		    ERR_INTERNAL, "%s: %s", path, strerror(errno));
	saved = fwrite(b->data, 1, b->len, f) == b->len && fflush(f) == 0;
	if (fclose(f) != 0 || !saved)
		return backup_say(
		    ERR_INTERNAL, "%s: %s", path, strerror(errno));
	return ERR_OK;
}

enum err
manifest_of_backup_write(
    const char *directory, struct arena *a, struct backup_figures *f)
{
	struct buf b = BUF_EMPTY;
	enum err e;

	buf_printf(&b, "%s\nmade %s\nengine %s\nschema %d\n", HEAD,
	    date_time_iso(a, f->made_at), f->engine, f->schema);
	if ((e = put_files(&b, directory, a, f)) == ERR_OK) {
		buf_printf(&b, "end %lld\n", (long long)f->files);
		e = save(arena_printf(a, "%s/" BACKUP_MANIFEST, directory), &b);
	}
	buf_free(&b);
	return e;
}

/* ---------------------------------------------------------------- checking */

struct reading {
	const char *directory;
	struct arena *a;
	struct backup_figures *f;
	bool head, end;
};

/* file DIGEST BYTES NAME */
static enum err
check_file(struct reading *r, char *const word[WORDS])
{
	int64_t bytes, wanted;
	const char *hex;
	enum err e;

	if (word[3] == NULL || !text_to_int(word[2], &wanted) ||
	    !backup_name_is_good(word[3]) || r->f->files == BACKUP_FILES_MAX)
		return backup_say(ERR_INVALID, "its MANIFEST is damaged");
	e = file_digest(arena_printf(r->a, "%s/%s", r->directory, word[3]),
	    r->a, &hex, &bytes);
	if (e != ERR_OK)
		return ERR_INVALID;
	if (bytes != wanted || !text_eq(hex, word[1]))
		return backup_say(
		    ERR_INVALID, "%s in the backup is damaged", word[3]);
	r->f->files++;
	r->f->bytes += bytes;
	return ERR_OK;
}

static enum err
check_line(struct reading *r, char *line)
{
	char *word[WORDS] = {NULL};
	int64_t number = 0;
	size_t n = 0;

	if (!r->head) {
		r->head = text_eq(line, HEAD);
		return r->head ? ERR_OK
			       : backup_say(ERR_INVALID,
				     "this is no backup that this program "
				     "knows: %.40s",
				     line);
	}
	while (n < WORDS && (word[n] = strsep(&line, " ")) != NULL)
		n++;
	if (n < 2 || r->end)
		return backup_say(ERR_INVALID, "its MANIFEST is damaged");
	(void)text_to_int(word[1], &number);
	if (text_eq(word[0], "file"))
		return check_file(r, word);
	if (text_eq(word[0], "engine"))
		r->f->engine =
		    text_eq(word[1], "sqlite") ? "sqlite" : "postgresql";
	else if (text_eq(word[0], "schema"))
		r->f->schema = (int)number;
	else if (text_eq(word[0], "end"))
		r->end = number == r->f->files;
	return ERR_OK;
}

enum err
manifest_of_backup_check(
    const char *directory, struct arena *a, struct backup_figures *f)
{
	const char *path = arena_printf(a, "%s/" BACKUP_MANIFEST, directory);
	struct reading r = {.directory = directory, .a = a, .f = f};
	char *text = arena_alloc(a, BYTES_MAX + 1), *line;
	enum err e = ERR_OK;
	ssize_t n;
	int fd;

	if ((fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) == -1)
		return backup_say(
		    ERR_INVALID, "this is no backup: it has no MANIFEST");
	n = read(fd, text, BYTES_MAX);
	(void)close(fd);
	if (n < 0 || (size_t)n == BYTES_MAX || !text_is_utf8(text, (size_t)n))
		return backup_say(ERR_INVALID, "its MANIFEST is damaged");
	while (e == ERR_OK && (line = strsep(&text, "\n")) != NULL)
		if (*line != '\0')
			e = check_line(&r, line);
	if (e == ERR_OK && (!r.end || f->engine == NULL || f->schema == 0))
		e = backup_say(ERR_INVALID, "its MANIFEST is not whole");
	return e;
}
