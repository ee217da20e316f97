/* An operator: what was sent, whether it lives, what it counts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { accounts, origin } from "../support/installation.mjs";
import { as, newcomer } from "../support/people.mjs";

for (const lang of ["ja", "en"])
	test(`operator, ${lang}: invitations wait until they are used`, async () => {
		const person = await newcomer("M-BIZ");

		await as(accounts.get("operator"), { lang, shots: "operator" },
		    async (reader) => {
			await reader.go("/operator/outbox");
			const text = await reader.text();

			assert.ok(text.includes("@newcomer.example>"), text);
			assert.ok(!text.includes(person.address), text);
		});
	});

test("operator: /healthz says ok, the revision and the schema", async () => {
	const response = await fetch(`${origin}/healthz`);
	const health = await response.json();

	assert.equal(response.status, 200);
	assert.equal(health.status, "ok");
	assert.match(health.revision, /^[0-9a-f]{40}$/);
	assert.ok(health.schema >= 1);
});

test("operator: /metrics counts answers and no server error", async () => {
	const text = await (await fetch(`${origin}/metrics`)).text();

	assert.match(text, /^tanren_answers_total\{class="2xx"\} [1-9]\d*$/m);
	assert.match(text, /^tanren_answers_total\{class="5xx"\} 0$/m);
	assert.match(text, /^# TYPE tanren_requests_open gauge$/m);
});
