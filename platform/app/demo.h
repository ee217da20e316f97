/*
 * The demo sector: institutions in all 19 categories and their people, with a
 * year of learning behind them, made by the platform's own acts with the clock
 * moved. The same number of people gives the same sector; passwords are
 * random.
 */
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/random.h"
#include "content/content.h"
#include "people/person.h"

struct db;
struct site;

#define DEMO_PEOPLE_DEFAULT 4000
#define DEMO_PEOPLE_MIN 200
#define DEMO_PEOPLE_MAX 1000000
#define DEMO_DAYS 365

struct demo_institution {
	struct organisation organisation;
	int64_t people; /* how many are on its roster */
	int64_t manager; /* the training manager, a person */
	unsigned zeal; /* 0-99: how far it takes its people */
};

struct demo {
	struct db *db;
	const struct site *site;
	struct content *content;
	struct arena *arena;
	struct draw draw;
	int64_t start; /* 00:00 in Japan, DEMO_DAYS ago */
	int64_t end; /* now */
	struct demo_institution *institutions; /* the authority is the last */
	size_t n_institutions;
	int64_t people;
	void (*progress)(const char *what, int percent);
};

/* A number from lo to hi, both included; the same in every run. */
int64_t demo_between(struct demo *d, int64_t lo, int64_t hi);
bool demo_chance(struct demo *d, unsigned percent);

/* Invents the institutions and shares the people out among them. */
void demo_plan(struct demo *d);

/* A roster as a CSV file, `n` people; the first is the training manager. */
const char *
demo_roster(struct demo *d, const struct demo_institution *in, struct arena *a);

/* Founds the institutions and imports the rosters, on the first day. */
MUST_USE enum err demo_found(struct demo *d);

/* Lives the year. */
MUST_USE enum err demo_live(struct demo *d);

/*
 * Gives the team of an organisation that has most to confirm to a new line
 * manager. In a write.
 */
MUST_USE enum err demo_take_team(
    struct db *db, struct demo *d, int64_t line_manager, int64_t organisation);

/* An account for each kind of visitor; writes VAR/demo-accounts.txt. */
MUST_USE enum err demo_accounts(struct demo *d);

/*
 * The whole: ERR_CONFLICT when there are people in the database already,
 * ERR_UNAVAILABLE when nothing is published yet.
 */
MUST_USE enum err demo_make(struct db *db, const struct site *site,
    int64_t people, void (*progress)(const char *what, int percent));

#endif
