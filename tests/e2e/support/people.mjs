/*
 * Signing in, as the demo's own people or as newcomers: these are put on the
 * roster by the training manager, the operator's outbox has their invitation,
 * and they set a password with it. All of it by the pages.
 */
import assert from "node:assert/strict";
import { accounts } from "./installation.mjs";
import { Reader } from "./browser.mjs";

const PASSWORD = "kanban-yokocho-42-suzume";
const OF_EACH_ROLE = 10;
const ROLES = ["E-DIR", "M-BIZ", "T-SOC"];

export async function typeSignIn(reader, { address, password })
{
	await reader.page.locator("#identifier").fill(address);
	await reader.page.locator("#password").fill(password);
	await reader.follow(reader.button("people.sign_in"));
}

/* A new reader who stands on the home page. */
export async function signedIn(account, options)
{
	const reader = await Reader.open(options);

	await typeSignIn(reader, account);
	assert.equal(new URL(reader.page.url()).pathname, "/");
	return reader;
}

/* A fresh reader does something and is gone. */
export async function as(account, options, act)
{
	const reader = await signedIn(account, options);

	try {
		return await act(reader);
	} finally {
		await reader.close();
	}
}

/* ------------------------------------------------------------ newcomers */

function csv(lines)
{
	return lines.map((cells) => cells.join(",")).join("\r\n") + "\r\n";
}

export async function importRoster(reader, name, bytes)
{
	await reader.go("/institution/roster/import");
	await reader.page.locator("#file").setInputFiles(
	    { name, mimeType: "text/csv", buffer: Buffer.from(bytes) });
	await reader.follow(reader.button("people.roster_import_do"));
}

/* The one-time link in the newest mail to an address. */
export async function linkFor(address)
{
	const reader = await signedIn(accounts.get("operator"));

	await reader.go("/operator/outbox");
	const mail = await reader.page.locator("article.tanren-mail")
		.filter({ hasText: address }).first().innerText();

	await reader.close();
	const link = mail.match(/http:\/\/\S+\/links\/\S+/);

	assert.ok(link, `no link in ${mail}`);
	return link[0];
}

async function usePassword(address)
{
	const reader = await Reader.open();

	await reader.go(await linkFor(address));
	await reader.page.locator("#password").fill(PASSWORD);
	await reader.page.locator("#password_again").fill(PASSWORD);
	await reader.follow(reader.button("people.set_password"));
	await reader.close();
}

let waiting = null;

async function inviteAll()
{
	const manager = await signedIn(accounts.get("training-manager"));
	const people = ROLES.flatMap((role) => Array.from(
	    { length: OF_EACH_ROLE }, (_, i) => ({
		role,
		number: `N${role.replace("-", "")}${i}`,
		name: `試行 ${role}${i}`,
		address: `${role.toLowerCase()}.${i}@newcomer.example`,
	    })));

	await importRoster(manager, "roster.csv", csv([
		["employee_number", "name", "email", "role"],
		...people.map((p) => [p.number, p.name, p.address, p.role])]));
	await manager.sees("people.roster_counts", people.length,
	    people.length, 0, 0);
	await manager.close();
	return people;
}

/* Somebody who did nothing yet: {address, password, name, number}. */
export async function newcomer(role)
{
	waiting ??= inviteAll();
	const people = await waiting;
	const place = people.findIndex((person) => person.role === role);

	assert.notEqual(place, -1, `no ${role} is left`);
	const [person] = people.splice(place, 1);

	await usePassword(person.address);
	return { ...person, password: PASSWORD };
}
