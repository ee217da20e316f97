/*
 * The template compiler: usage templates IN.tmpl OUT.c OUT.h. The language is
 * described in http/template.h. One pass: directives become C at once, the
 * HTML between them is followed character by character, so that every value
 * is written in the way its place demands. The first mistake is told as
 * "file:line: message" and nothing is written.
 */
#include "tools/templates/compiler.h"

#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A directive that leaves nothing on the page. */
static bool
is_silent(const char *from, const char *to)
{
	static const char *const words[] = {"if", "elif", "else", "end", "for",
	    "with", "call", "template", "include", NULL};
	char *c, *rest;
	bool silent = from[2] == '#';

	c = directive_words(from, to);
	for (size_t i = 0; words[i] != NULL && !silent; i++)
		silent = directive_begins(c, words[i], &rest);
	free(c);
	return silent;
}

/* Does the line that begins here hold nothing but silent directives? */
static bool
line_is_silent(const struct compiler *k)
{
	const char *s = k->at, *to;
	bool any = false;

	for (;;) {
		s += strspn(s, " \t\r");
		if (s[0] != '{' || s[1] != '{')
			break;
		to = directive_end(k, s, k->line);
		if (!is_silent(s, to))
			return false;
		any = true;
		s = to;
	}
	return any && (*s == '\n' || *s == '\0');
}

static void
silent_line(struct compiler *k)
{
	for (;;) {
		k->at += strspn(k->at, " \t\r");
		if (*k->at != '{')
			break;
		directive(k);
	}
	if (!tag_keeps_space(&k->html)) {
		html_skip_blanks(k);
	} else if (*k->at == '\n') {
		k->at++;
		k->line++;
	}
}

/* At the first character of a line, or behind its indentation? */
static bool
line_begins(const struct compiler *k)
{
	const char *s = k->at;

	while (s > k->source && (s[-1] == ' ' || s[-1] == '\t'))
		s--;
	return s == k->source || s[-1] == '\n';
}

static void
compile(struct compiler *k)
{
	while (*k->at != '\0') {
		if ((k->html.place == PLACE_TEXT ||
			k->html.place == PLACE_PLAIN) &&
		    line_begins(k) && line_is_silent(k))
			silent_line(k);
		else if (k->at[0] == '{' && k->at[1] == '{')
			directive(k);
		else if (k->n_blocks > 0)
			html_char(k);
		else if (is_blank(*k->at))
			html_skip_blanks(k);
		else
			fail(k->file, k->line, "text outside of a template");
	}
	if (k->n_blocks > 0)
		fail(k->file, k->blocks[k->n_blocks - 1].line,
		    "{{ end }} is missing for this line");
}

static char *
read_file(const char *name)
{
	FILE *f = fopen(name, "r");
	struct text t = {0};
	char block[4096];
	size_t n;

	if (f == NULL) {
		perror(name);
		exit(1);
	}
	text_put(&t, "", 0);
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		text_put(&t, block, n);
	if (ferror(f) || memchr(t.data, '\0', t.len) != NULL ||
	    mbstowcs(NULL, t.data, 0) == (size_t)-1) {
		fprintf(stderr, "%s:1: not UTF-8 text\n", name);
		exit(1);
	}
	fclose(f);
	return t.data;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

/* learn/learn.tmpl: LEARN_LEARN_TMPL_H */
static void
guard_name(char *out, size_t size, const char *path)
{
	const char *s = base_name(path);
	size_t n;

	if (s > path + 1)
		for (s--; s > path && s[-1] != '/'; s--)
			;
	snprintf(out, size, "%s_H", s);
	for (n = 0; out[n] != '\0'; n++)
		out[n] = is_name(out[n]) ? (char)toupper((unsigned char)out[n])
					 : '_';
}

int
main(int argc, char **argv)
{
	struct compiler k = {.line = 1};
	struct text c = {0}, h = {0};
	char guard[128], *source;

	if (argc != 4) {
		fprintf(stderr, "usage: templates IN.tmpl OUT.c OUT.h\n");
		return 2;
	}
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		abort();
	k.file = argv[1];
	k.source = k.at = source = read_file(argv[1]);
	text_put(&k.c, "", 0);
	text_put(&k.includes, "", 0);
	text_put(&k.prototypes, "", 0);
	compile(&k);

	guard_name(guard, sizeof(guard), argv[1]);
	text_printf(&h,
	    "/* Generated from %s. */\n#ifndef %s\n#define %s\n\n"
	    "#include \"http/template.h\"\n%s\n%s\n#endif\n",
	    argv[1], guard, guard, k.includes.data, k.prototypes.data);
	text_printf(&c, "/* Generated from %s. */\n#include \"%s\"\n%s",
	    argv[1], base_name(argv[3]), k.c.data);
	write_file(argv[2], &c);
	write_file(argv[3], &h);
	free(source);
	free(k.c.data);
	free(k.raw.data);
	free(k.includes.data);
	free(k.prototypes.data);
	free(c.data);
	free(h.data);
	return 0;
}
