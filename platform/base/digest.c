/* Digests of files, piece by piece. */
#include "base/digest.h"

#include <sodium.h>
#include <unistd.h>

#define PIECE_BYTES ((size_t)64 * 1024)

enum err
digest_descriptor(int fd, uint8_t out[DIGEST_BYTES], int64_t *bytes)
{
	unsigned char piece[PIECE_BYTES];
	crypto_hash_sha256_state state;
	int64_t all = 0;
	ssize_t n;

	(void)crypto_hash_sha256_init(&state);
	while ((n = read(fd, piece, sizeof(piece))) > 0) {
		(void)crypto_hash_sha256_update(
		    &state, piece, (unsigned long long)n);
		all += n;
	}
	if (n == -1)
		return ERR_INTERNAL;
	(void)crypto_hash_sha256_final(&state, out);
	*bytes = all;
	return ERR_OK;
}
