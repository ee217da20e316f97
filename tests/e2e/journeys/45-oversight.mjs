/*
 * A supervisor sees the sector in numbers and never a person; who was looked
 * at is told.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE, accounts, moveClock } from "../support/installation.mjs";
import { as, signedIn } from "../support/people.mjs";

const CATEGORIES = 19;
const AUTHORITY = { ja: "架空金融監督局",
	en: "Fictional Financial Supervision Bureau" };

/* {name, persons, looks} of the demo's training manager's institution. */
function own(lang)
{
	return as(accounts.get("training-manager"), { lang }, async (reader) => {
		const name = await reader.page.locator(
		    ".tanren-account__organisation").innerText();

		await reader.go("/institution/roster");
		const csv = await reader.download(reader.link("people.csv"));

		await reader.go("/institution");
		return {
			name: name.trim(),
			looks: await reader.page.locator("main li").filter(
			    { hasText: AUTHORITY[lang] }).count(),
			/* [number, name, kana, address, ...] */
			persons: csv.trim().split("\r\n").slice(1)
				.map((line) => [...line.matchAll(/"([^"]*)"/g)]
					.map(([, cell]) => cell)),
		};
	});
}

async function sector(reader)
{
	await reader.go("/sector");
	const rows = reader.page.locator("table").first()
		.locator("tbody tr");

	assert.ok(await rows.count() >= CATEGORIES);
	const programmes = reader.page.locator("#programme option");

	assert.ok(await programmes.count() > 1);
	await reader.page.locator("#programme").selectOption({ index: 1 });
	await reader.follow(reader.button("oversee.show"));
	await reader.sees("oversee.over_time");
	const csv = await reader.download(reader.link("oversee.csv"));

	assert.ok(csv.trim().split("\r\n").length > CATEGORIES);
	await reader.follow(reader.link("oversee.to_institutions"));
}

/* The list is long: page by page. */
async function openInstitution(reader, name)
{
	const link = reader.page.getByRole("link", { name, exact: true });

	while (await link.count() === 0)
		await reader.follow(reader.link("oversee.next"));
	await reader.follow(link);
	assert.ok((await reader.heading()).includes(name));
	await reader.sees("oversee.look_recorded");
}

function assertNobody(html, persons)
{
	for (const cells of persons) {
		assert.ok(cells.length > 4, cells.join());
		for (const cell of cells.slice(1, 4))
			assert.ok(cell === "" || !html.includes(cell),
			    `${cell} is on the authority's page`);
	}
}

async function journey(lang)
{
	/* Looks within an hour are one. */
	moveClock(61 * MINUTE);
	const before = await own(lang);
	const reader = await signedIn(accounts.get("supervisor"),
	    { lang, shots: "oversight" });

	assert.ok(before.persons.length > 3);
	await sector(reader);
	assertNobody(await reader.page.content(), before.persons);
	await openInstitution(reader, before.name);
	assertNobody(await reader.page.content(), before.persons);
	await reader.close();
	const after = await own(lang);

	assert.equal(after.looks, before.looks + 1);
}

test("supervisor, ja: the sector, an institution, and it is told",
    () => journey("ja"));
test("supervisor, en: the sector, an institution, and it is told",
    () => journey("en"));
