/* What lies in a shell's /lab/out: collected, and handed in. */
#include "base/text.h"
#include "http/site.h"
#include "lab/shells.h"
#include "people/account.h"

static const struct box_file *
find(const struct box_file *files, size_t n, const char *path)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text_eq(files[i].path, path))
			return &files[i];
	return NULL;
}

enum err
shell_collect(
    const struct shell_of *of, struct shell_file **out, size_t *n_refused)
{
	const struct lab *lab = of->lab;
	const char *socket = shells_socket(of->site->shells);
	struct shell_file *list;
	const struct box_file *f;
	struct labd_want *want;
	struct box_file *files;
	size_t i, n;
	enum err e;

	if (of->look->run.state != RUN_READY)
		return ERR_NOT_FOUND;
	if (socket == NULL)
		return ERR_UNAVAILABLE;
	want = ARENA_ARRAY(of->arena, struct labd_want, lab->n_collect);
	for (i = 0; i < lab->n_collect; i++)
		want[i] = (struct labd_want){lab->collect[i].path,
		    (size_t)lab->collect[i].max_kb * 1024};
	e = labd_collect(socket, of->look->run.id, want, lab->n_collect,
	    of->arena, &files, &n, n_refused);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_GONE : e;
	list = ARENA_ARRAY(of->arena, struct shell_file, lab->n_collect);
	for (i = 0; i < lab->n_collect; i++) {
		list[i].file.name = lab->collect[i].path;
		f = find(files, n, lab->collect[i].path);
		if (f != NULL) {
			list[i].file.data = f->data;
			list[i].file.size = f->size;
		}
		list[i].problem = lab_file_check(
		    &lab->collect[i], list[i].file.data, list[i].file.size);
	}
	*out = list;
	return ERR_OK;
}

struct handing_in {
	const struct shell_of *of;
	struct lab_file *files;
	size_t n;
};

static enum err
write_submission(struct db *db, void *ctx)
{
	const struct handing_in *h = ctx;
	const struct shell_of *of = h->of;
	struct lab_look look;
	int64_t number;
	enum err e;

	/* what lies in this box answers no other draw */
	e = lab_look(db, of->own, of->lab->id, of->arena, &look);
	if (e != ERR_OK)
		return e;
	if (look.run.id != of->look->run.id)
		return ERR_CONFLICT;
	return lab_submit(
	    db, of->own, of->lab, h->files, h->n, of->now, of->arena, &number);
}

enum err
shell_submit(const struct shell_of *of, const struct shell_file *files)
{
	struct handing_in h = {.of = of};
	size_t i;

	h.files = ARENA_ARRAY(of->arena, struct lab_file, of->lab->n_collect);
	for (i = 0; i < of->lab->n_collect; i++)
		if (files[i].problem == FILE_FINE)
			h.files[h.n++] = files[i].file;
	return lane_write_on(of->site, of->db, write_submission, &h);
}
