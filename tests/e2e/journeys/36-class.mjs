/*
 * A class: an instructor sees who works on what, watches a terminal while its
 * learner is told, cannot type there, writes, and gives more time.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { accounts } from "../support/installation.mjs";
import { newcomer, signedIn } from "../support/people.mjs";
import { openShell, screenText, shows, type } from "../support/shell.mjs";

const READY_MS = 30000;
const SHOWN_MS = 20000;
/* What stands in a message and must not be more than text. */
const MESSAGE = "<b>/lab/in</b> & README";

async function prepare(reader)
{
	await reader.go("/labs/L02");
	await reader.follow(reader.button("lab.prepare"), { look: false });
	await reader.page.locator("a[download]").first()
		.waitFor({ timeout: READY_MS });
}

/* The line of a learner in the list. */
function line(reader, { name })
{
	return reader.page.locator("#class-live tbody tr")
		.filter({ hasText: name });
}

async function findLearner(reader, learner)
{
	await reader.go("/institution/labs?lab=L02");
	const text = await line(reader, learner).innerText();

	assert.ok(text.includes(reader.word("lab.class_working")), text);
	await reader.follow(line(reader, learner).locator("td a").last(),
	    { look: false });
	await reader.page.locator("#shell-status",
	    { hasText: reader.word("lab.watch_connected") })
		.waitFor({ timeout: SHOWN_MS });
}

/* The list changes by itself, without being loaded again. */
async function staysUpToDate(reader, learner)
{
	await reader.go("/institution/labs?lab=L02");
	await reader.page.evaluate(() => {
		window.stillHere = true;
	});
	const seen = line(reader, learner).getByText(
	    reader.word("lab.class_preparing"));

	await seen.waitFor({ state: "detached", timeout: READY_MS });
	assert.equal(await reader.page.evaluate(() => window.stillHere), true);
}

async function isTold(learner, name)
{
	await learner.page.locator("#watched", {
		hasText: learner.word("lab.watched_one", name),
	}).waitFor({ timeout: SHOWN_MS });
	await learner.look();
}

async function cannotType(instructor, learner)
{
	await instructor.page.locator(
	    ".tanren-shell__panel:not([hidden]) .xterm").click();
	await type(instructor, "echo from-the-instructor");
	await type(learner, "echo from-the-lear''ner");
	await shows(learner, "from-the-learner");
	await shows(instructor, "from-the-learner");
	assert.doesNotMatch(await screenText(learner), /instructor/);
	/* Tab is the page's: nobody is caught in the terminal. */
	await instructor.page.keyboard.press("Tab");
	assert.ok(await instructor.page.evaluate(
	    () => !document.activeElement.closest(".xterm")));
}

/* The terminal stays: nothing is loaded again. */
async function isAnswered(instructor, id)
{
	await instructor.page.locator("#watch-said",
	    { hasText: instructor.word(id) }).waitFor({ timeout: SHOWN_MS });
}

/* Without anything to say the form itself tells what is wrong. */
async function saysNothing(instructor)
{
	instructor.expect(/status of 422/);
	await instructor.follow(instructor.button("lab.class_send"),
	    { look: false });
	await instructor.sees("lab.class_message_wrong", 500);
	await instructor.look();
	await instructor.page.locator("#shell-status",
	    { hasText: instructor.word("lab.watch_connected") })
		.waitFor({ timeout: SHOWN_MS });
}

async function writes(instructor, learner)
{
	await instructor.page.locator("#text").fill(MESSAGE);
	await instructor.button("lab.class_send").click();
	await isAnswered(instructor, "lab.class_sent");
	assert.equal(await instructor.page.locator("#text").inputValue(), "");
	await learner.page.locator("#notices .tanren-notice__text",
	    { hasText: MESSAGE }).waitFor({ timeout: SHOWN_MS });
	assert.equal(await learner.page.locator("#notices b").count(), 0);
	await learner.look();
}

async function extendsShell(instructor, learner)
{
	const until = learner.page.locator("[data-role=until]");
	const before = await until.innerText();

	await instructor.button("lab.class_extend").click();
	await isAnswered(instructor, "lab.class_extended");
	await learner.page.waitForFunction((text) => document.querySelector(
	    "[data-role=until]").innerText !== text, before);
	assert.match(await learner.page.locator("[data-role=left]")
		.innerText(), /2.*\d/);
}

async function leaves(instructor, learner)
{
	await instructor.follow(instructor.page.locator(".govuk-back-link"));
	await instructor.sees("lab.class_notices");
	await learner.page.waitForFunction(
	    () => document.getElementById("watched").textContent === "");
	await learner.go("/labs/L02");
	assert.ok((await learner.text()).includes(MESSAGE));
}

async function journey(lang)
{
	const account = await newcomer("T-SOC");
	const learner = await signedIn(account, { lang, shots: "class-learner" });
	const instructor = await signedIn(accounts.get("training-manager"),
	    { lang, shots: "class" });
	const name = await instructor.page.locator(".tanren-account__person")
		.innerText();

	await prepare(learner);
	await staysUpToDate(instructor, account);
	await openShell(learner);
	await type(learner, "echo he''re-I-am");
	await shows(learner, "here-I-am");
	await findLearner(instructor, account);
	await shows(instructor, "here-I-am");
	await isTold(learner, name);
	await instructor.look();
	await cannotType(instructor, learner);
	await saysNothing(instructor);
	await writes(instructor, learner);
	await extendsShell(instructor, learner);
	await leaves(instructor, learner);
	await learner.close();
	await instructor.close();
}

test("class, ja: a list that lives, a terminal that is watched, a message, time",
    () => journey("ja"));
test("class, en: a list that lives, a terminal that is watched, a message, time",
    () => journey("en"));

test("class, on a phone: lines are cards", async () => {
	const reader = await signedIn(accounts.get("training-manager"),
	    { phone: true, shots: "class" });

	await reader.go("/institution/labs");
	await reader.follow(reader.page.locator("#class-live tbody th a").first());
	await reader.sees("lab.class_help");
	await reader.close();
});
