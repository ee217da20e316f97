/* The installation's one secret: VAR/secret, mode 600, part of the backup. */
#ifndef APP_SECRET_H
#define APP_SECRET_H

#include <stdint.h>

#include "base/err.h"
#include "base/random.h"

/*
 * Reads it; made on the first call. ERR_INTERNAL if the file cannot be used;
 * the cause is logged.
 */
MUST_USE enum err secret_load(const char *path, uint8_t out[DIGEST_BYTES]);

#endif
