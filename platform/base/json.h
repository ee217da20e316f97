/* Writing JSON (RFC 8259). Reading it is jansson's work. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"

/* A quoted string; bytes that are no valid UTF-8 become U+FFFD. */
void json_quote(struct buf *b, const char *s);

#endif
