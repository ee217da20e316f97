/* What the two form decoders share. */
#ifndef HTTP_FIELD_H
#define HTTP_FIELD_H

#include <stddef.h>

#include "base/err.h"

/*
 * Checks n bytes of text, which has room for one more, for UTF-8 without NUL
 * and makes CR LF and CR one LF, in place. ERR_INVALID.
 */
MUST_USE enum err field_text(char *text, size_t n, const char **out);

#endif
