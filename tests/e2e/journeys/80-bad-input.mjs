/*
 * What goes wrong at a browser, by mistake or on purpose: a clear sentence, a
 * status that is right, and nothing that was acknowledged is lost.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Reader } from "../support/browser.mjs";
import { course } from "../support/course.mjs";
import { HOUR, MINUTE, accounts, moveClock } from
    "../support/installation.mjs";
import { assertSaved, choose, examAnswers, readyForExam, startExam } from
    "../support/learning.mjs";
import { as, newcomer, signedIn, typeSignIn } from "../support/people.mjs";

const COURSE = course("executive", "E-101");
const REFUSED = /status of 4\d\d/;
const INVALID = 422;
const IDLE_MS = 2 * HOUR;
const LANGUAGES = ["ja", "en"];

for (const lang of LANGUAGES) {
	test(`wrong password, ${lang}: said, and the address is kept`,
	    async () => {
		const reader = await Reader.open({ lang, shots: "wrong" });
		const { address } = accounts.get("management");

		reader.expect(REFUSED);
		await typeSignIn(reader, { address, password: "not-this-one" });
		await reader.sees("people.sign_in_wrong");
		assert.equal(await reader.page.locator("#identifier")
			.inputValue(), address);
		assert.equal(await reader.page.locator("#password")
			.inputValue(), "");
		await typeSignIn(reader, accounts.get("management"));
		assert.equal(new URL(reader.page.url()).pathname, "/");
		await reader.close();
	});

	test(`expired session, ${lang}: sign in and be where one was`, () =>
	    as(accounts.get("management"), { lang }, async (reader) => {
		await reader.go("/account");
		moveClock(IDLE_MS + MINUTE);
		reader.expect(REFUSED);
		await reader.follow(reader.page.locator(
		    "main form").first().locator("button"));
		await reader.sees("http.signed_out_sentence");
		await reader.go("/courses/M-201");
		assert.equal(new URL(reader.page.url()).pathname, "/sign-in");
		await typeSignIn(reader, accounts.get("management"));
		assert.equal(new URL(reader.page.url()).pathname,
		    "/courses/M-201");
	    }));

	test(`form without its token, ${lang}: refused, still signed in`, () =>
	    as(accounts.get("management"), { lang }, async (reader) => {
		reader.expect(REFUSED);
		await reader.page.evaluate(() =>
		    document.querySelector("input[name=csrf]").remove());
		await reader.follow(reader.button("http.sign_out"));
		await reader.sees("http.stale_form_sentence");
		await reader.go("/courses");
		assert.equal(new URL(reader.page.url()).pathname, "/courses");
	    }));

	test(`a page that is not there, ${lang}: says what to do`, () =>
	    as(accounts.get("management"), { lang }, async (reader) => {
		reader.expect(REFUSED);
		for (const path of ["/courses/E-999", "/attempts/1",
			"/sector", "/institution/roster"]) {
			const response = await reader.go(path);

			assert.ok([403, 404].includes(response.status()),
			    `${response.status()} ${path}`);
		}
	    }));

	test(`invalid UTF-8, ${lang}: refused`, () =>
	    as(accounts.get("management"), { lang }, async (reader) => {
		reader.expect(REFUSED);
		const address = await reader.go("/search?q=%ff%fe");

		assert.equal(address.status(), 400);
		await reader.sees("http.invalid_sentence");
		const body = await reader.ask("POST", "/account/language", {
			body: new Uint8Array([...Buffer.from("language="),
				0xff, 0xfe]),
		});

		assert.equal(body.status, INVALID);
	    }));

	test(`10 MB, ${lang}: refused at the edge, in both languages`, () =>
	    as(accounts.get("training-manager"), { lang }, async (reader) => {
		reader.expect(REFUSED);
		await reader.go("/institution/roster/import");
		await reader.page.locator("#file").setInputFiles({
			name: "large.csv", mimeType: "text/csv",
			buffer: Buffer.alloc(10 << 20, "a,b\n"),
		});
		const [response] = await Promise.all([
			reader.page.waitForEvent("response", (one) =>
			    one.request().method() === "POST"),
			reader.button("people.roster_import_do").click(),
		]);

		assert.equal(response.status(), 413);
		await reader.page.waitForLoadState("load");
		await reader.takeShot();
		await reader.assertAccessible();
		const text = await reader.page.locator("body").innerText();

		assert.match(text, /大き/);
		assert.match(text, /large/);
	    }));
}

test("a session that was copied ends with sign-out", async () => {
	const reader = await signedIn(accounts.get("management"));
	const thief = await Reader.open();

	await thief.context.addCookies(await reader.context.cookies());
	await thief.go("/courses");
	assert.equal(new URL(thief.page.url()).pathname, "/courses");
	await reader.follow(reader.button("http.sign_out"));
	await thief.go("/courses");
	assert.equal(new URL(thief.page.url()).pathname, "/sign-in");
	await thief.close();
	await reader.close();
});

test("an exam handed in twice at once counts once", async () => {
	const person = await newcomer("E-DIR");
	const reader = await readyForExam(person, COURSE, { lang: "en" });
	const attempt = await startExam(reader, "E-101");
	const answers = await examAnswers(reader, "E-101");

	await choose(reader, answers);
	await assertSaved(reader, answers);
	const both = await Promise.all([1, 2].map(() =>
	    reader.ask("POST", `${attempt}/submit`, { body: "" })));

	for (const { status, text } of both) {
		assert.equal(status, 200);
		assert.ok(text.includes(reader.word("assess.pass")));
	}
	const again = await reader.ask("POST", `${attempt}/submit`,
	    { body: "" });

	assert.equal(again.status, 200);
	await reader.go("/exams/E-101");
	assert.equal(await reader.page.locator("main tbody tr").count(), 1);
	await reader.go("/certificates");
	assert.equal(await reader.page.locator("main tbody tr").count(), 1);
	await reader.close();
});

test("an answer to no question, to another's exam: refused and not saved",
    async () => {
	const person = await newcomer("E-DIR");
	const reader = await readyForExam(person, COURSE);
	const attempt = await startExam(reader, "E-101");
	const other = await signedIn(accounts.get("technician"));
	const answer = (question, chosen) => ({ body: new URLSearchParams({
		question, chosen, client_key: randomUUID(),
	}).toString() });

	for (const [question, chosen] of [["99", 0], ["-1", 0], ["x", 0],
		["0", 63], ["0", -1]]) {
		const { status } = await reader.ask("POST",
		    `${attempt}/answers`, answer(question, chosen));

		assert.equal(status, INVALID, `question ${question}, ${chosen}`);
	}
	other.expect(REFUSED);
	for (const path of ["", "/review"])
		assert.equal((await other.go(attempt + path)).status(), 404);
	for (const path of ["/answers", "/save", "/submit"])
		assert.equal((await other.ask("POST", attempt + path,
		    answer("0", 0))).status, 404);
	await reader.page.reload();
	assert.equal(await reader.page.locator("input:checked").count(), 0);
	await other.close();
	await reader.close();
});

test("an answer after the deadline is not saved; the saved ones count",
    async () => {
	const reader = await readyForExam(await newcomer("E-DIR"), COURSE);

	await startExam(reader, "E-101");
	const answers = await examAnswers(reader, "E-101");

	await choose(reader, answers.slice(0, 5));
	await assertSaved(reader, answers.slice(0, 5));
	reader.expect(REFUSED);
	const reloaded = reader.page.waitForEvent("load");

	moveClock(31 * MINUTE);
	/* One click: what is refused loads the page anew under the next. */
	await choose(reader, [{ ids: answers[5].ids.slice(0, 1) }]);
	await reloaded;
	await reader.look();
	/* Jobs may have ended it meanwhile; else the page offers to. */
	const button = reader.button("assess.see_result");

	if (await button.count() > 0)
		await reader.follow(button);
	await reader.sees("assess.fail");
	await reader.sees("assess.by_server");
	assert.equal(await reader.page.locator(".tanren-result__score")
		.innerText(), "25 %");
	await reader.close();
});
