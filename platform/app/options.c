/* The options that every subcommand understands. */
#include <stdio.h>
#include <string.h>

#include "app/config.h"

static const struct flag {
	const char *name;
	size_t flag_at, value_at; /* in struct options; one of the two */
} flags[] = {
#define VALUE(n, member)                                                       \
	{                                                                      \
		n, 0, offsetof(struct options, member) + 1                     \
	}
#define FLAG(n, member)                                                        \
	{                                                                      \
		n, offsetof(struct options, member) + 1, 0                     \
	}
    VALUE("--var", var),
    VALUE("--config", file),
    VALUE("--port", port),
    FLAG("--demo", demo),
    FLAG("--json", json),
    FLAG("--help", help),
#undef VALUE
#undef FLAG
};

static const struct flag *
flag_named(const char *s, const char **value)
{
	size_t i, n;

	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		n = strlen(flags[i].name);
		if (strncmp(s, flags[i].name, n) != 0)
			continue;
		*value = s[n] == '=' ? s + n + 1 : NULL;
		if (s[n] == '\0' || (s[n] == '=' && flags[i].value_at != 0))
			return &flags[i];
	}
	return NULL;
}

bool
options_take(int *argc, char **argv, struct options *out)
{
	const struct flag *flag;
	const char *value;
	char *o = (char *)out;
	int i, left = 1;

	*out = (struct options){0};
	for (i = 1; i < *argc; i++) {
		if (strcmp(argv[i], "--") == 0 ||
		    (flag = flag_named(argv[i], &value)) == NULL) {
			argv[left++] = argv[i];
			continue;
		}
		if (flag->flag_at != 0) {
			*(bool *)(void *)(o + flag->flag_at - 1) = true;
			continue;
		}
		if (value == NULL && i + 1 < *argc)
			value = argv[++i];
		if (value == NULL || *value == '\0') {
			fprintf(
			    stderr, "tanren: %s needs a value\n", flag->name);
			return false;
		}
		memcpy(o + flag->value_at - 1, &value, sizeof(value));
	}
	argv[left] = NULL;
	*argc = left;
	return true;
}
