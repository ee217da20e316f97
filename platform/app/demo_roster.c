/* A roster as a file that an institution would send. */
#include "app/demo.h"
#include "app/demo_names.h"
#include "base/buf.h"
#include "http/csv.h"

static const struct post {
	const char *role, *department;
	unsigned weight;
} posts[] = {
    {"E-DIR", "取締役会", 4},
    {"E-CEO", "取締役会", 1},
    {"E-CISO", "システム統括部", 2},
    {"E-CRO", "リスク統括部", 2},
    {"M-PLAN", "経営企画部", 6},
    {"M-RISK", "リスク統括部", 8},
    {"M-AUD", "監査部", 6},
    {"M-LEG", "コンプライアンス部", 5},
    {"M-TPR", "総務部", 4},
    {"M-BCM", "総務部", 4},
    {"M-EDU", "人事部", 4},
    {"M-BIZ", "営業推進部", 12},
    {"M-FRD", "お客さま保護推進室", 5},
    {"T-OPS", "システム部", 14},
    {"T-SOC", "システム部", 7},
    {"T-IR", "システム部", 5},
    {"T-CTI", "システム部", 2},
    {"T-VUL", "システム部", 2},
    {"T-FOR", "システム部", 1},
    {"T-DEV", "システム部", 7},
    {"T-RES", "システム部", 1},
};

static const struct post authority_posts[] = {
    {"S-MON", "監督部", 12},
    {"S-INS", "検査部", 12},
    {"S-POL", "企画室", 5},
    {"S-EXR", "企画室", 3},
    {"S-INT", "監督部", 4},
    {"S-CON", "監督部", 8},
    {"S-ADV", "企画室", 1},
};

static const struct post *
draw_post(struct demo *d, const struct post *list, size_t n)
{
	uint32_t all = 0, at;
	size_t i;

	for (i = 0; i < n; i++)
		all += list[i].weight;
	at = draw_below(&d->draw, all);
	for (i = 0; at >= list[i].weight; i++)
		at -= list[i].weight;
	return &list[i];
}

/* The first people of a roster hold the posts that every institution has. */
static const struct post *
post_of(struct demo *d, const struct demo_institution *in, int64_t i)
{
	static const size_t first[] = {10, 0, 13, 5, 14, 4};

	if (text_eq(in->organisation.kind, "authority"))
		return draw_post(d, authority_posts,
		    sizeof(authority_posts) / sizeof(authority_posts[0]));
	if ((size_t)i < sizeof(first) / sizeof(first[0]))
		return &posts[first[i]];
	return draw_post(d, posts, sizeof(posts) / sizeof(posts[0]));
}

/* A department while it is filled: its head, and who leads the last team. */
struct lead {
	const char *department;
	int64_t people, first, last;
};

#define DEPARTMENTS_MAX 16
#define TEAM_PEOPLE 12

/*
 * The line manager of the i-th person (from 0), as an employee number: the
 * training manager leads the heads of departments, these the leaders of their
 * teams.
 */
static const char *
manager_of(
    struct lead *leads, const char *department, int64_t i, struct arena *a)
{
	struct lead *l = leads;
	int64_t manager = 0;

	if (i == 0)
		return "";
	while (l->department != NULL && !text_eq(l->department, department))
		l++;
	l->department = department;
	if (l->people == 0)
		l->first = l->last = i;
	else if (l->people % TEAM_PEOPLE == 0)
		manager = l->first;
	else
		manager = l->last;
	if (l->people++ % TEAM_PEOPLE == 0)
		l->last = i;
	return arena_printf(a, "A%05lld", (long long)manager + 1);
}

const char *
demo_roster(struct demo *d, const struct demo_institution *in, struct arena *a)
{
	struct lead leads[DEPARTMENTS_MAX] = {0};
	struct demo_name family, given;
	struct buf b = BUF_EMPTY;
	const struct post *post;
	char *text;
	int64_t i;

	csv_line(&b, "職員番号", "氏名", "フリガナ", "メールアドレス", "部署",
	    "役割", "上司", NULL);
	for (i = 0; i < in->people; i++) {
		family = demo_family(draw_below(&d->draw, 1000));
		given = demo_given(draw_below(&d->draw, 1000));
		post = post_of(d, in, i);
		csv_line(&b, arena_printf(a, "A%05lld", (long long)i + 1),
		    arena_printf(a, "%s %s", family.ja, given.ja),
		    arena_printf(a, "%s %s", family.other, given.other),
		    arena_printf(a, "a%05lld@i%s.example", (long long)i + 1,
			in->organisation.code),
		    post->department, post->role,
		    manager_of(leads, post->department, i, a), NULL);
	}
	text = arena_strdup(a, buf_text(&b));
	buf_free(&b);
	return text;
}
