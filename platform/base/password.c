/* Passwords by Argon2id. */
#include "base/password.h"

#include <sodium.h>
#include <string.h>

#include "base/random.h"

/* OWASP's minimum for Argon2id: 19 MiB, 2 passes, 1 lane. */
static unsigned long long passes = 2;
static size_t memory_bytes = (size_t)19 * 1024 * 1024;

void
password_set_cheap(void)
{
	passes = crypto_pwhash_OPSLIMIT_MIN;
	memory_bytes = crypto_pwhash_MEMLIMIT_MIN;
}

enum err
password_hash(struct arena *a, const char *password, char **out)
{
	char *hash = arena_alloc(a, crypto_pwhash_STRBYTES);

	if (crypto_pwhash_str(
		hash, password, strlen(password), passes, memory_bytes) != 0)
		return ERR_INTERNAL;
	*out = hash;
	return ERR_OK;
}

bool
password_verify(const char *hash, const char *password)
{
	unsigned char key[32], salt[crypto_pwhash_SALTBYTES] = {0};

	if (hash != NULL)
		return crypto_pwhash_str_verify(
			   hash, password, strlen(password)) == 0;
	(void)!crypto_pwhash(key, sizeof(key), password, strlen(password), salt,
	    passes, memory_bytes, crypto_pwhash_ALG_DEFAULT);
	return false;
}

char *
password_random(struct arena *a)
{
	const char *c = code_new(a, 20);

	return arena_printf(a, "%.5s-%.5s-%.5s-%.5s", c, c + 5, c + 10, c + 15);
}
