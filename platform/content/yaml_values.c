/* The typed readers: texts, ids, numbers, dates, lists and twins. */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "content/list.h"
#include "content/yaml_parts.h"

bool
text_matches(const char *s, const char *pattern)
{
	char whole[256];
	regex_t re;
	bool matches;
	int n;

	n = snprintf(whole, sizeof(whole), "^(%s)$", pattern);
	if (n < 0 || (size_t)n >= sizeof(whole) ||
	    regcomp(&re, whole, REG_EXTENDED | REG_NOSUB) != 0)
		abort();
	matches = strchr(s, '\n') == NULL && regexec(&re, s, 0, NULL, 0) == 0;
	regfree(&re);
	return matches;
}

/* A trimmed, non-empty text of bounded length, or NULL and a report. */
static const char *
text_of(struct yaml *y, int node, const char *what)
{
	const char *s = yaml_scalar(y, node);

	if (s == NULL) {
		report_add(y->report, y->file, yaml_line(y, node),
		    "%s: a text is expected", what);
		return NULL;
	}
	if (!text_is_utf8(s, strlen(s))) {
		report_add(y->report, y->file, yaml_line(y, node),
		    "%s: not valid UTF-8", what);
		return NULL;
	}
	s = text_trim(y->a, s);
	if (*s == '\0') {
		report_add(y->report, y->file, yaml_line(y, node),
		    "%s is empty", what);
		return NULL;
	}
	if (text_length(s) > YAML_TEXT_CHARS_MAX) {
		report_add(y->report, y->file, yaml_line(y, node),
		    "%s is longer than %d characters", what,
		    YAML_TEXT_CHARS_MAX);
		return NULL;
	}
	return s;
}

const char *
yaml_text(struct yaml_map *m, const char *key, enum yaml_need need)
{
	int node = yaml_get(m, key, need);

	return node == 0 ? NULL : text_of(m->yaml, node, key);
}

const char *
yaml_id(struct yaml_map *m, const char *key, enum yaml_need need,
    const char *pattern)
{
	const char *s = yaml_text(m, key, need);

	if (s == NULL || text_matches(s, pattern))
		return s;
	report_add(m->yaml->report, m->yaml->file,
	    yaml_line(m->yaml, yaml_get(m, key, YAML_OPTIONAL)),
	    "%s: %s does not look as it should (%s)", key, s, pattern);
	return NULL;
}

const char *
yaml_item_id(struct yaml *y, int node, const char *pattern)
{
	const char *s = text_of(y, node, "an item");

	if (s == NULL || text_matches(s, pattern))
		return s;
	report_add(y->report, y->file, yaml_line(y, node),
	    "%s does not look as it should (%s)", s, pattern);
	return NULL;
}

const char *
yaml_date(struct yaml_map *m, const char *key, enum yaml_need need)
{
	const char *s = yaml_text(m, key, need);
	struct date d;

	if (s == NULL || date_parse(s, &d))
		return s;
	report_add(m->yaml->report, m->yaml->file,
	    yaml_line(m->yaml, yaml_get(m, key, YAML_OPTIONAL)),
	    "%s: %s is no date (YYYY-MM-DD)", key, s);
	return NULL;
}

static int
int_of(struct yaml *y, int node, const char *key, int least, int most)
{
	const char *s = yaml_scalar(y, node);
	int64_t v;

	if (s == NULL || !text_to_int(s, &v)) {
		report_add(y->report, y->file, yaml_line(y, node),
		    "%s: a whole number is expected", key);
		return least;
	}
	if (v < least || v > most) {
		report_add(y->report, y->file, yaml_line(y, node),
		    "%s: %s is out of range (%d to %d)", key, s, least, most);
		return least;
	}
	return (int)v;
}

int
yaml_int(struct yaml_map *m, const char *key, enum yaml_need need, int least,
    int most)
{
	int node = yaml_get(m, key, need);

	return node == 0 ? least : int_of(m->yaml, node, key, least, most);
}

bool
yaml_bool(struct yaml_map *m, const char *key)
{
	int node = yaml_get(m, key, YAML_OPTIONAL);
	const char *s;

	if (node == 0)
		return false;
	s = yaml_scalar(m->yaml, node);
	if (s == NULL || (!text_eq(s, "true") && !text_eq(s, "false"))) {
		report_add(m->yaml->report, m->yaml->file,
		    yaml_line(m->yaml, node), "%s: true or false is expected",
		    key);
		return false;
	}
	return text_eq(s, "true");
}

size_t
yaml_list(struct yaml_map *m, const char *key, enum yaml_need need, int *list)
{
	const yaml_node_t *n;

	*list = yaml_get(m, key, need);
	if (*list == 0)
		return 0;
	n = yaml_node(m->yaml, *list);
	if (n->type != YAML_SEQUENCE_NODE) {
		report_add(m->yaml->report, m->yaml->file,
		    yaml_line(m->yaml, *list), "%s: a list is expected", key);
		return 0;
	}
	if (n->data.sequence.items.top == n->data.sequence.items.start)
		report_add(m->yaml->report, m->yaml->file,
		    yaml_line(m->yaml, *list), "%s: the list is empty", key);
	return (
	    size_t)(n->data.sequence.items.top - n->data.sequence.items.start);
}

int
yaml_item(struct yaml *y, int list, size_t i)
{
	return yaml_node(y, list)->data.sequence.items.start[i];
}

struct bilingual
yaml_twins(struct yaml_map *m, enum yaml_need need)
{
	struct bilingual b = {{"", ""}};
	const char *s;
	int lang;

	/* One language without the other is a mistake in any case. */
	if (need == YAML_OPTIONAL && !yaml_has(m, lang_codes[LANG_JA]) &&
	    !yaml_has(m, lang_codes[LANG_EN]))
		return b;
	for (lang = 0; lang < LANG__MAX; lang++)
		if ((s = yaml_text(m, lang_codes[lang], YAML_REQUIRED)) != NULL)
			b.in[lang] = s;
	return b;
}

struct bilingual
yaml_bilingual(struct yaml_map *m, const char *key, enum yaml_need need)
{
	struct bilingual b = {{"", ""}};
	struct yaml_map inner;
	int node = yaml_get(m, key, need);

	if (node == 0 || !yaml_map(m->yaml, node, &inner))
		return b;
	b = yaml_twins(&inner, YAML_REQUIRED);
	yaml_done(&inner);
	return b;
}

struct yaml_pair *
yaml_pairs(struct yaml_map *m, const char *key, enum yaml_need need,
    const char *pattern, int least, int most, size_t *n)
{
	struct yaml_pair *list = NULL, *p;
	struct yaml *y = m->yaml;
	const yaml_node_pair_t *pair;
	const yaml_node_t *map;
	struct yaml_map inner;
	int node = yaml_get(m, key, need);
	const char *id;

	*n = 0;
	if (node == 0 || !yaml_map(y, node, &inner))
		return NULL;
	map = yaml_node(y, node);
	for (pair = map->data.mapping.pairs.start;
	     pair < map->data.mapping.pairs.top; pair++) {
		if ((id = yaml_item_id(y, pair->key, pattern)) == NULL)
			continue;
		p = LIST_ADD(y->a, list, *n);
		p->key = id;
		p->line = yaml_line(y, pair->key);
		p->value = int_of(y, pair->value, id, least, most);
	}
	return list;
}
