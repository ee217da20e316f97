/* Names of errors, for logs. */
#include "base/err.h"

#include <stddef.h>

static const char *const names[ERR__MAX] = {
    [ERR_OK] = "ok",
    [ERR_INVALID] = "invalid",
    [ERR_SIGN_IN] = "sign-in required",
    [ERR_FORBIDDEN] = "forbidden",
    [ERR_NOT_FOUND] = "not found",
    [ERR_METHOD] = "method not allowed",
    [ERR_CONFLICT] = "conflict",
    [ERR_GONE] = "gone",
    [ERR_TOO_LARGE] = "too large",
    [ERR_THROTTLED] = "throttled",
    [ERR_BUSY] = "busy",
    [ERR_NO_SPACE] = "no space",
    [ERR_UNAVAILABLE] = "unavailable",
    [ERR_INTERNAL] = "internal",
};

const char *
err_name(enum err e)
{
	if ((unsigned)e >= ERR__MAX || names[e] == NULL)
		return "unknown";
	return names[e];
}
