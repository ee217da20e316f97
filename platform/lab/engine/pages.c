/* Memory that fork(2) and clone(2) leave out: MADV_DONTFORK of madvise(2). */
#include "lab/engine/pages.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/log.h"

static void
advise(void *pages, size_t bytes, int what)
{
	if (madvise(pages, bytes, what) == 0)
		return;
	log_error("labd", "pages cannot be kept from boxes");
	abort();
}

void *
pages_new(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		log_error("labd", "out of memory");
		abort();
	}
	/* SECURITY: see pages.h */
	advise(p, bytes, MADV_DONTFORK);
	return p;
}

void
pages_free(void *pages, size_t bytes)
{
	if (pages != NULL)
		(void)munmap(pages, bytes);
}

void
pages_share(void *pages, size_t bytes)
{
	advise(pages, bytes, MADV_DOFORK);
}
