/*
 * The message that the page after a redirect shows once. It travels in a
 * cookie: the number of a message and a signature by the site's secret.
 */
#ifndef HTTP_FLASH_H
#define HTTP_FLASH_H

#include "http/reply.h"
#include "http/request.h"

#define FLASH_COOKIE "__Host-message"

void flash_set(const struct req *r, struct reply *re, int message_id);

/* The text in the reader's language and a mark to forget it; or NULL. */
const char *flash_take(const struct req *r);

#endif
