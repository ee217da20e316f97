/* The same way without a pointer: sign-in, a module's check, an exam. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Reader } from "../support/browser.mjs";
import { checkKey, course } from "../support/course.mjs";
import { chooseByKeys, enter, tabTo, typeInto } from "../support/keyboard.mjs";
import { answersFor, assertSaved, examAnswers, passModule } from
    "../support/learning.mjs";
import { newcomer } from "../support/people.mjs";

const COURSE = course("executive", "E-101");

async function signIn(reader, person)
{
	await reader.page.keyboard.press("Tab");
	assert.equal(await reader.page.evaluate(() =>
	    document.activeElement.getAttribute("href")), "#main");
	await reader.page.keyboard.press("Enter");
	await typeInto(reader, "#identifier", person.address);
	await typeInto(reader, "#password", person.password);
	await tabTo(reader, reader.page.locator("#identifier"), "Shift+Tab");
	await enter(reader, reader.button("people.sign_in"));
	assert.equal(new URL(reader.page.url()).pathname, "/");
}

/* From the home page by links alone. */
async function readModule(reader)
{
	await enter(reader, reader.link("app.home_to_courses"));
	await enter(reader, reader.page.getByRole("link",
	    { name: COURSE.title[reader.lang] }));
	await enter(reader, reader.link("learn.start"));
	await enter(reader, reader.link("learn.check"));
	await chooseByKeys(reader, await answersFor(reader.page,
	    checkKey("executive", "E-101", 1, reader.lang)));
	await enter(reader, reader.button("assess.grade"));
	await reader.sees("assess.pass");
}

async function sitExam(reader)
{
	await reader.go("/courses/E-101");
	await enter(reader, reader.link("learn.to_exam"));
	await enter(reader, reader.button("assess.start"));
	const answers = await examAnswers(reader, "E-101");

	await chooseByKeys(reader, answers);
	await assertSaved(reader, answers);
	await enter(reader, reader.button("assess.to_review"));
	await enter(reader, reader.button("assess.hand_in"));
	await reader.sees("assess.pass");
}

async function journey(lang)
{
	const person = await newcomer("E-DIR");
	const reader = await Reader.open({ lang, shots: "keyboard" });

	await signIn(reader, person);
	await readModule(reader);
	for (const { n } of COURSE.modules.slice(1))
		await passModule(reader, COURSE, n, chooseByKeys);
	await sitExam(reader);
	await reader.close();
}

test("keyboard, ja: sign-in, a module's check, the exam",
    () => journey("ja"));
test("keyboard, en: sign-in, a module's check, the exam",
    () => journey("en"));
