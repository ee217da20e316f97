/*
 * Runs the journeys one after the other, in order of their names, with one
 * browser: node all.mjs [NAME...]. Started by ./run.
 */
import { readdirSync } from "node:fs";
import { after } from "node:test";
import { closeBrowser } from "./support/browser.mjs";

const wanted = process.argv.slice(2);
const files = readdirSync(new URL("journeys/", import.meta.url))
	.filter((name) => name.endsWith(".mjs"))
	.filter((name) => wanted.length === 0 ||
	    wanted.some((part) => name.includes(part)))
	.sort();

if (files.length === 0)
	throw new Error(`no journey is called ${wanted.join(" or ")}`);
for (const name of files)
	await import(`./journeys/${name}`);
after(closeBrowser);
