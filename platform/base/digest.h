/* SHA-256 (FIPS 180-4) of what does not fit into memory. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdint.h>

#include "base/err.h"
#include "base/random.h"

/*
 * Reads a descriptor to its end. ERR_INTERNAL when it cannot be read: errno
 * says why.
 */
MUST_USE enum err
digest_descriptor(int fd, uint8_t out[DIGEST_BYTES], int64_t *bytes);

#endif
