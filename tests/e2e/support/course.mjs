/*
 * What is right, from the course files that were published. A question is
 * found by its text, because pages say no more than that.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { content } from "./installation.mjs";

/* Text as a page shows it and as a file has it, without what may differ. */
export function plain(text)
{
	return text.replace(/[\s*`\\]+/g, "");
}

function addFile(bank, path, lang)
{
	for (const question of parse(readFileSync(path, "utf8")).questions) {
		const key = plain(question.text[lang]);

		if (bank.has(key))
			throw new Error(`${path}: ${question.id} stands twice`);
		bank.set(key, {
			id: question.id,
			multiple: question.type === "multiple",
			right: new Set(question.choices
				.filter((choice) => choice.right === true)
				.map((choice) => plain(choice[lang]))),
		});
	}
}

/* Plain question text to {id, multiple, right: plain texts}. */
function read(directory, wanted, lang)
{
	const bank = new Map();

	for (const name of readdirSync(join(content, directory)))
		if (wanted(name))
			addFile(bank, join(content, directory, name), lang);
	return bank;
}

export function checkKey(tier, course, module, lang)
{
	return read(join("courses", tier, course), (name) =>
	    name.startsWith(`${module}-`) && name.endsWith(".check.yaml"),
	    lang);
}

export function examKey(exam, lang)
{
	return read(join("assessments", "exams", exam), (name) =>
	    name.startsWith("bank-"), lang);
}

/* The course's own file, as data. */
export function course(tier, id)
{
	return parse(readFileSync(
	    join(content, "courses", tier, id, "course.yaml"), "utf8"));
}
