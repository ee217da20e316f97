/* Hands out what a revision holds. */
#include "content/content.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "content/content_parts.h"
#include "content/words.h"

const char *
content_manifest(const struct content *c)
{
	return c->name;
}

const char *
content_commit(const struct content *c)
{
	return c->commit;
}

const struct course *
content_courses(const struct content *c, size_t *n)
{
	*n = c->model.n_courses;
	return c->model.courses;
}

const struct course *
content_course(const struct content *c, const char *id)
{
	size_t i;

	for (i = 0; i < c->model.n_courses; i++)
		if (text_eq(c->model.courses[i].id, id))
			return &c->model.courses[i];
	return NULL;
}

const struct module *
content_module(const struct course *co, int number)
{
	size_t i;

	for (i = 0; i < co->n_modules; i++)
		if (co->modules[i].number == number)
			return &co->modules[i];
	return NULL;
}

bool
content_course_is_whole(const struct course *co)
{
	size_t i;

	for (i = 0; i < co->n_modules; i++)
		if (co->modules[i].planned)
			return false;
	return !co->planned && co->n_modules > 0;
}

int
content_course_minutes(const struct course *co)
{
	size_t i;
	int sum = 0;

	for (i = 0; i < co->n_modules; i++)
		if (!co->modules[i].planned)
			sum += co->modules[i].minutes;
	return sum;
}

enum err
content_module_text(const struct content *c, const char *course, int module,
    enum lang lang, struct arena *a, struct safe_html *html,
    const struct heading **headings, size_t *n)
{
	const struct module_text *t;
	const struct rendered *r;
	struct heading *copy;
	size_t i, j;

	for (i = 0; i < c->model.n_texts; i++) {
		t = &c->model.texts[i];
		if (t->module != module || !text_eq(t->course, course))
			continue;
		r = &t->in[lang];
		copy = ARENA_ARRAY(a, struct heading, r->n_headings);
		for (j = 0; j < r->n_headings; j++)
			copy[j] = (struct heading){
			    .anchor = arena_strdup(a, r->headings[j].anchor),
			    .text = arena_strdup(a, r->headings[j].text),
			    .level = r->headings[j].level,
			};
		html->text = arena_strdup(a, r->html);
		*headings = copy;
		*n = r->n_headings;
		return ERR_OK;
	}
	return ERR_NOT_FOUND;
}

enum err
content_check(const struct content *c, const char *course, int module,
    const struct question **out, size_t *n)
{
	const struct question_set *s;
	size_t i;

	for (i = 0; i < c->model.n_checks; i++) {
		s = &c->model.checks[i];
		if (s->module == module && text_eq(s->course, course)) {
			*out = s->list;
			*n = s->n;
			return ERR_OK;
		}
	}
	return ERR_NOT_FOUND;
}

const struct exam *
content_exam(const struct content *c, const char *id)
{
	size_t i;

	for (i = 0; i < c->model.n_exams; i++)
		if (text_eq(c->model.exams[i].id, id))
			return &c->model.exams[i];
	return NULL;
}

const struct lab *
content_labs(const struct content *c, size_t *n)
{
	*n = c->model.n_labs;
	return c->model.labs;
}

const struct lab *
content_lab(const struct content *c, const char *id)
{
	size_t i;

	for (i = 0; i < c->model.n_labs; i++)
		if (text_eq(c->model.labs[i].id, id))
			return &c->model.labs[i];
	return NULL;
}

static enum err
lab_text_html(const struct lab_text *list, size_t n, const char *lab,
    enum lang lang, struct arena *a, struct safe_html *html)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text_eq(list[i].lab, lab)) {
			html->text = arena_strdup(a, list[i].in[lang].html);
			return ERR_OK;
		}
	return ERR_NOT_FOUND;
}

enum err
content_lab_task(const struct content *c, const char *lab, enum lang lang,
    struct arena *a, struct safe_html *html)
{
	return lab_text_html(
	    c->model.tasks, c->model.n_tasks, lab, lang, a, html);
}

enum err
content_lab_solution(const struct content *c, const char *lab, enum lang lang,
    struct arena *a, struct safe_html *html)
{
	return lab_text_html(
	    c->model.solutions, c->model.n_solutions, lab, lang, a, html);
}

static enum err
write_all(int fd, const char *p, size_t n)
{
	ssize_t put;

	while (n > 0) {
		put = write(fd, p, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return errno == ENOSPC || errno == EDQUOT
			    ? ERR_NO_SPACE
			    : ERR_INTERNAL;
		p += put;
		n -= (size_t)put;
	}
	return ERR_OK;
}

/* Modules are read by the scripts beside them, not run. */
static enum err
write_script(int dir, const struct script *s)
{
	mode_t mode = text_ends(s->name, ".py") ? 0644 : 0755;
	enum err e;
	int fd;

	/* The checks let only plain names through, and those in SCRIPT_KIT. */
	fd = openat(dir, s->name,
	    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0) {
		e = errno == ENOSPC ? ERR_NO_SPACE : ERR_INTERNAL;
	} else {
		/* Whatever the umask is, the box must be able to run it. */
		e = fchmod(fd, mode) < 0 ? ERR_INTERNAL
					 : write_all(fd, s->data, s->size);
		if (close(fd) < 0 && e == ERR_OK)
			e = ERR_INTERNAL;
	}
	if (e != ERR_OK)
		log_error("content", "script %s of %s: %s", s->name, s->lab,
		    strerror(errno));
	return e;
}

/* `only`: that script of the lab, and none of its modules; NULL: all. */
static enum err
write_scripts(
    const struct content *c, const char *lab, const char *only, const char *dir)
{
	const struct script *s;
	enum err e = ERR_OK;
	bool found = false;
	size_t i;
	int fd;

	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		log_error("content", "%s: %s", dir, strerror(errno));
		return ERR_INTERNAL;
	}
	if ((mkdirat(fd, SCRIPT_KIT, 0755) < 0 && errno != EEXIST) ||
	    fchmodat(fd, SCRIPT_KIT, 0755, 0) < 0)
		e = errno == ENOSPC ? ERR_NO_SPACE : ERR_INTERNAL;
	for (i = 0; i < c->model.n_scripts && e == ERR_OK; i++) {
		s = &c->model.scripts[i];
		if (text_eq(s->lab, lab)) {
			if (only != NULL && !text_eq(s->name, only))
				continue;
			found = true;
		} else if (!text_eq(s->lab, SCRIPT_OF_ALL_LABS)) {
			continue;
		}
		e = write_script(fd, s);
	}
	(void)close(fd);
	return e == ERR_OK && !found ? ERR_NOT_FOUND : e;
}

enum err
content_lab_scripts(const struct content *c, const char *lab, const char *dir)
{
	return write_scripts(c, lab, NULL, dir);
}

enum err
content_lab_trial(const struct content *c, const char *lab, const char *dir)
{
	return write_scripts(c, lab, "trial", dir);
}

const struct framework *
content_framework(const struct content *c)
{
	return &c->model.framework;
}

const struct work_role *
content_role(const struct content *c, const char *id)
{
	const struct framework *f = &c->model.framework;
	size_t i;

	for (i = 0; i < f->n_roles; i++)
		if (text_eq(f->roles[i].id, id))
			return &f->roles[i];
	return NULL;
}

const struct programme *
content_programme(const struct content *c, const char *id)
{
	const struct framework *f = &c->model.framework;
	size_t i;

	for (i = 0; i < f->n_programmes; i++)
		if (text_eq(f->programmes[i].id, id))
			return &f->programmes[i];
	return NULL;
}

const struct named *
content_named_in(const struct named *list, size_t n, const char *id)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text_eq(list[i].id, id))
			return &list[i];
	return NULL;
}
