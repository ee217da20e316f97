/* The pages of certify/: what their templates are given. */
#ifndef CERTIFY_CERTIFY_PAGES_H
#define CERTIFY_CERTIFY_PAGES_H

#include "certify/certify.h"
#include "http/page.h"
#include "http/template.h"

struct certificate_line {
	struct url to;
	const char *title, *number, *issued;
	enum certificate_state state;
};

struct programme_line {
	const char *title, *met;
};

struct certificates_page {
	struct page page;
	struct certificate_line *lines;
	size_t n_lines;
	struct programme_line *programmes;
	size_t n_programmes;
	struct url courses, verify;
};

struct certificate_page {
	struct page page;
	enum certificate_state state;
	const char *title, *holder, *number, *issued;
	const char *organisation; /* at that time; "" */
	const char *verify; /* the whole address, as text */
	const char *revoked, *reason; /* when it was revoked */
};

enum verify_result {
	VERIFY_NOT_ASKED,
	VERIFY_VALID,
	VERIFY_EXPIRED,
	VERIFY_REVOKED,
	VERIFY_UNKNOWN,
};

struct verify_page {
	struct page page;
	struct url post; /* where the form goes */
	const char *typed; /* kept in the form */
	bool empty; /* the form came without a number */
	enum verify_result result;
	const char *number, *holder, *title, *issued;
	const char *ended; /* revoked or expired on */
};

#endif
