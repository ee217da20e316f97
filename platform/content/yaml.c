/* Documents, mappings and their keys. */
#include "content/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "content/yaml_parts.h"

static void
report_problem(struct report *r, const char *file, const yaml_parser_t *p)
{
	report_add(r, file, (int)p->problem_mark.line + 1, "YAML: %s",
	    p->problem == NULL ? "cannot be read" : p->problem);
}

static const yaml_char_t *
anchor_of(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return e->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT:
		return e->data.sequence_start.anchor;
	case YAML_MAPPING_START_EVENT:
		return e->data.mapping_start.anchor;
	default:
		return NULL;
	}
}

static const yaml_char_t *
tag_of(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return e->data.scalar.tag;
	case YAML_SEQUENCE_START_EVENT:
		return e->data.sequence_start.tag;
	case YAML_MAPPING_START_EVENT:
		return e->data.mapping_start.tag;
	default:
		return NULL;
	}
}

struct shape {
	size_t documents, refused;
	int depth;
};

static void
look_at(
    struct report *r, const char *file, const yaml_event_t *e, struct shape *s)
{
	int line = (int)e->start_mark.line + 1;

	if (e->type == YAML_DOCUMENT_START_EVENT && ++s->documents == 2)
		report_add(r, file, line, "a second document");
	if (e->type == YAML_MAPPING_START_EVENT ||
	    e->type == YAML_SEQUENCE_START_EVENT) {
		if (++s->depth == YAML_DEPTH_MAX) {
			report_add(r, file, line, "nested too deeply");
			s->refused++;
		}
	}
	if (e->type == YAML_MAPPING_END_EVENT ||
	    e->type == YAML_SEQUENCE_END_EVENT)
		s->depth--;
	if (e->type == YAML_ALIAS_EVENT || anchor_of(e) != NULL) {
		report_add(r, file, line, "anchors and aliases are refused");
		s->refused++;
	}
	if (tag_of(e) != NULL) {
		report_add(r, file, line, "tags are refused");
		s->refused++;
	}
}

/*
 * The document's nodes do not show anchors, tags or further documents: the
 * events do. True if the text is worth loading.
 */
static bool
scan(struct report *r, const char *file, const char *text, size_t size)
{
	struct shape s = {0};
	yaml_parser_t parser;
	yaml_event_t event;
	bool end = false, ok = true;

	if (!yaml_parser_initialize(&parser))
		abort();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
	    &parser, (const unsigned char *)text, size);
	while (!end && ok) {
		if (!yaml_parser_parse(&parser, &event)) {
			report_problem(r, file, &parser);
			ok = false;
			break;
		}
		look_at(r, file, &event, &s);
		end = event.type == YAML_STREAM_END_EVENT;
		ok = s.depth < YAML_DEPTH_MAX;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	if (ok && s.documents == 0)
		report_add(r, file, 0, "the file is empty");
	return ok && s.documents == 1 && s.refused == 0;
}

struct yaml *
yaml_open(struct report *r, struct arena *a, const char *file, const char *text,
    size_t size)
{
	yaml_parser_t parser;
	struct yaml *y;
	bool ok;

	if (!scan(r, file, text, size))
		return NULL;
	if ((y = calloc(1, sizeof(*y))) == NULL)
		abort();
	y->report = r;
	y->a = a;
	y->file = file;
	if (!yaml_parser_initialize(&parser))
		abort();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
	    &parser, (const unsigned char *)text, size);
	ok = yaml_parser_load(&parser, &y->document) != 0;
	if (!ok)
		report_problem(r, file, &parser);
	yaml_parser_delete(&parser);
	if (!ok) {
		free(y);
		return NULL;
	}
	return y;
}

void
yaml_close(struct yaml *y)
{
	if (y == NULL)
		return;
	yaml_document_delete(&y->document);
	free(y);
}

int
yaml_root(struct yaml *y)
{
	/* The first node that is loaded is the root. */
	return yaml_document_get_root_node(&y->document) == NULL ? 0 : 1;
}

yaml_node_t *
yaml_node(struct yaml *y, int node)
{
	return yaml_document_get_node(&y->document, node);
}

int
yaml_line(struct yaml *y, int node)
{
	const yaml_node_t *n = yaml_node(y, node);

	return n == NULL ? 0 : (int)n->start_mark.line + 1;
}

const char *
yaml_file(const struct yaml *y)
{
	return y->file;
}

const char *
yaml_scalar(struct yaml *y, int node)
{
	const yaml_node_t *n = yaml_node(y, node);

	if (n == NULL || n->type != YAML_SCALAR_NODE)
		return NULL;
	return (const char *)n->data.scalar.value;
}

static size_t
pair_count(const yaml_node_t *n)
{
	return (
	    size_t)(n->data.mapping.pairs.top - n->data.mapping.pairs.start);
}

static const char *
key_at(struct yaml *y, const yaml_node_t *n, size_t i)
{
	return yaml_scalar(y, n->data.mapping.pairs.start[i].key);
}

static bool
keys_are_good(struct yaml *y, const yaml_node_t *n)
{
	size_t i, j, count = pair_count(n);
	int line;

	if (count > YAML_KEYS_MAX) {
		report_add(y->report, y->file, (int)n->start_mark.line + 1,
		    "%zu keys; at most %d", count, YAML_KEYS_MAX);
		return false;
	}
	for (i = 0; i < count; i++) {
		line = yaml_line(y, n->data.mapping.pairs.start[i].key);
		if (key_at(y, n, i) == NULL) {
			report_add(y->report, y->file, line,
			    "a key must be a plain word");
			return false;
		}
		/* Told, and the first one is taken: reading goes on. */
		for (j = 0; j < i; j++)
			if (text_eq(key_at(y, n, j), key_at(y, n, i)))
				report_add(y->report, y->file, line,
				    "the key %s stands twice", key_at(y, n, i));
	}
	return true;
}

bool
yaml_map(struct yaml *y, int node, struct yaml_map *m)
{
	const yaml_node_t *n = yaml_node(y, node);

	*m = (struct yaml_map){.yaml = y, .node = node};
	if (n == NULL)
		return false;
	m->line = (int)n->start_mark.line + 1;
	if (n->type != YAML_MAPPING_NODE) {
		report_add(y->report, y->file, m->line,
		    "keys with values are expected here");
		return false;
	}
	return keys_are_good(y, n);
}

static bool
is_repeated(struct yaml *y, const yaml_node_t *n, size_t at)
{
	size_t i;

	for (i = 0; i < at; i++)
		if (text_eq(key_at(y, n, i), key_at(y, n, at)))
			return true;
	return false;
}

void
yaml_done(struct yaml_map *m)
{
	const yaml_node_t *n = yaml_node(m->yaml, m->node);
	size_t i, count = pair_count(n);

	for (i = 0; i < count; i++)
		if ((m->asked >> i & 1) == 0 && !is_repeated(m->yaml, n, i))
			report_add(m->yaml->report, m->yaml->file,
			    yaml_line(
				m->yaml, n->data.mapping.pairs.start[i].key),
			    "unknown key: %s", key_at(m->yaml, n, i));
}

bool
yaml_has(struct yaml_map *m, const char *key)
{
	uint64_t asked = m->asked;
	bool has = yaml_get(m, key, YAML_OPTIONAL) != 0;

	m->asked = asked;
	return has;
}

int
yaml_get(struct yaml_map *m, const char *key, enum yaml_need need)
{
	const yaml_node_t *n = yaml_node(m->yaml, m->node);
	size_t i, count = pair_count(n);

	for (i = 0; i < count; i++)
		if (text_eq(key_at(m->yaml, n, i), key)) {
			m->asked |= (uint64_t)1 << i;
			return n->data.mapping.pairs.start[i].value;
		}
	if (need == YAML_REQUIRED)
		report_add(m->yaml->report, m->yaml->file, m->line,
		    "the key %s is missing", key);
	return 0;
}
