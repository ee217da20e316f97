/* Between the files that read tanren.conf. */
#ifndef APP_CONFIG_KEYS_H
#define APP_CONFIG_KEYS_H

#include <stdbool.h>

#include "app/config.h"

#define CONFIG_KEYS_MAX 32
#define CONFIG_NO_LAB_IMAGE "none"

struct config_reader {
	struct arena *a;
	struct config *c;
	const char *file;
	int line;
	int mistakes;
	bool seen[CONFIG_KEYS_MAX];
};

/* Prints FILE:LINE: what: value, and counts it. */
void
config_mistake(struct config_reader *r, const char *what, const char *value);

/* Checks and keeps the value of a key. */
void config_set(struct config_reader *r, const char *name, const char *value);

bool config_port_is_right(const char *s);
bool config_listen_is_right(const char *s); /* ADDRESS:PORT */

#endif
