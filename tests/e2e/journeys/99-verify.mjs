/* After all that everybody did: everything still adds up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tanren, until } from "../support/installation.mjs";

/* Counts are folded by jobs, a moment later. */
const FOLDED_MS = 20000;

test("operator: `tanren verify` finds no difference at the end", async () => {
	let last;
	const agrees = async () => {
		last = await tanren("verify");
		return last.status === 0;
	};

	assert.ok(await until(agrees, FOLDED_MS, 2000),
	    last.stdout + last.stderr);
});
