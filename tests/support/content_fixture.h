/*
 * Git repositories and published content for tests. A failure ends the test
 * program.
 *
 *	struct content_files files = {0};
 *
 *	content_files_read(&files, "tests/bad/content/base");
 *	content_files_put(&files, "labs/L01-x/setup", "…");
 *	content_repository_commit(path, &files, commit);
 */
#ifndef TESTS_CONTENT_FIXTURE_H
#define TESTS_CONTENT_FIXTURE_H

#include <stddef.h>

struct content_file {
	char *path; /* in the repository */
	char *data;
	size_t size;
	unsigned mode; /* of git: 0100644, 0120000, … */
};

struct content_files {
	struct content_file *list;
	size_t n;
};

/* All files below a directory; those that are there already are replaced. */
void content_files_read(struct content_files *files, const char *directory);

void content_files_put(
    struct content_files *files, const char *path, const char *text);
void content_files_put_mode(struct content_files *files, const char *path,
    const char *text, unsigned mode);

/* NULL if there is none. */
struct content_file *
content_files_find(struct content_files *files, const char *path);
void content_files_remove(struct content_files *files, const char *path);
void content_files_free(struct content_files *files);

/*
 * Makes a bare repository, or uses the one that is there, and commits the
 * files to main; the commit depends on the files and its parent only.
 */
void content_repository_commit(
    const char *repository, const struct content_files *files, char commit[41]);

/* A whole file; free(3). NULL if it cannot be read. */
char *content_slurp(const char *path, size_t *size);

#endif
