/*
 * Management staff and supervisors go through their first course: modules,
 * exam, certificate.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { course } from "../support/course.mjs";
import { accounts } from "../support/installation.mjs";
import { assertSaved, choose, examAnswers, handIn, passModule, startExam }
    from "../support/learning.mjs";
import { newcomer, signedIn } from "../support/people.mjs";

async function journey(lang, account, it)
{
	const reader = await signedIn(account, { lang, shots: it.id });

	await reader.go(`/courses/${it.id}`);
	assert.equal(await reader.heading(), it.title[lang]);
	for (const { n } of it.modules)
		await passModule(reader, it, n);
	await startExam(reader, it.id);
	const answers = await examAnswers(reader, it.id);

	await choose(reader, answers);
	await assertSaved(reader, answers);
	await handIn(reader);
	await reader.sees("assess.pass");
	await reader.go("/certificates");
	assert.ok((await reader.text()).includes(it.title[lang]));
	await reader.close();
}

const MANAGEMENT = course("management", "M-201");
const SUPERVISOR = course("supervisor", "S-401");

test("management, ja: M-201 with its exam",
    () => journey("ja", accounts.get("management"), MANAGEMENT));
test("management, en: M-201 with its exam",
    async () => journey("en", await newcomer("M-BIZ"), MANAGEMENT));
test("supervisor, ja: S-401 with its exam",
    () => journey("ja", accounts.get("supervisor"), SUPERVISOR));
test("supervisor, en: S-401 with its exam",
    () => journey("en", accounts.get("author"), SUPERVISOR));
