/* The static files' names, as tools/assets.sh writes them. */
#ifndef HTTP_ASSETS_H
#define HTTP_ASSETS_H

struct asset {
	const char *name; /* "app.css"; NULL ends the list */
	const char *address; /* "/static/app-5f0c2a9e.css" */
};

extern const struct asset assets[];

#endif
