/*
 * A training manager: a roster with mistakes, a roster in Shift_JIS, a course
 * with a due date, who is late, lists for others.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR, accounts, moveClock, run, until } from
    "../support/installation.mjs";
import { as, importRoster, signedIn } from "../support/people.mjs";
import { pattern } from "../support/words.mjs";

const MANAGER = accounts.get("training-manager");
const LATE_MS = 10000;

/* Rows of the table of lines that were refused. */
function refused(reader)
{
	return reader.page.locator("main table").first().locator("tbody tr")
		.evaluateAll((rows) => rows.map((row) => {
		const cells = [...row.cells].map((cell) => cell.innerText);

		return { line: Number(cells[0]), reason: cells[3] };
	    }));
}

async function importWithMistakes(reader, mark)
{
	await importRoster(reader, "roster.csv", [
		"employee_number,name,email,role",
		`${mark}1,正しい 一郎,${mark}1@right.example,T-SOC`,
		`${mark}2,誤り 二郎,not-an-address,T-SOC`,
		`${mark}3,=HYPERLINK(1),${mark}3@right.example,T-SOC`,
		`${mark}1,二度 一郎,${mark}4@right.example,T-SOC`,
		`${mark}5,役割 五郎,${mark}5@right.example,T-NOPE`,
		`${mark}6,正しい 六郎,${mark}6@right.example,M-BIZ`,
		""].join("\r\n"));
	await reader.sees("people.roster_counts", 6, 2, 0, 0);
	assert.deepEqual(await refused(reader), [
		[3, "people.roster_bad_email"],
		[4, "people.roster_formula"],
		[5, "people.roster_twice"],
		[6, "people.roster_bad_role"],
	].map(([line, id]) => ({ line, reason: reader.word(id) })));
	await reader.go(`/institution/roster?q=${mark}1`);
	assert.ok((await reader.text()).includes("正しい 一郎"));
	await reader.go(`/institution/roster?q=${mark}3`);
	await reader.sees("people.roster_no_match");
}

/* As a Japanese spreadsheet writes it. */
async function importShiftJis(reader, mark)
{
	const text = "職員番号,氏名,フリガナ,役割\r\n" +
	    `${mark}7,髙橋 七海,タカハシ ナナミ,M-RISK\r\n`;
	const { status, stdout } = await run("python3", ["-c",
		"import sys; sys.stdout.buffer.write(" +
		    "sys.argv[1].encode('cp932'))", text],
	{ encoding: "buffer" });

	assert.equal(status, 0);
	await importRoster(reader, "名簿.csv", stdout);
	await reader.sees("people.roster_converted");
	await reader.sees("people.roster_counts", 1, 1, 0, 0);
	await reader.go(`/institution/roster?q=${mark}7`);
	assert.ok((await reader.text()).includes("髙橋 七海"));
}

/* YYYY-MM-DD of the day after tomorrow in Japan, by the server's clock. */
async function soon(reader)
{
	await reader.go("/institution/assignments/new");
	const tomorrow = new Date(await reader.page.locator("#due")
		.getAttribute("min"));

	tomorrow.setUTCDate(tomorrow.getUTCDate() + 1);
	return tomorrow.toISOString().slice(0, 10);
}

async function assign(reader, mark)
{
	const due = await soon(reader);

	await reader.page.locator("#course").selectOption("M-201");
	await reader.page.locator("#due").fill(due);
	await reader.page.locator("label[for=whom-numbers]").click();
	await reader.page.locator("#numbers").fill(
	    `${mark}1 ${mark}6\n${mark}7, ${mark}99`);
	await reader.follow(reader.button("oversee.to_confirm"));
	/* Nothing has happened yet: how many, and who is unknown. */
	await reader.sees("oversee.numbers_unknown");
	assert.ok((await reader.text()).includes(`${mark}99`));
	await reader.follow(reader.button("oversee.assign_do"));
	assert.match(await reader.text(), pattern(reader.lang,
	    "oversee.assigned_counts", null, 3, 0, 0));
	await reader.go("/institution/assignments?which=open&course=M-201");
	assert.ok((await reader.text()).includes("正しい 六郎"),
	    await reader.text());
}

/* After the due date, without anybody's doing. */
function assertLate(lang, mark)
{
	return as(MANAGER, { lang, shots: "manager-late" }, async (reader) => {
		const late = () => reader.go("/institution/assignments" +
		    "?which=late&course=M-201", { look: false })
			.then(() => reader.text())
			.then((text) => text.includes(`${mark}6`));

		assert.ok(await until(late, LATE_MS, 500), "nobody is late");
		await reader.look();
		const csv = await reader.download(
		    reader.link("oversee.assignments_csv"));

		assert.ok(csv.startsWith("\ufeff"), "the mark of UTF-8");
		assert.ok(csv.includes("正しい 六郎"));
	});
}

async function lists(reader)
{
	await reader.go("/institution");
	const text = await reader.text();

	assert.ok(text.includes(reader.word("oversee.peers_too_few")) ||
	    text.includes(reader.word("oversee.peers_caption")), text);
	const progress = await reader.download(
	    reader.link("oversee.progress_csv"));

	assert.ok(progress.includes("見本 研子"));
	await reader.go("/institution/roster");
	const roster = await reader.download(reader.link("people.csv"));

	assert.ok(roster.includes("見本 研子"));
}

async function journey(lang, mark)
{
	const reader = await signedIn(MANAGER, { lang, shots: "manager" });

	await importWithMistakes(reader, mark);
	await importShiftJis(reader, mark);
	await assign(reader, mark);
	await lists(reader);
	await reader.close();
	moveClock(72 * HOUR);
	await assertLate(lang, mark);
}

test("training manager, ja: roster, assignment, late, lists",
    () => journey("ja", "MJ"));
test("training manager, en: roster, assignment, late, lists",
    () => journey("en", "ME"));
