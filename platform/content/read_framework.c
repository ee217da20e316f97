/* Reads the YAML files of courses/framework and the glossary. */
#include "content/list.h"
#include "content/reading.h"

#define FRAMEWORK "courses/framework/"

/* Calls `one` for each mapping in the list under `key`. */
static void
each(struct reading *rd, struct yaml *y, struct yaml_map *top, const char *key,
    void (*one)(struct reading *, struct yaml_map *))
{
	struct yaml_map m;
	size_t i, n;
	int list;

	n = yaml_list(top, key, YAML_REQUIRED, &list);
	for (i = 0; i < n; i++) {
		if (!yaml_map(y, yaml_item(y, list, i), &m))
			continue;
		one(rd, &m);
		yaml_done(&m);
	}
}

static void
define(
    struct reading *rd, struct yaml_map *m, enum name_kind kind, const char *id)
{
	names_define(rd->names, kind, id, yaml_file(m->yaml), m->line);
}

/* {id, ja, en}, added to a list of the framework. */
static void
read_named(struct reading *rd, struct yaml_map *m, enum name_kind kind,
    const char *pattern, const struct named **list, size_t *n)
{
	const char *id = yaml_id(m, "id", YAML_REQUIRED, pattern);
	struct named named = {.id = id};

	named.text = yaml_twins(m, YAML_REQUIRED);
	if (id == NULL)
		return;
	define(rd, m, kind, id);
	*list = list_append(rd->a, *list, n, sizeof(named), &named);
}

static void
read_tier(struct reading *rd, struct yaml_map *m)
{
	/* The code is the first letter of the tier's ids: courses show it. */
	(void)yaml_id(m, "code", YAML_REQUIRED, "[A-Z]");
	read_named(rd, m, NAME_TIER, PATTERN_SLUG, &rd->framework.tiers,
	    &rd->framework.n_tiers);
}

static void
read_policy(struct reading *rd, struct yaml_map *m)
{
	read_named(rd, m, NAME_POLICY, "P[0-9]+(-[0-9]+)?",
	    &rd->framework.policy, &rd->framework.n_policy);
}

static void
read_scope(struct reading *rd, struct yaml_map *m)
{
	(void)yaml_bilingual(m, "motive", YAML_OPTIONAL);
	(void)yaml_bilingual(m, "target", YAML_OPTIONAL);
	(void)yaml_bilingual(m, "framework", YAML_OPTIONAL);
	read_named(rd, m, NAME_SCOPE, PATTERN_SCOPE, &rd->framework.scope,
	    &rd->framework.n_scope);
}

static void
read_csf(struct reading *rd, struct yaml_map *m)
{
	read_named(rd, m, NAME_CSF, PATTERN_CSF, &rd->framework.csf,
	    &rd->framework.n_csf);
}

static void
read_category(struct reading *rd, struct yaml_map *m)
{
	read_named(rd, m, NAME_CATEGORY, "[A-Z]{3}", &rd->framework.categories,
	    &rd->framework.n_categories);
}

/* Levels and size bands are numbered: the number becomes the id. */
static void
read_numbered(struct reading *rd, struct yaml_map *m, const char *key,
    enum name_kind kind, int least, int most, const struct named **list,
    size_t *n)
{
	int number = yaml_int(m, key, YAML_REQUIRED, least, most);
	struct named named = {
	    .id = arena_printf(rd->a, "%d", number),
	    .text = yaml_twins(m, YAML_REQUIRED),
	};

	define(rd, m, kind, named.id);
	*list = list_append(rd->a, *list, n, sizeof(named), &named);
}

static void
read_level(struct reading *rd, struct yaml_map *m)
{
	read_numbered(rd, m, "level", NAME_LEVEL, 0, LEVEL_MAX,
	    &rd->framework.levels, &rd->framework.n_levels);
}

static void
read_size_band(struct reading *rd, struct yaml_map *m)
{
	(void)yaml_int(m, "below", YAML_OPTIONAL, 1, 10000000);
	read_numbered(rd, m, "band", NAME_SIZE_BAND, 1, 9,
	    &rd->framework.size_bands, &rd->framework.n_size_bands);
}

static void
read_competency(struct reading *rd, struct yaml_map *m)
{
	struct competency c = {0};

	c.id = yaml_id(m, "id", YAML_REQUIRED, PATTERN_COMPETENCY);
	c.text = yaml_twins(m, YAML_REQUIRED);
	c.csf = reading_ids(
	    rd, m, "csf", YAML_REQUIRED, NAME_CSF, PATTERN_CSF, &c.n_csf);
	if (c.id == NULL)
		return;
	define(rd, m, NAME_COMPETENCY, c.id);
	rd->framework.competencies =
	    list_append(rd->a, rd->framework.competencies,
		&rd->framework.n_competencies, sizeof(c), &c);
}

/* The tier, mentioned, of something with an id of its own. */
static const char *
read_tier_of(struct reading *rd, struct yaml_map *m)
{
	const char *tier = yaml_id(m, "tier", YAML_REQUIRED, PATTERN_SLUG);

	names_mention(rd->names, NAME_TIER, tier, yaml_file(m->yaml), m->line);
	return tier == NULL ? "" : tier;
}

static void
read_role(struct reading *rd, struct yaml_map *m)
{
	struct work_role r = {0};
	size_t ignored;

	r.id = yaml_id(m, "id", YAML_REQUIRED, PATTERN_ROLE);
	r.tier = read_tier_of(rd, m);
	r.text = yaml_twins(m, YAML_REQUIRED);
	/* Cross-walks to other frameworks are for readers of the file. */
	(void)reading_ids(
	    rd, m, "nco", YAML_OPTIONAL, NAME__MAX, "R[0-9]{2}", &ignored);
	(void)reading_ids(rd, m, "nice", YAML_OPTIONAL, NAME__MAX,
	    "[A-Z]{2}-WRL-[0-9]{3}", &ignored);
	r.targets =
	    reading_levels(rd, m, "targets", YAML_REQUIRED, 0, &r.n_targets);
	if (r.id == NULL)
		return;
	define(rd, m, NAME_ROLE, r.id);
	rd->framework.roles = list_append(
	    rd->a, rd->framework.roles, &rd->framework.n_roles, sizeof(r), &r);
}

static const char *
read_role_of(struct reading *rd, struct yaml_map *m, const char *key)
{
	const char *id = yaml_id(m, key, YAML_REQUIRED, PATTERN_ROLE);

	names_mention(rd->names, NAME_ROLE, id, yaml_file(m->yaml), m->line);
	return id == NULL ? "" : id;
}

static void
read_edge(struct reading *rd, struct yaml_map *m)
{
	struct edge edge = {
	    .from = read_role_of(rd, m, "from"),
	    .to = read_role_of(rd, m, "to"),
	    .text = yaml_twins(m, YAML_REQUIRED),
	};

	rd->framework.edges = list_append(rd->a, rd->framework.edges,
	    &rd->framework.n_edges, sizeof(edge), &edge);
}

static void
read_programme(struct reading *rd, struct yaml_map *m)
{
	struct programme p = {0};

	p.id = yaml_id(m, "id", YAML_REQUIRED, PATTERN_SLUG);
	p.tier = read_tier_of(rd, m);
	p.text = yaml_twins(m, YAML_REQUIRED);
	p.courses = reading_ids(rd, m, "courses", YAML_REQUIRED, NAME_COURSE,
	    PATTERN_COURSE, &p.n_courses);
	if (p.id == NULL)
		return;
	define(rd, m, NAME_PROGRAMME, p.id);
	rd->framework.programmes = list_append(rd->a, rd->framework.programmes,
	    &rd->framework.n_programmes, sizeof(p), &p);
}

/* A file holds one list, or two. */
static const struct {
	const char *file;
	struct {
		const char *key;
		void (*one)(struct reading *, struct yaml_map *);
	} lists[2];
} files[] = {
    {FRAMEWORK "tiers.yaml", {{"tiers", read_tier}}},
    {FRAMEWORK "policy.yaml", {{"policy", read_policy}}},
    {FRAMEWORK "scope.yaml", {{"scope", read_scope}}},
    {FRAMEWORK "csf.yaml", {{"csf", read_csf}}},
    {FRAMEWORK "competencies.yaml",
	{{"competencies", read_competency}, {"levels", read_level}}},
    {FRAMEWORK "roles.yaml", {{"roles", read_role}}},
    {FRAMEWORK "edges.yaml", {{"edges", read_edge}}},
    {FRAMEWORK "programmes.yaml", {{"programmes", read_programme}}},
    {FRAMEWORK "categories.yaml",
	{{"categories", read_category}, {"size_bands", read_size_band}}},
};

void
read_framework(struct reading *rd)
{
	const struct source_file *glossary;
	struct yaml_map top;
	struct yaml *y;
	size_t i, j;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if ((y = reading_yaml(rd, files[i].file)) == NULL)
			continue;
		if (yaml_map(y, yaml_root(y), &top)) {
			for (j = 0; j < 2 && files[i].lists[j].key != NULL; j++)
				each(rd, y, &top, files[i].lists[j].key,
				    files[i].lists[j].one);
			yaml_done(&top);
		}
		yaml_close(y);
	}
	glossary = reading_file(rd, FRAMEWORK "glossary.tsv");
	if (glossary == NULL)
		report_add(rd->report, FRAMEWORK "glossary.tsv", 0,
		    "the file is missing");
	else
		glossary_read(
		    glossary, rd->a, rd->report, rd->names, &rd->glossary);
}
