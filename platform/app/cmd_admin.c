/* `tanren admin`: acts of the machine's operator. */
#include <stdio.h>
#include <string.h>

#include "app/admin.h"
#include "app/cmd.h"
#include "app/follow.h"
#include "app/site.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "content/content.h"
#include "db/db.h"

static const char usage[] =
    "usage: tanren admin ACT ... [--var DIR] [--config FILE] [--json]\n"
    "\n"
    "  organisation add --kind KIND --code CODE --name-ja NAME\n"
    "      --name-en NAME [--category CODE --size-band 1..5]\n"
    "  person add --organisation CODE --number NUMBER --name NAME\n"
    "      --role ROLE [--email ADDRESS] [--kana KANA]\n"
    "      [--department NAME] [--lang ja|en]\n"
    "  grant add --email ADDRESS --kind KIND\n"
    "      [--reach all|category|institution] [--value CODE]\n"
    "  grant end --email ADDRESS --kind KIND\n"
    "  invite --email ADDRESS\n"
    "  certificate revoke NUMBER --reason TEXT\n"
    "\n"
    "KIND of an organisation: institution, authority, association, centre.\n"
    "KIND of a grant: line_manager, training_manager, instructor,\n"
    "author, reviewer, assessor, exercise_controller, supervisor,\n"
    "operator.\n"
    "Every act is written to the organisation's audit chain.\n";

static const char *const keys[ADMIN_KEY__MAX] = {
    [ADMIN_KIND] = "--kind",
    [ADMIN_CODE] = "--code",
    [ADMIN_NAME_JA] = "--name-ja",
    [ADMIN_NAME_EN] = "--name-en",
    [ADMIN_CATEGORY] = "--category",
    [ADMIN_SIZE_BAND] = "--size-band",
    [ADMIN_ORGANISATION] = "--organisation",
    [ADMIN_NUMBER] = "--number",
    [ADMIN_NAME] = "--name",
    [ADMIN_KANA] = "--kana",
    [ADMIN_EMAIL] = "--email",
    [ADMIN_DEPARTMENT] = "--department",
    [ADMIN_ROLE] = "--role",
    [ADMIN_LANG] = "--lang",
    [ADMIN_REACH] = "--reach",
    [ADMIN_VALUE] = "--value",
    [ADMIN_REASON] = "--reason",
};

#define K(key) (1u << (ADMIN_##key))

static const struct act {
	const char *noun, *verb; /* verb NULL: one word only */
	unsigned needs, takes; /* keys */
	bool number; /* one word more: the number */
	enum err (*run)(struct db *db, void *ctx);
	const char *done;
} acts[] = {
    {"organisation", "add", K(KIND) | K(CODE) | K(NAME_JA) | K(NAME_EN),
	K(CATEGORY) | K(SIZE_BAND), false, admin_organisation_add,
	"The organisation is there."},
    {"person", "add", K(ORGANISATION) | K(NUMBER) | K(NAME) | K(ROLE),
	K(EMAIL) | K(KANA) | K(DEPARTMENT) | K(LANG), false, admin_person_add,
	"The person is on the roster."},
    {"grant", "add", K(EMAIL) | K(KIND), K(REACH) | K(VALUE), false,
	admin_grant_add, "It is granted."},
    {"grant", "end", K(EMAIL) | K(KIND), 0, false, admin_grant_end,
	"It has ended."},
    {"invite", NULL, K(EMAIL), 0, false, admin_invite,
	"The person is invited. This link works once:"},
    {"certificate", "revoke", K(NUMBER) | K(REASON), 0, true,
	admin_certificate_revoke, "The certificate is revoked."},
};

static bool
value_is_good(const char *s)
{
	const char *p;

	for (p = s; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	return text_is_utf8(s, strlen(s));
}

/* Takes our keys out of argv; what is left is in order. False: a message. */
static bool
take_keys(struct arena *a, int *argc, char **argv, struct admin *ad)
{
	int i, left = 1;
	size_t k;

	for (k = 0; k < ADMIN_KEY__MAX; k++)
		ad->value[k] = "";
	for (i = 1; i < *argc; i++) {
		for (k = 0; k < ADMIN_KEY__MAX; k++)
			if (strcmp(argv[i], keys[k]) == 0)
				break;
		if (k == ADMIN_KEY__MAX) {
			argv[left++] = argv[i];
			continue;
		}
		if (++i == *argc || !value_is_good(argv[i])) {
			fprintf(stderr, "tanren: %s needs a value\n", keys[k]);
			return false;
		}
		if (*ad->value[k] != '\0') {
			fprintf(stderr, "tanren: %s is given twice\n", keys[k]);
			return false;
		}
		ad->value[k] = text_trim(a, argv[i]);
	}
	argv[left] = NULL;
	*argc = left;
	return true;
}

/* The act of the words that are left, with all it needs; NULL: a message. */
static const struct act *
find_act(int argc, char **argv, struct admin *ad)
{
	const struct act *act;
	size_t k;
	int words;

	for (act = acts; act < acts + sizeof(acts) / sizeof(acts[0]); act++) {
		words = 2 + (act->verb != NULL) + act->number;
		if (argc != words || strcmp(argv[1], act->noun) != 0 ||
		    (act->verb != NULL && strcmp(argv[2], act->verb) != 0))
			continue;
		if (act->number && value_is_good(argv[argc - 1]))
			ad->value[ADMIN_NUMBER] = argv[argc - 1];
		for (k = 0; k < ADMIN_KEY__MAX; k++) {
			bool given = *ad->value[k] != '\0';

			if (given == ((act->needs & 1u << k) != 0) ||
			    (given && (act->takes & 1u << k) != 0))
				continue;
			fprintf(stderr, "tanren: %s %s\n", keys[k],
			    given ? "does not belong here" : "is missing");
			return NULL;
		}
		return act;
	}
	fputs(usage, stderr);
	return NULL;
}

static enum err
perform(const struct config *c, const struct act *act, struct admin *ad,
    struct site *site)
{
	struct content *content;
	struct db *db;
	enum err e;

	if ((e = db_open(c->database, DB_WRITE, &db)) != ERR_OK)
		return e;
	if ((e = follow_once(db, site->content)) == ERR_OK) {
		content = content_current(site->content);
		ad->content = content;
		e = content == NULL
		    ? admin_refuse(ad, ERR_UNAVAILABLE,
			  "publish the content first: tanren publish")
		    : db_write(db, act->run, ad);
		content_release(content);
	}
	db_close(db);
	return e;
}

static void
tell(const struct act *act, const struct admin *ad, bool json)
{
	struct buf b = BUF_EMPTY;

	if (!json) {
		printf("%s\n", act->done);
		if (ad->link != NULL)
			printf("%s\n", ad->link);
		return;
	}
	buf_printf(&b, "{\"id\":%lld", (long long)ad->id);
	if (ad->link != NULL) {
		buf_puts(&b, ",\"link\":");
		json_quote(&b, ad->link);
	}
	printf("%s}\n", buf_text(&b));
	buf_free(&b);
}

int
cmd_admin(int argc, char **argv)
{
	struct arena *a = cmd_arena();
	struct admin ad = {.a = a};
	const struct act *act;
	struct options o;
	struct config c;
	struct site site;
	int status;
	enum err e;

	if (!take_keys(a, &argc, argv, &ad))
		return EXIT_USAGE;
	status = cmd_begin(&argc, argv, 3, usage, a, &o, &c);
	if (status != -1)
		return status;
	if ((act = find_act(argc, argv, &ad)) == NULL)
		return EXIT_USAGE;
	if (process_start(a, &c, "admin", PROCESS_COMMAND) != ERR_OK ||
	    site_open(a, &c, &site) != ERR_OK)
		return EXIT_NOT_DONE;
	ad.site = &site;
	ad.now = clock_now();
	if ((e = perform(&c, act, &ad, &site)) == ERR_OK)
		tell(act, &ad, o.json);
	else
		fprintf(stderr, "tanren: nothing was done: %s\n",
		    ad.problem == NULL ? err_name(e) : ad.problem);
	site_close(&site);
	return e == ERR_OK ? EXIT_DONE : EXIT_NOT_DONE;
}
