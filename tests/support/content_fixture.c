/* Git repositories for tests, made with libgit2. */
#include "support/content_fixture.h"

#include <dirent.h>
#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_BYTES 1024

static void
die(const char *what)
{
	const git_error *e = git_error_last();

	(void)fprintf(stderr, "content fixture: %s: %s\n", what,
	    e == NULL ? "" : e->message);
	abort();
}

char *
content_slurp(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	char *data = NULL;
	size_t n = 0, got;

	if (f == NULL)
		return NULL;
	do {
		if ((data = realloc(data, n + 65536 + 1)) == NULL)
			abort();
		got = fread(data + n, 1, 65536, f);
		n += got;
	} while (got > 0);
	(void)fclose(f);
	data[n] = '\0';
	if (size != NULL)
		*size = n;
	return data;
}

struct content_file *
content_files_find(struct content_files *files, const char *path)
{
	size_t i;

	for (i = 0; i < files->n; i++)
		if (strcmp(files->list[i].path, path) == 0)
			return &files->list[i];
	return NULL;
}

/* Takes the data over. */
static void
put(struct content_files *files, const char *path, char *data, size_t size,
    unsigned mode)
{
	struct content_file *f = content_files_find(files, path);

	if (f == NULL) {
		files->list =
		    realloc(files->list, (files->n + 1) * sizeof(*files->list));
		if (files->list == NULL)
			abort();
		f = &files->list[files->n++];
		f->path = strdup(path);
	} else {
		free(f->data);
	}
	f->data = data;
	f->size = size;
	f->mode = mode;
}

void
content_files_put(
    struct content_files *files, const char *path, const char *text)
{
	content_files_put_mode(files, path, text, GIT_FILEMODE_BLOB);
}

void
content_files_put_mode(struct content_files *files, const char *path,
    const char *text, unsigned mode)
{
	put(files, path, strdup(text), strlen(text), mode);
}

void
content_files_remove(struct content_files *files, const char *path)
{
	struct content_file *f = content_files_find(files, path);

	if (f == NULL)
		die(path);
	free(f->path);
	free(f->data);
	*f = files->list[--files->n];
}

void
content_files_free(struct content_files *files)
{
	size_t i;

	for (i = 0; i < files->n; i++) {
		free(files->list[i].path);
		free(files->list[i].data);
	}
	free(files->list);
	*files = (struct content_files){0};
}

/* a/b; b alone if a is empty. */
static void
join(char out[PATH_BYTES], const char *a, const char *b)
{
	int n =
	    snprintf(out, PATH_BYTES, "%s%s%s", a, *a == '\0' ? "" : "/", b);

	if (n < 0 || n >= PATH_BYTES)
		die(b);
}

static void
read_folder(struct content_files *files, const char *top, const char *inner)
{
	char path[PATH_BYTES], name[PATH_BYTES];
	const struct dirent *entry;
	struct stat st;
	size_t size;
	char *data;
	DIR *d;

	join(path, top, inner);
	if ((d = opendir(path)) == NULL)
		die(path);
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		join(name, inner, entry->d_name);
		join(path, top, name);
		if (stat(path, &st) != 0)
			die(path);
		if (S_ISDIR(st.st_mode)) {
			read_folder(files, top, name);
			continue;
		}
		if ((data = content_slurp(path, &size)) == NULL)
			die(path);
		put(files, name, data, size,
		    st.st_mode & S_IXUSR ? GIT_FILEMODE_BLOB_EXECUTABLE
					 : GIT_FILEMODE_BLOB);
	}
	(void)closedir(d);
}

void
content_files_read(struct content_files *files, const char *directory)
{
	read_folder(files, directory, "");
}

static void
write_tree(git_repository *repository, const struct content_files *files,
    git_oid *tree)
{
	git_index *index = NULL;
	git_index_entry entry;
	size_t i;

	if (git_index_new(&index) < 0)
		die("index");
	for (i = 0; i < files->n; i++) {
		memset(&entry, 0, sizeof(entry));
		entry.mode = files->list[i].mode;
		entry.path = files->list[i].path;
		if (entry.mode == GIT_FILEMODE_COMMIT) /* any id will do */
			memset(&entry.id, 1, sizeof(entry.id));
		else if (git_blob_create_from_buffer(&entry.id, repository,
			     files->list[i].data, files->list[i].size) < 0)
			die("blob");
		if (git_index_add(index, &entry) < 0)
			die(entry.path);
	}
	if (git_index_write_tree_to(tree, index, repository) < 0)
		die("tree");
	git_index_free(index);
}

void
content_repository_commit(
    const char *path, const struct content_files *files, char commit[41])
{
	git_repository *repository = NULL;
	git_signature *author = NULL;
	git_commit *parent = NULL;
	git_tree *tree = NULL;
	git_oid tree_id, id, parent_id;

	(void)git_libgit2_init();
	/* Submodule entries point at nothing. */
	(void)git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
	if (git_repository_open_bare(&repository, path) < 0 &&
	    git_repository_init(&repository, path, 1) < 0)
		die(path);
	write_tree(repository, files, &tree_id);
	if (git_tree_lookup(&tree, repository, &tree_id) < 0 ||
	    git_signature_new(
		&author, "Test", "test@example.jp", 1793577600, 0) < 0)
		die("signature");
	if (git_reference_name_to_id(
		&parent_id, repository, "refs/heads/main") == 0 &&
	    git_commit_lookup(&parent, repository, &parent_id) < 0)
		die("parent");
	if (git_commit_create_v(&id, repository, "refs/heads/main", author,
		author, NULL, "test", tree, parent == NULL ? 0 : 1, parent) < 0)
		die("commit");
	(void)git_oid_tostr(commit, 41, &id);
	git_commit_free(parent);
	git_signature_free(author);
	git_tree_free(tree);
	git_repository_free(repository);
	(void)git_libgit2_shutdown();
}
