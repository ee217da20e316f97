/*
 * A technician who gets stuck: gives the lab up, reads the worked solution,
 * and goes on with other data, as practice.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newcomer, signedIn } from "../support/people.mjs";

const LAB = "/labs/L02";
const READY_MS = 20000;

/* A box works behind the page, which shows by itself when it is done. */
async function begin(reader, button)
{
	await reader.follow(reader.button(button), { look: false });
	await reader.page.locator("a[download]").first()
		.waitFor({ timeout: READY_MS });
	await reader.look();
}

/* The number that differs from draw to draw, as the file has it. */
async function incident(reader)
{
	const file = await reader.download(
	    reader.page.locator("a[download]", { hasText: "proxies.txt" }));
	const number = file.match(/IR-[0-9A-F]{6}/);

	assert.ok(number);
	return number[0];
}

async function journey(lang, { phone })
{
	const reader = await signedIn(await newcomer("T-SOC"),
	    { lang, phone, shots: `give-up-${phone ? "phone" : "desk"}` });

	await reader.go(LAB);
	await reader.sees("lab.terms_score", 70);
	await begin(reader, "lab.prepare");
	const first = await incident(reader);

	/* closed, and said what opens it */
	reader.expect(/403/);
	await reader.go(`${LAB}/solution`);
	await reader.sees("lab.solution_closed", 75);

	await reader.go(LAB);
	await reader.follow(reader.link("lab.give_up"));
	await reader.sees("lab.give_up_final");
	await reader.follow(reader.button("lab.give_up_do"));
	assert.equal(new URL(reader.page.url()).pathname, `${LAB}/solution`);
	await reader.sees("lab.solution_no_values");
	assert.ok(await reader.page.locator("main pre").count() > 3);

	await reader.follow(reader.link("lab.solution_back"));
	await reader.sees("lab.next_draw_given_up");
	assert.equal(await reader.link("lab.give_up").count(), 0);
	await begin(reader, "lab.prepare_next");
	assert.notEqual(await incident(reader), first);
	await reader.sees("lab.tag_practice");
	await reader.follow(reader.link("lab.solution_read"));
	await reader.close();
}

test("technician, ja: gives up, reads the solution, goes on with other data",
    () => journey("ja", { phone: false }));
test("technician, phone, en: gives up, reads the solution, goes on",
    () => journey("en", { phone: true }));
