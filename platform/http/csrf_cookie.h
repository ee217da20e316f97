/* The cookie that a form's token is bound to before anybody has signed in. */
#ifndef HTTP_CSRF_COOKIE_H
#define HTTP_CSRF_COOKIE_H

#define CSRF_COOKIE "__Host-csrf"

#endif
