/*
 * Reading YAML with all mistakes told. libyaml parses a document into nodes
 * with marks; these typed readers walk them and report what does not fit,
 * with its line, and go on. (libcyaml does the walking by tables, but stops
 * at the first mistake.) Anchors, aliases and tags are refused.
 *
 *	struct yaml_map m;
 *
 *	if (!yaml_map(y, node, &m))
 *		return;
 *	id = yaml_id(&m, "id", YAML_REQUIRED, "[A-Z]-[0-9]{3}");
 *	n = yaml_int(&m, "minutes", YAML_REQUIRED, 1, 600);
 *	yaml_done(&m);		every key that nobody asked for is an error
 */
#ifndef CONTENT_YAML_H
#define CONTENT_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "content/report.h"

#define YAML_TEXT_CHARS_MAX 8000
#define YAML_KEYS_MAX 64

enum yaml_need { YAML_OPTIONAL, YAML_REQUIRED };

struct yaml; /* one document */

struct yaml_map {
	struct yaml *yaml;
	int node;
	int line;
	uint64_t asked; /* a bit for each pair */
};

/* NULL: it is no single, plain document; reported. The file name is kept. */
struct yaml *yaml_open(struct report *r, struct arena *a, const char *file,
    const char *text, size_t size);
void yaml_close(struct yaml *y);

/* Nodes are numbers from 1; 0 is none. */
int yaml_root(struct yaml *y);
int yaml_line(struct yaml *y, int node);
const char *yaml_file(const struct yaml *y);

/*
 * False, and reported, if the node is no mapping. A repeated key is reported,
 * and its first value taken.
 */
bool yaml_map(struct yaml *y, int node, struct yaml_map *m);
void yaml_done(struct yaml_map *m);

bool yaml_has(struct yaml_map *m, const char *key);
int yaml_get(struct yaml_map *m, const char *key, enum yaml_need need);

/* The items of a list; 0, and reported, if it is none or empty. */
size_t
yaml_list(struct yaml_map *m, const char *key, enum yaml_need need, int *list);
int yaml_item(struct yaml *y, int list, size_t i);

/* NULL if missing or wrong. A pattern is an extended regular expression. */
const char *yaml_text(struct yaml_map *m, const char *key, enum yaml_need need);
const char *yaml_id(struct yaml_map *m, const char *key, enum yaml_need need,
    const char *pattern);
const char *yaml_item_id(struct yaml *y, int node, const char *pattern);
const char *yaml_date(struct yaml_map *m, const char *key, enum yaml_need need);

/* `least` if missing or wrong. */
int yaml_int(struct yaml_map *m, const char *key, enum yaml_need need,
    int least, int most);
bool yaml_bool(struct yaml_map *m, const char *key);

/* Both members set; "" where it was missing and reported. */
struct bilingual yaml_twins(struct yaml_map *m, enum yaml_need need);
struct bilingual
yaml_bilingual(struct yaml_map *m, const char *key, enum yaml_need need);

/* A mapping from id to number: {C01: 2}. */
struct yaml_pair {
	const char *key;
	int value, line;
};
struct yaml_pair *yaml_pairs(struct yaml_map *m, const char *key,
    enum yaml_need need, const char *pattern, int least, int most, size_t *n);

/* The whole string matches; how ids and names are checked everywhere. */
bool text_matches(const char *s, const char *pattern);

#endif
