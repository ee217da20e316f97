/* What yaml.c and yaml_values.c share. */
#ifndef CONTENT_YAML_PARTS_H
#define CONTENT_YAML_PARTS_H

#include <yaml.h>

#include "content/yaml.h"

#define YAML_DEPTH_MAX 12

struct yaml {
	struct report *report;
	struct arena *a;
	const char *file;
	yaml_document_t document;
};

yaml_node_t *yaml_node(struct yaml *y, int node);

/* NULL if it is no scalar. Valid while the document is open. */
const char *yaml_scalar(struct yaml *y, int node);

#endif
