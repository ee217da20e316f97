/*
 * A technician: the module, then the lab. The lab's own `solve` stands in for
 * the work, on the files that this person was given.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { course } from "../support/course.mjs";
import { accounts, content, run } from "../support/installation.mjs";
import { passModule } from "../support/learning.mjs";
import { as, newcomer, signedIn } from "../support/people.mjs";

const COURSE = course("technician", "T-302");
const FOLDER = join(content, "labs", "L02-credential-stuffing");
const LAB = parse(readFileSync(join(FOLDER, "lab.yaml"), "utf8"));
const GRADED_MS = 20000;
const NAME = "見本 技子";
const NOTE = "口座の不正利用への対応を、次の当番で一緒に経験してください。";

/*
 * The box works in the background and the page shows it by itself: it may be
 * another one at any moment, so it is looked at when the work is done.
 */
async function begin(reader)
{
	await reader.go("/labs/L02");
	await reader.follow(reader.button("lab.prepare"),
	    { look: false });
	await reader.page.locator("a[download]").first()
		.waitFor({ timeout: GRADED_MS });
	await reader.look();
}

async function download(reader, directory)
{
	const links = reader.page.locator("a[download]");

	assert.deepEqual(await links.allInnerTexts(),
	    LAB.artefacts.map(({ path }) => path));
	for (const link of await links.all()) {
		const name = await link.innerText();
		const [file] = await Promise.all([
			reader.page.waitForEvent("download"), link.click()]);

		await file.saveAs(join(directory, "in", name));
	}
}

/* What a good analyst hands in, from the files alone. */
async function solve(directory)
{
	const { status, stderr } = await run(join(FOLDER, "solve"), [],
	    { env: { ...process.env, LAB_DIR: directory } });

	assert.equal(status, 0, stderr);
	return Object.fromEntries(["answers.txt", "rule.txt"].map((name) =>
	    [name, readFileSync(join(directory, "out", name), "utf8")]));
}

async function handIn(reader, files, number)
{
	for (const [name, text] of Object.entries(files))
		await reader.page.getByLabel(reader.word("lab.type_it", name),
		    { exact: true }).fill(text);
	await reader.follow(reader.button("lab.submit"),
	    { look: false });
	await reader.page.getByRole("heading",
	    { name: reader.word("lab.result_of", number) })
		.waitFor({ timeout: GRADED_MS });
	await reader.look();
}

/* [{text, points, reason}] of the result's table. */
function result(reader)
{
	return reader.page.locator("[role=region][aria-labelledby=result] tbody tr")
		.evaluateAll((rows) => rows.map((row) => {
		const [text, points, reason] = [...row.children].map(
		    (cell) => cell.innerText.trim());

		return { text, points, reason };
	    }));
}

function line(id, points, key, lang)
{
	const check = LAB.checks.find((one) => one.id === id);

	return {
		text: check[lang],
		points: `${points} / ${check.points}`,
		reason: LAB.messages.find((one) => one.key === key)[lang],
	};
}

async function work(reader, directory)
{
	const { lang } = reader;

	await begin(reader);
	await download(reader, directory);
	const files = await solve(directory);

	/* Without a window and with a rule that is none. */
	await handIn(reader, {
		"answers.txt": files["answers.txt"]
			.replace(/^(start|end):.*\n/gm, ""),
		"rule.txt": "block everything\n",
	}, 1);
	const wrong = await result(reader);

	assert.deepEqual(wrong[0], line("c1", 20, "c1_ok", lang));
	assert.deepEqual(wrong[1], line("c2", 0, "c2_none", lang));
	assert.deepEqual(wrong[5], line("c6", 0, "c6_syntax", lang));

	await handIn(reader, files, 2);
	const right = await result(reader);

	assert.equal(right.length, LAB.checks.length);
	LAB.checks.forEach(({ id, points }, i) => assert.deepEqual(right[i],
	    line(id, points, `${id}_ok`, lang)));
	await reader.sees("lab.points_of", 100);
	await reader.sees("lab.tag_passed");
}

async function journey(lang, account)
{
	const directory = mkdtempSync(join(tmpdir(), "tanren-e2e-lab-"));
	const reader = await signedIn(account, { lang, shots: "technician" });

	mkdirSync(join(directory, "in"));
	mkdirSync(join(directory, "out"));
	try {
		await passModule(reader, COURSE, 2);
		await work(reader, directory);
	} finally {
		rmSync(directory, { recursive: true });
	}
	await reader.close();
}

test("technician, ja: module, lab, a wrong and a right hand-in",
    () => journey("ja", accounts.get("technician")));
test("technician, en: module, lab, a wrong and a right hand-in",
    async () => journey("en", await newcomer("T-SOC")));

/* Of the lab's two competencies one is confirmed and one is not yet. */
async function confirm(reader)
{
	const waiting = reader.page.locator("main table").first()
		.locator("tbody tr").filter({ hasText: NAME });

	await reader.follow(reader.link("app.home_to_team"));
	assert.equal(await waiting.count(), 2);
	await reader.follow(waiting.first().getByRole("link"));
	assert.match(await reader.text(), /L02.*100 %/);
	await reader.follow(reader.button("career.confirm"));
	await reader.sees("career.confirm_done");
	await reader.follow(waiting.first().getByRole("link"));
	await reader.page.locator("#note").fill(NOTE);
	await reader.follow(reader.button("career.not_yet"));
	await reader.sees("career.not_yet_done");
	assert.ok((await reader.text()).includes(NOTE));
}

test("management, phone, ja: confirms, or says what is missing", () =>
    as(accounts.get("management"),
	{ phone: true, shots: "team" }, confirm));
test("technician, en: is told what the line manager said", () =>
    as(accounts.get("technician"), { lang: "en" }, async (reader) => {
	await reader.go("/me");
	assert.ok((await reader.text()).includes(NOTE));
	assert.match(await reader.text(), /Confirmed by 見本 管太 on/);
}));
