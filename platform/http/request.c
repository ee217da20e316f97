/* What handlers ask a request for: fields, parameters, its own address. */
#include "http/request.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "http/url.h"

static const struct field *
find(const struct fields *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (text_eq(f->list[i].name, name))
			return &f->list[i];
	return NULL;
}

const char *
field_value(const struct fields *f, const char *name)
{
	const struct field *field = find(f, name);

	return field == NULL ? "" : field->value;
}

bool
field_present(const struct fields *f, const char *name)
{
	return find(f, name) != NULL;
}

const struct field *
field_file(const struct fields *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].file_name != NULL &&
		    text_eq(f->list[i].name, name))
			return &f->list[i];
	return NULL;
}

enum err
field_id(const struct fields *f, const char *name, int64_t *out)
{
	int64_t id;

	if (!text_to_int(field_value(f, name), &id) || id == 0)
		return ERR_INVALID;
	*out = id;
	return ERR_OK;
}

const char *
param_text(const struct req *r, const char *name)
{
	for (size_t i = 0; i < r->n_params; i++)
		if (text_eq(r->params[i].name, name))
			return r->params[i].value;
	log_error("request", "the route has no parameter %s", name);
	abort();
}

enum err
param_id(const struct req *r, const char *name, int64_t *out)
{
	int64_t id;

	if (!text_to_int(param_text(r, name), &id) || id == 0)
		return ERR_NOT_FOUND;
	*out = id;
	return ERR_OK;
}

struct url
request_url(const struct req *r, const char *without)
{
	struct url u = url_of_path(r->arena, r->path);

	for (size_t i = 0; i < r->query.n; i++)
		if (without == NULL || !text_eq(r->query.list[i].name, without))
			u = url_query(r->arena, u, r->query.list[i].name,
			    r->query.list[i].value);
	return u;
}
