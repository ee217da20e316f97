/* One line for each test, the reason under it when it failed, and the sum. */

function* reason(error)
{
	const cause = error?.cause ?? error;
	const text = cause?.stack ?? String(cause?.message ?? cause);

	for (const line of text.split("\n"))
		yield `     ${line}\n`;
}

export default async function* report(events)
{
	let passed = 0, failed = 0, skipped = 0;

	for await (const { type, data } of events) {
		if (type === "test:stderr" || type === "test:stdout")
			yield data.message;
		if (type !== "test:pass" && type !== "test:fail")
			continue;
		const seconds = (data.details.duration_ms / 1000).toFixed(1);

		if (data.skip !== undefined) {
			skipped++;
			yield `skip ${data.name}: ${data.skip}\n`;
		} else if (type === "test:pass") {
			passed++;
			yield `ok   ${data.name} (${seconds} s)\n`;
		} else {
			failed++;
			yield `FAIL ${data.name} (${seconds} s)\n`;
			yield* reason(data.details.error);
		}
	}
	if (skipped > 0)
		yield `${skipped} skipped\n`;
	yield `${passed} passed, ${failed} failed\n`;
}
