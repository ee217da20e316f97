/* Everybody's own page, in four tiers: where one stands, and why. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { accounts } from "../support/installation.mjs";
import { as } from "../support/people.mjs";

async function look(reader)
{
	await reader.go("/me");
	await reader.sees("career.summary");
	const rows = reader.page.locator("table").first().locator("tbody tr");

	assert.ok(await rows.count() > 0, "a target for the role");
	for (const details of await reader.page.locator("main details").all())
		await details.locator("summary").click();
	await reader.look();
	const { status, text } = await reader.ask("GET", "/me.csv");

	assert.equal(status, 200);
	assert.match(text, /^\ufeff?"[^"]+","/);
}

for (const lang of ["ja", "en"])
	for (const kind of ["executive", "management", "technician",
		"supervisor"])
		test(`${kind}, ${lang}: my page and its evidence`, () =>
		    as(accounts.get(kind), { lang, shots: `me-${kind}` },
			look));
test("executive, phone, ja: my page", () => as(accounts.get("executive"),
    { phone: true, shots: "me-executive" }, look));
