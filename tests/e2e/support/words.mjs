/* The words of pages, from the catalogues that the pages are made of. */
import { readFileSync } from "node:fs";

const catalogues = new URL("../../../platform/messages/", import.meta.url);
const tables = { ja: new Map(), en: new Map() };

const ENTRY = /^msgid "(.*)"\n(?:msgid_plural ".*"\n)?((?:msgstr.*\n|".*"\n)+)/gm;
const TEXT = /^msgstr(?:\[\d\])? ((?:".*"\n)+)/gm;

/* "one" "two" as it stands in a .po file, to onetwo. */
function unquote(lines)
{
	return lines.trim().split("\n").map((line) => JSON.parse(line)).join("");
}

for (const lang of Object.keys(tables)) {
	const text = readFileSync(new URL(`${lang}.po`, catalogues), "utf8") + "\n";

	for (const [, id, strings] of text.matchAll(ENTRY))
		tables[lang].set(id, [...strings.matchAll(TEXT)]
			.map(([, lines]) => unquote(lines)));
}

/* A message; {1}, {2} are filled with values. The last form for plurals. */
export function word(lang, id, ...values)
{
	const text = tables[lang].get(id)?.at(-1);

	if (text === undefined || text === "")
		throw new Error(`there is no message ${id} in ${lang}`);
	return text.replace(/\{(\d)\}/g,
	    (whole, n) => values[n - 1] ?? whole);
}

/* The same as a pattern: a value that is not given may be any. */
export function pattern(lang, id, ...values)
{
	return new RegExp(word(lang, id)
		.replace(/[.*+?^$()|[\]\\]/g, "\\$&")
		.replace(/\{(\d)\}/g,
		    (whole, n) => values[n - 1] ?? ".+?"));
}
