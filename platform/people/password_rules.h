/*
 * Passwords that a guesser tries first, whatever their length. Length itself
 * is checked beside it; composition rules there are none (NIST SP 800-63B
 * 5.1.1.2: compare with what is commonly used, expected or of the context).
 */
#ifndef PEOPLE_PASSWORD_RULES_H
#define PEOPLE_PASSWORD_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * Whether it is one of those: few different characters, a short piece again
 * and again, a row of the keyboard or the alphabet, or hardly more than a
 * well-known word or one of `own` (name, mail address, employee number).
 * Letters count alike in both cases. own may hold "" and NULL.
 */
bool password_is_guessable(const char *password, const char *const *own,
    size_t n_own, struct arena *a);

#endif
