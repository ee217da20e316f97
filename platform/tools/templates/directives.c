/*
 * The directives: each becomes C at once. A block remembers how the HTML
 * stood, for all ways through it must lead to the same place.
 */
#include "tools/templates/compiler.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static struct block *
open_block(struct compiler *k, enum block_kind kind)
{
	struct block *b;

	if (k->n_blocks == BLOCKS_MAX)
		fail(
		    k->file, k->line, "blocks nest deeper than %d", BLOCKS_MAX);
	b = &k->blocks[k->n_blocks++];
	*b = (struct block){.kind = kind, .line = k->line, .before = k->html};
	return b;
}

static void
do_if(struct compiler *k, const char *c)
{
	check_c(k, c);
	emit(k, "if (%s) {\n", c);
	open_block(k, BLOCK_IF);
}

/* The next branch of an if begins where the first one began. */
static struct block *
next_branch(struct compiler *k, const char *word)
{
	struct block *b = &k->blocks[k->n_blocks - 1];

	if (b->kind != BLOCK_IF)
		fail(k->file, k->line, "%s without {{ if }}", word);
	emit_html(k);
	if (b->has_after)
		html_meet(k, &b->after, b->line);
	b->after = k->html;
	b->has_after = true;
	k->html = b->before;
	return b;
}

static void
do_elif(struct compiler *k, const char *c)
{
	check_c(k, c);
	next_branch(k, "elif");
	k->n_blocks--;
	emit(k, "} else if (%s) {\n", c);
	k->n_blocks++;
}

static void
do_else(struct compiler *k, const char *nothing)
{
	(void)nothing;
	next_branch(k, "else")->kind = BLOCK_ELSE;
	k->n_blocks--;
	emit(k, "} else {\n");
	k->n_blocks++;
}

static void
do_for(struct compiler *k, const char *c)
{
	size_t n = name_bytes(c);
	const char *limit;

	limit = c + n + strspn(c + n, " \t\n");
	if (n == 0 || isdigit((unsigned char)c[0]) || *limit != '<')
		fail(k->file, k->line, "for NAME < EXPRESSION, not: for %s", c);
	limit++;
	limit += strspn(limit, " \t\n");
	check_c(k, limit);
	emit(k, "for (size_t %.*s = 0; %.*s < (size_t)(%s); %.*s++) {\n",
	    (int)n, c, (int)n, c, limit, (int)n, c);
	open_block(k, BLOCK_FOR);
}

static void
do_with(struct compiler *k, const char *c)
{
	check_c(k, c);
	if (strchr(c, '=') == NULL)
		fail(k->file, k->line, "with DECLARATION = EXPRESSION, not: %s",
		    c);
	emit(k, "{\n");
	open_block(k, BLOCK_WITH);
	emit(k, "%s;\n", c);
}

static void
do_template(struct compiler *k, char *c)
{
	template_begin(k, c);
	open_block(k, BLOCK_TEMPLATE);
}

static void
do_end(struct compiler *k, const char *nothing)
{
	struct block *b = &k->blocks[k->n_blocks - 1];

	(void)nothing;
	if (b->kind == BLOCK_TEMPLATE)
		template_end(k);
	else if (b->kind == BLOCK_ELSE)
		html_meet(k, &b->after, b->line);
	else
		html_meet(k, &b->before, b->line);
	if (b->kind == BLOCK_IF && b->has_after)
		html_meet(k, &b->after, b->line);
	emit_html(k);
	if (b->kind == BLOCK_TEMPLATE && !k->writes)
		text_printf(&k->c, "\t(void)o;\n");
	k->n_blocks--;
	emit(k, "}\n");
}

static void
do_include(struct compiler *k, const char *c)
{
	size_t n = strlen(c);

	if (n < 3 || c[0] != '"' || c[n - 1] != '"' || k->n_blocks > 0)
		fail(k->file, k->line,
		    "include \"room/file.h\" stands at the top");
	text_printf(&k->includes, "#include %s\n", c);
}

/* In a tag, control may switch whole attributes; elsewhere it may stand. */
static void
check_control_place(struct compiler *k)
{
	if (html_in_url(k))
		fail(k->file, k->line, "%s: one address and nothing beside it",
		    k->html.attribute);
	if (k->html.place == PLACE_COMMENT || k->html.place == PLACE_DOCTYPE ||
	    k->html.place == PLACE_RAW)
		html_check_value(k);
	html_settle(k);
}

/* Directives that stand within templates and write C; false: another. */
static bool
control(struct compiler *k, char *c)
{
	static const struct {
		const char *word;
		void (*act)(struct compiler *, const char *);
		bool alone;
	} acts[] = {{"if", do_if, false}, {"elif", do_elif, false},
	    {"else", do_else, true}, {"end", do_end, true},
	    {"for", do_for, false}, {"with", do_with, false},
	    {"call", template_call, false}};
	char *rest;

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (!directive_begins(c, acts[i].word, &rest))
			continue;
		if (acts[i].alone && *rest != '\0')
			fail(k->file, k->line, "unknown directive: %s", c);
		check_control_place(k);
		acts[i].act(k, rest);
		return true;
	}
	return false;
}

static void
directive_in_template(struct compiler *k, char *c)
{
	char *rest;

	if (control(k, c))
		return;
	if (directive_begins(c, "include", &rest) ||
	    directive_begins(c, "template", &rest))
		fail(k->file, k->line, "%.*s stands outside of templates",
		    (int)strcspn(c, " \t\n"), c);
	if (directive_begins(c, "t", &rest) && *rest != '\0')
		value_message(k, rest);
	else
		value_put(k, c);
}

void
directive(struct compiler *k)
{
	const char *from = k->at, *to = directive_end(k, k->at, k->line);
	char *c = directive_words(from, to), *rest;

	if (from[2] == '#')
		;
	else if (k->n_blocks > 0)
		directive_in_template(k, c);
	else if (directive_begins(c, "include", &rest))
		do_include(k, rest);
	else if (directive_begins(c, "template", &rest))
		do_template(k, rest);
	else
		fail(k->file, k->line, "outside of a template: %s", c);
	free(c);
	for (k->at = to; from < to; from++)
		if (*from == '\n')
			k->line++;
}
