/* Reads the JSON lines of a result again (jansson). */
#include <jansson.h>
#include <string.h>

#include "base/log.h"
#include "lab/lab_result.h"

static bool
read_line(const json_t *line, struct arena *a, struct lab_result *out)
{
	const json_t *hints = json_object_get(line, "hints");
	const char *failed = json_string_value(json_object_get(line, "failed"));
	const char *id = json_string_value(json_object_get(line, "id"));
	const char *message =
	    json_string_value(json_object_get(line, "message"));

	if (json_is_integer(hints)) {
		out->hints = json_integer_value(hints);
		return true;
	}
	if (failed != NULL) {
		out->failed = arena_strdup(a, failed);
		return true;
	}
	if (id == NULL || message == NULL)
		return false;
	*ARENA_PUSH(a, out->checks, out->n) = (struct check_result){
	    .id = arena_strdup(a, id),
	    .points = json_integer_value(json_object_get(line, "points")),
	    .message = arena_strdup(a, message),
	};
	out->points += out->checks[out->n - 1].points;
	out->believed += *message != '\0';
	return true;
}

enum err
lab_result_read(const char *json, struct arena *a, struct lab_result *out)
{
	struct lab_result r = {0};
	const char *at, *end;
	json_t *line;
	bool good;

	for (at = json; *at != '\0'; at = *end == '\0' ? end : end + 1) {
		end = strchrnul(at, '\n');
		line = json_loadb(at, (size_t)(end - at), 0, NULL);
		good = line != NULL && read_line(line, a, &r);
		json_decref(line);
		if (!good) {
			log_error("lab", "a stored result cannot be read");
			return ERR_INTERNAL;
		}
	}
	*out = r;
	return ERR_OK;
}
