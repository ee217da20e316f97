/* The small files of control groups: for cgroup.c and cgroup_find.c. */
#ifndef LAB_ENGINE_CGROUP_FILES_H
#define LAB_ENGINE_CGROUP_FILES_H

#include "lab/engine/parts.h"

#define CGROUP_PREFIX "tanren-box-" /* then the maker's pid */
#define CGROUP_PATH_BYTES (BOX_CGROUP_PATH_MAX + 128)
#define CGROUP_TEXT_BYTES 4096

/* At most size - 1 bytes, NUL-terminated. */
bool cgroup_read(const char *path, char *out, size_t size);

/* 0 or -errno. name "": the directory itself. */
int cgroup_write(
    const char *dir, const char *name, const char *file, const char *text);
int cgroup_write_number(
    const char *dir, const char *name, const char *file, int64_t n);

/* How many of caps->groups are in use. */
int cgroup_groups(const struct box_caps *caps);

#endif
