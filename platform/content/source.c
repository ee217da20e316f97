/* Reads the trees of a commit with libgit2. */
#include "content/source.h"

#include <git2.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "content/list.h"
#include "content/source_text.h"

#define MARKDOWN_BYTES_MAX ((size_t)256 * 1024)
#define YAML_BYTES_MAX ((size_t)512 * 1024)
#define SCRIPT_BYTES_MAX ((size_t)256 * 1024)
#define SOURCE_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define SOURCE_FILES_MAX 20000
#define TREE_DEPTH_MAX 8

static const char *const roots[] = {"courses", "assessments/exams", "labs"};

struct reading {
	struct arena *a;
	struct report *report;
	struct source *source;
	git_repository *repository;
	size_t bytes;
};

static const char *
git_reason(void)
{
	const git_error *e = git_error_last();

	return e == NULL || e->message == NULL ? "unknown" : e->message;
}

static size_t
size_limit(const char *path)
{
	if (text_ends(path, ".md"))
		return MARKDOWN_BYTES_MAX;
	if (text_ends(path, ".yaml") || text_ends(path, ".tsv"))
		return YAML_BYTES_MAX;
	return SCRIPT_BYTES_MAX;
}

static enum err
read_file(struct reading *r, const git_tree_entry *entry, const char *path)
{
	struct source_file *f;
	git_blob *blob = NULL;
	size_t size, limit = size_limit(path);

	/*
	 * libgit2 loads a blob whole, and an object of git may be far larger
	 * packed out than packed: the size is asked first.
	 */
	git_odb *odb = NULL;
	git_object_t type;

	if (git_repository_odb(&odb, r->repository) < 0 ||
	    git_odb_read_header(&size, &type, odb, git_tree_entry_id(entry)) <
		0) {
		git_odb_free(odb);
		log_error("content", "%s: %s", path, git_reason());
		return ERR_INTERNAL;
	}
	git_odb_free(odb);
	if (size > limit) {
		report_add(r->report, path, 0,
		    "%zu bytes; such a file has at most %zu", size, limit);
		return ERR_OK;
	}
	if (r->source->n >= SOURCE_FILES_MAX ||
	    r->bytes + size > SOURCE_BYTES_MAX) {
		report_add(r->report, path, 0,
		    "the sources are too large: at most %d files and %zu MB",
		    SOURCE_FILES_MAX, SOURCE_BYTES_MAX >> 20);
		return ERR_INVALID;
	}
	if (git_blob_lookup(&blob, r->repository, git_tree_entry_id(entry)) <
	    0) {
		log_error("content", "%s: %s", path, git_reason());
		return ERR_INTERNAL;
	}
	f = LIST_ADD(r->a, r->source->files, r->source->n);
	f->path = path;
	f->size = size;
	f->data = arena_strndup(r->a, git_blob_rawcontent(blob), size);
	git_blob_free(blob);
	r->bytes += size;
	source_text_check(r->report, f);
	return ERR_OK;
}

static enum err
read_tree(struct reading *r, const git_oid *id, const char *path, int depth);

static enum err
read_entry(struct reading *r, const git_tree_entry *entry, const char *parent,
    int depth)
{
	const char *path =
	    arena_printf(r->a, "%s/%s", parent, git_tree_entry_name(entry));

	switch (git_tree_entry_filemode(entry)) {
	case GIT_FILEMODE_TREE:
		return read_tree(r, git_tree_entry_id(entry), path, depth + 1);
	case GIT_FILEMODE_BLOB:
	case GIT_FILEMODE_BLOB_EXECUTABLE:
		return read_file(r, entry, path);
	case GIT_FILEMODE_LINK:
		report_add(r->report, path, 0, "a symbolic link is refused");
		return ERR_OK;
	case GIT_FILEMODE_COMMIT:
		report_add(r->report, path, 0, "a submodule is refused");
		return ERR_OK;
	default:
		report_add(r->report, path, 0, "a file of an unknown kind");
		return ERR_OK;
	}
}

static enum err
read_tree(struct reading *r, const git_oid *id, const char *path, int depth)
{
	git_tree *tree = NULL;
	enum err e = ERR_OK;
	size_t i, n;

	if (depth > TREE_DEPTH_MAX) {
		report_add(r->report, path, 0, "folders nest too deeply");
		return ERR_OK;
	}
	if (git_tree_lookup(&tree, r->repository, id) < 0) {
		log_error("content", "%s: %s", path, git_reason());
		return ERR_INTERNAL;
	}
	n = git_tree_entrycount(tree);
	for (i = 0; i < n && e == ERR_OK; i++)
		e = read_entry(r, git_tree_entry_byindex(tree, i), path, depth);
	git_tree_free(tree);
	return e;
}

static enum err
read_commit(struct reading *r, git_commit *commit)
{
	git_tree_entry *entry;
	git_tree *tree = NULL;
	enum err e = ERR_OK;
	size_t i;

	if (git_commit_tree(&tree, commit) < 0) {
		log_error("content", "commit without a tree: %s", git_reason());
		return ERR_INTERNAL;
	}
	for (i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		entry = NULL;
		if (git_tree_entry_bypath(&entry, tree, roots[i]) < 0)
			continue;
		if (git_tree_entry_type(entry) == GIT_OBJECT_TREE)
			e = read_tree(r, git_tree_entry_id(entry), roots[i], 0);
		else
			report_add(
			    r->report, roots[i], 0, "a folder is expected");
		git_tree_entry_free(entry);
		if (e != ERR_OK)
			break;
	}
	git_tree_free(tree);
	return e;
}

static enum err
repository_open(const char *path, git_repository **out)
{
	/*
	 * SECURITY: libgit2 refuses repositories of another user unless told
	 * not to, because git may run what their configuration says. Nothing
	 * is run here: the objects of a path that the operator named are
	 * read, often as another user than the one who fetched them.
	 */
	if (git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0) < 0)
		return ERR_INTERNAL;
	if (git_repository_open_ext(
		out, path, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL) < 0)
		return ERR_NOT_FOUND;
	return ERR_OK;
}

/* The i-th of a list with commas; the only one when there are none. */
static const char *
revision_of(struct arena *a, const char *revision, size_t i)
{
	const char *comma;

	if (strchr(revision, ',') == NULL)
		return revision;
	while (i-- > 0 && (comma = strchr(revision, ',')) != NULL)
		revision = comma + 1;
	return arena_strndup(a, revision, strcspn(revision, ","));
}

static enum err
read_repository(
    struct reading *r, const char *path, const char *revision, const char **hex)
{
	git_object *object = NULL, *commit = NULL;
	char text[GIT_OID_HEXSZ + 1];
	enum err e = ERR_INVALID;

	if (repository_open(path, &r->repository) != ERR_OK) {
		report_add(
		    r->report, path, 0, "no git repository can be read here");
		return ERR_INVALID;
	}
	if (git_revparse_single(&object, r->repository, revision) < 0 ||
	    git_object_peel(&commit, object, GIT_OBJECT_COMMIT) < 0) {
		report_add(
		    r->report, path, 0, "no such revision: %s", revision);
		goto out;
	}
	(void)git_oid_tostr(text, sizeof(text), git_object_id(commit));
	*hex = arena_strdup(r->a, text);
	e = read_commit(r, (git_commit *)commit);
out:
	git_object_free(commit);
	git_object_free(object);
	git_repository_free(r->repository);
	r->repository = NULL;
	return e;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct source_file *)a)->path,
	    ((const struct source_file *)b)->path);
}

static void
sort_files(struct source *s, struct report *report)
{
	size_t i;

	if (s->n > 1)
		qsort(s->files, s->n, sizeof(*s->files), compare);
	for (i = 1; i < s->n; i++)
		if (text_eq(s->files[i - 1].path, s->files[i].path))
			report_add(report, s->files[i].path, 0,
			    "more than one repository holds this file");
}

static const char *
digest_commits(struct arena *a, const char *const *commits, size_t n)
{
	uint8_t digest[DIGEST_BYTES];
	struct buf b = BUF_EMPTY;
	size_t i;

	if (n == 1)
		return commits[0];
	for (i = 0; i < n; i++)
		buf_printf(&b, "%s\n", commits[i]);
	digest_sha256(buf_text(&b), b.len, digest);
	buf_free(&b);
	return hex_encode(a, digest, GIT_OID_HEXSZ / 2);
}

enum err
source_read(const char *const *repositories, size_t n, const char *revision,
    struct arena *a, struct report *report, struct source *out)
{
	struct source s = {.commits = ARENA_ARRAY(a, const char *, n)};
	struct reading r = {.a = a, .report = report, .source = &s};
	enum err e = ERR_OK;
	size_t i;

	if (git_libgit2_init() < 0) {
		log_error("content", "libgit2: %s", git_reason());
		return ERR_INTERNAL;
	}
	for (i = 0; i < n && e == ERR_OK; i++)
		e = read_repository(&r, repositories[i],
		    revision_of(a, revision, i), &s.commits[i]);
	(void)git_libgit2_shutdown();
	if (e != ERR_OK)
		return e;
	sort_files(&s, report);
	s.commit = digest_commits(a, s.commits, n);
	*out = s;
	return ERR_OK;
}

const struct source_file *
source_find(const struct source *s, const char *path)
{
	struct source_file key = {.path = path};

	if (s->n == 0)
		return NULL;
	return bsearch(&key, s->files, s->n, sizeof(key), compare);
}

static void
keep_one(const char *path, const char *commit)
{
	git_repository *repository = NULL;
	git_reference *ref = NULL;
	char name[80];
	git_oid id;

	(void)snprintf(name, sizeof(name), "refs/tanren/published/%s", commit);
	if (repository_open(path, &repository) != ERR_OK ||
	    git_oid_fromstr(&id, commit) < 0 ||
	    git_reference_create(&ref, repository, name, &id, 1, NULL) < 0)
		log_info("content",
		    "%s: cannot write %s (%s): git may drop the commit one day",
		    path, name, git_reason());
	git_reference_free(ref);
	git_repository_free(repository);
}

void
source_keep(const char *const *repositories, size_t n, const struct source *s)
{
	size_t i;

	if (git_libgit2_init() < 0)
		return;
	for (i = 0; i < n; i++)
		keep_one(repositories[i], s->commits[i]);
	(void)git_libgit2_shutdown();
}
