/* From a commit to a manifest: read, check, render, write, keep. */
#include "content/publish.h"

#include "content/manifest.h"
#include "content/reading.h"

enum err
content_build(const char *const *repositories, size_t n, const char *revision,
    const char *dir, bool keep_ref, struct arena *a, const char **manifest,
    const char **commit, struct content_errors *errors)
{
	struct report report = {.a = a};
	struct names names = {.a = a};
	struct source source = {0};
	struct reading rd = {
	    .a = a, .report = &report, .names = &names, .source = &source};
	struct model model;
	enum err e;

	*errors = (struct content_errors){0};
	e = source_read(repositories, n, revision, a, &report, &source);
	if (e == ERR_OK)
		read_all(&rd, &model);
	report_finish(&report, errors);
	if (e != ERR_OK)
		return e;
	if (errors->n > 0)
		return ERR_INVALID;
	/* first, so that no manifest is left without its commit */
	if (keep_ref)
		source_keep(repositories, n, &source);
	if (dir != NULL &&
	    (e = manifest_write(&model, source.commit, source.commits, n, dir,
		 a, manifest)) != ERR_OK)
		return e;
	*commit = source.commit;
	return ERR_OK;
}
