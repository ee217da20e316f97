/*
 * An executive on a phone: reads a course between two meetings, passes its
 * exam, and shows the certificate to somebody who has no account.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Reader } from "../support/browser.mjs";
import { course } from "../support/course.mjs";
import { accounts } from "../support/installation.mjs";
import { assertSaved, choose, chosenOn, examAnswers, handIn, passModule,
    startExam } from "../support/learning.mjs";
import { newcomer, signedIn } from "../support/people.mjs";

const COURSE = course("executive", "E-101");

/* Half of the answers, a reload, the other half. */
async function sitExam(reader)
{
	await startExam(reader, "E-101");
	const answers = await examAnswers(reader, "E-101");
	const half = answers.length / 2;

	await choose(reader, answers.slice(0, half));
	await assertSaved(reader, answers.slice(0, half));
	await reader.page.reload();
	await reader.look();
	assert.deepEqual(await chosenOn(reader), answers.map(({ ids }, i) =>
	    i < half ? ids : []));

	await reader.follow(reader.button("assess.to_review"));
	await reader.sees("assess.answered_of", half, answers.length);
	await reader.follow(reader.link("assess.back_to_exam"));
	await choose(reader, answers.slice(half));
	await assertSaved(reader, answers.slice(half));
	await handIn(reader);
	await reader.sees("assess.pass");
	assert.equal(await reader.page.locator(".tanren-result__score")
		.innerText(), "100 %");
}

/* Somebody else, elsewhere, without an account. */
async function verify(lang, number, name)
{
	const other = await Reader.open({ lang, phone: true,
		shots: "verify" });

	await other.go(`/verify/${number}`);
	await other.sees("certify.is_valid");
	assert.ok((await other.text()).includes(name));
	assert.ok((await other.text()).includes(COURSE.title[lang]));
	await other.close();
}

/* On paper: one page, A4 on its side (in points). */
async function isOneSheet(page)
{
	const pdf = (await page.pdf({ preferCSSPageSize: true }))
		.toString("latin1");

	assert.match(pdf, /\/Count 1\b/);
	assert.match(pdf, /\/MediaBox \[0 0 841\.\d+ 59[45]\.\d+\]/);
}

async function showCertificate(reader)
{
	await reader.go("/certificates");
	await reader.follow(reader.page.getByRole("link",
	    { name: COURSE.title[reader.lang] }).first());
	const sheet = await reader.page.locator(".tanren-certificate")
		.innerText();
	const number = sheet.match(/TR(-[0-9A-Z]{4}){3}/)?.[0];

	assert.ok(number, `a number in ${sheet}`);
	assert.ok(sheet.includes(`/verify/${number}`), sheet);
	await isOneSheet(reader.page);
	return number;
}

/* due: home says until when; else what the tier begins with. */
async function journey(lang, account, name, due)
{
	const reader = await signedIn(account, { lang, phone: true,
		shots: "executive" });

	assert.ok((await reader.text()).includes(COURSE.title[lang]));
	await reader.sees(due ? "app.home_due" : "app.home_suggested");
	await reader.follow(reader.link("app.home_to_courses"));
	await reader.follow(reader.page.locator("main").getByRole("link",
	    { name: COURSE.title[lang] }));
	assert.equal(await reader.heading(), COURSE.title[lang]);
	await reader.sees("learn.exam_later");
	await reader.follow(reader.link("learn.start"));
	for (const { n } of COURSE.modules)
		await passModule(reader, COURSE, n);
	await reader.go("/courses/E-101");
	await reader.sees("learn.exam_ready");
	await sitExam(reader);
	await verify(lang, await showCertificate(reader), name);
	await reader.close();
}

test("executive, phone, ja: course, exam, certificate, verification",
    async () => {
	await journey("ja", accounts.get("executive"), "見本 経子", true);
});

test("executive, phone, en: course, exam, certificate, verification",
    async () => {
	const person = await newcomer("E-DIR");

	await journey("en", person, person.name, false);
});
