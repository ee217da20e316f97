/*
 * Everybody signs in and opens what the frame and the home page offer: there
 * is no dead end, for any role, in either language.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Reader } from "../support/browser.mjs";
import { accounts, origin } from "../support/installation.mjs";
import { as } from "../support/people.mjs";

/* Addresses of pages that are offered here, without what downloads. */
async function offered(reader)
{
	const links = await reader.page.locator("nav a, main a").evaluateAll(
	    (all) => all.map((link) => link.href));

	return [...new Set(links.map((link) => link.split("#")[0]))]
		.filter((link) => link.startsWith(origin) &&
		    !link.endsWith(".csv"));
}

async function visit(reader)
{
	for (const address of await offered(reader)) {
		const response = await reader.go(address);

		assert.equal(response.status(), 200, address);
	}
}

for (const lang of ["ja", "en"]) {
	test(`a visitor, ${lang}: the pages before signing in`, async () => {
		const reader = await Reader.open({ lang, shots: "visitor" });

		for (const path of ["/", "/verify", "/forgot"])
			assert.equal((await reader.go(path)).status(), 200);
		await reader.close();
	});
	for (const [kind, account] of accounts)
		test(`${kind}, ${lang}: everything that home offers`, () =>
		    as(account, { lang, shots: kind }, visit));
	for (const kind of ["executive", "training-manager", "supervisor"])
		test(`${kind}, phone, ${lang}: everything that home offers`,
		    () => as(accounts.get(kind), { lang, phone: true,
			shots: kind }, visit));
	test(`supervisor, phone, ${lang}: one institution`, () =>
	    as(accounts.get("supervisor"), { lang, phone: true,
		shots: "supervisor-look" }, async (reader) => {
		await reader.go("/sector/institutions");
		await reader.follow(reader.page.locator(
		    "main tbody th a").first());
		await reader.sees("oversee.look_recorded");
	    }));
}
