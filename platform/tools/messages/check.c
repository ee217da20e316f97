/* Both languages side by side: they must say the same things. */
#include "tools/messages/messages.h"

#include <string.h>

/* Which {n} a text has, as bits; any other brace is a mistake. */
static unsigned
placeholders(const char *file, int line, const char *s)
{
	unsigned bits = 0;

	for (; *s != '\0'; s++) {
		if (*s == '}')
			fail(file, line, "a } that ends no {1}");
		if (*s != '{')
			continue;
		if (s[1] < '1' || s[1] > '0' + ARGUMENTS_MAX || s[2] != '}')
			fail(file, line, "a { that begins no {1}");
		bits |= 1u << (s[1] - '1');
		s += 2;
	}
	return bits;
}

static void
check_both(const struct message *m)
{
	const struct place *ja = &m->in[JA], *en = &m->in[EN];
	const struct place *there = ja->file != NULL ? ja : en;
	unsigned ja_bits, en_bits, one_bits;

	if (ja->file == NULL || en->file == NULL)
		fail(there->file, there->line, "%s has no %s text", m->id,
		    ja->file == NULL ? "Japanese" : "English");
	ja_bits = placeholders(ja->file, ja->line, ja->text);
	en_bits = placeholders(en->file, en->line, en->text);
	if (ja_bits != en_bits)
		fail(en->file, en->line,
		    "%s: not the same {1}, {2} … as in %s:%d", m->id, ja->file,
		    ja->line);
	if (m->one == NULL)
		return;
	/* "one day" may leave the number out. */
	one_bits = placeholders(en->file, en->line, m->one);
	if ((one_bits | 1u) != (en_bits | 1u) || (en_bits & 1u) == 0)
		fail(en->file, en->line, "%s: the forms differ in {1}, {2} …",
		    m->id);
}

void
check_languages(const struct messages *all)
{
	for (size_t i = 0; i < all->n; i++)
		check_both(&all->list[i]);
}

void
check_names(const struct messages *all)
{
	const struct message *x, *y;
	char a[ID_BYTES_MAX], b[ID_BYTES_MAX];

	for (size_t i = 0; i < all->n; i++)
		for (size_t j = i + 1; j < all->n; j++) {
			x = &all->list[i];
			y = &all->list[j];
			if (strlen(x->id) != strlen(y->id))
				continue;
			message_name(a, x->id, strlen(x->id));
			message_name(b, y->id, strlen(y->id));
			if (strcmp(a, b) == 0)
				fail(y->in[JA].file, y->in[JA].line,
				    "%s and %s are one name in C", x->id,
				    y->id);
		}
}
