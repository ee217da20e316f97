/*
 * What all requests of a process share: made at start, read-only afterwards
 * (the published content moves on behind its own door).
 */
#ifndef HTTP_SITE_H
#define HTTP_SITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"

struct content;
struct content_store;
struct course;
struct page_frame;
struct db;
struct lane;
struct reply;
struct req;
struct route;
struct server_lanes;
struct shells;

struct site {
	const char *origin; /* "http://127.0.0.1:8080": Origin of our pages */
	const char *var; /* the data directory */
	const char *lab_image; /* images of labs (engine/image.h); NULL */
	bool demo; /* every page says so */
	uint8_t secret[DIGEST_BYTES]; /* of this installation */
	struct content_store *content; /* the published revision */
	struct lane *writer; /* NULL in tests: lane_write runs inline */
	const struct server_lanes *lanes; /* of this worker; NULL elsewhere */
	struct shells *shells; /* live boxes of labs (lab/shells.h); NULL */

	/* all rooms' tables, NULL-terminated; from app/rooms.c */
	const struct route *const *rooms;

	/*
	 * Hooks, set in app/: they keep http/ ignorant of the rooms above it.
	 * viewer: finds who is looking from the session cookie; ERR_OK with
	 * viewer NULL when nobody is. frame: fills the navigation of a page.
	 */
	enum err (*find_viewer)(struct req *r);
	void (*frame)(const struct req *r, struct page_frame *f);

	/*
	 * A course was completed, in the act's transaction: certify/ answers
	 * with certificates. attempt: the exam passed, 0 without an exam.
	 */
	enum err (*course_completed)(struct db *db, const struct site *site,
	    const struct content *c, const struct course *course,
	    int64_t person, int64_t organisation, int64_t attempt, int64_t now);
};

#endif
