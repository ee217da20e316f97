/* What an institution is shown of its peers: quartiles, where they are enough.
 */
#include <stdlib.h>

#include "oversee/oversee_rules.h"

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Linear between the neighbours (Hyndman and Fan 1996, type 7). */
static double
quantile(const double *sorted, size_t n, double q)
{
	double at = q * (double)(n - 1);
	size_t i = (size_t)at;

	if (i + 1 >= n)
		return sorted[n - 1];
	return sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]);
}

/* Rounded down, as share_percent does; what is whole but for the last bits of
 * a double stays so. */
static int
told(double percent, size_t n)
{
	int step = n < PEERS_EXACT_MIN ? 5 : 1;

	return (int)(percent / step + 1e-9) * step;
}

/* size_band 0: all. */
static size_t
collect(const struct peer *others, size_t n, int64_t size_band, double *out)
{
	size_t i, count = 0;

	for (i = 0; i < n; i++)
		if (others[i].people > 0 &&
		    (size_band == 0 || others[i].size_band == size_band))
			out[count++] = others[i].done >= others[i].people
			    ? 100.0
			    : 100.0 * (double)others[i].done /
				(double)others[i].people;
	return count;
}

void
peer_view_of(const struct peer *others, size_t n, int64_t size_band,
    struct arena *a, struct peer_view *out)
{
	double *shares = ARENA_ARRAY(a, double, n);
	struct peer_view v = {.group = PEERS_CATEGORY_SIZE};

	v.institutions =
	    size_band == 0 ? 0 : collect(others, n, size_band, shares);
	if (v.institutions < PEERS_OF_SIZE_MIN) {
		v.group = PEERS_CATEGORY;
		v.institutions = collect(others, n, 0, shares);
	}
	if (v.institutions < SMALL_BELOW) {
		*out = (struct peer_view){.group = PEERS_TOO_FEW};
		return;
	}
	qsort(shares, v.institutions, sizeof(*shares), by_value);
	v.lower = told(quantile(shares, v.institutions, 0.25), v.institutions);
	v.median = told(quantile(shares, v.institutions, 0.5), v.institutions);
	v.upper = told(quantile(shares, v.institutions, 0.75), v.institutions);
	*out = v;
}
