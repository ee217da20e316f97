/* What stands below a text: its notes and the terms it used. */
#include <string.h>

#include "content/markdown_parts.h"

static const char *const notes_title[LANG__MAX] = {"注", "Notes"};
static const char *const terms_title[LANG__MAX] = {"用語", "Terms"};
static const char *const back_label[LANG__MAX] = {
    "本文に戻る", "Back to the text"};

static const struct md_note *
note_numbered(const struct md *md, int number)
{
	size_t i;

	for (i = 0; i < md->n_notes; i++)
		if (md->notes[i].number == number)
			return &md->notes[i];
	return NULL;
}

void
md_put_notes(struct md *md, struct buf *out)
{
	const char *back = back_label[md->in->lang];
	const struct md_note *note;
	size_t i;
	int n;

	for (i = 0; i < md->n_notes; i++)
		if (md->notes[i].number == 0)
			md_report(md, md->notes[i].line,
			    "footnote %s is mentioned nowhere",
			    md->notes[i].label);
	if (md->n_numbered == 0)
		return;
	buf_printf(out,
	    "<section class=\"notes\" aria-labelledby=\"notes\">\n"
	    "<h2 id=\"notes\">%s</h2>\n<ol>\n",
	    notes_title[md->in->lang]);
	md->in_note = true;
	for (n = 1; (note = note_numbered(md, n)) != NULL; n++) {
		md_plain_block(md);
		buf_printf(out,
		    "<li id=\"note-%d\">%s <a href=\"#mention-%d\" "
		    "class=\"note-back\" aria-label=\"%s\">↩</a></li>\n",
		    n, md_inline(md, note->text, note->line), n, back);
	}
	md->in_note = false;
	buf_puts(out, "</ol>\n</section>\n");
}

void
md_put_terms(const struct md *md, struct buf *out)
{
	enum lang lang = md->in->lang;
	const struct term *t;
	size_t i;

	if (md->n_terms == 0)
		return;
	buf_printf(out,
	    "<section class=\"terms\" aria-labelledby=\"terms\">\n"
	    "<h2 id=\"terms\">%s</h2>\n<dl>\n",
	    terms_title[lang]);
	for (i = 0; i < md->n_terms; i++) {
		t = md->terms[i];
		buf_printf(out, "<dt id=\"term-%s\">", t->code);
		md_escape(out, t->name.in[lang], strlen(t->name.in[lang]));
		buf_puts(out, "</dt>\n<dd>");
		md_escape(out, t->definition.in[lang],
		    strlen(t->definition.in[lang]));
		buf_puts(out, "</dd>\n");
	}
	buf_puts(out, "</dl>\n</section>\n");
}
