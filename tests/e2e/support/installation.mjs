/* The installation that ./run started: its address, clock, files, commands. */
import { closeSync, openSync, readFileSync, readSync, writeSync } from
    "node:fs";
import { execFile } from "node:child_process";
import { join } from "node:path";

function given(name)
{
	const value = process.env[name];

	if (value === undefined || value === "")
		throw new Error(`${name} is not set: start tests/e2e/run`);
	return value;
}

export const origin = given("E2E_ORIGIN");
export const content = given("E2E_CONTENT");
export const directory = given("E2E_VAR");
const program = given("E2E_PROGRAM");

/* The demo's own people: "executive" to {address, password}. */
export const accounts = new Map(
    readFileSync(join(directory, "demo-accounts.txt"), "utf8")
	.trim().split("\n").map((line) => line.split("\t"))
	.map(([kind, address, password]) => [kind, { address, password }]));

export const MINUTE = 60000;
export const HOUR = 60 * MINUTE;

/* VAR/clock: how far all processes are ahead, in ms, 8 bytes. */
function withClock(flags, f)
{
	const file = openSync(join(directory, "clock"), flags);
	const bytes = Buffer.alloc(8);

	try {
		return f(file, bytes);
	} finally {
		closeSync(file);
	}
}

function clockOffset()
{
	return withClock("r", (file, bytes) => {
		readSync(file, bytes, 0, 8, 0);
		return Number(bytes.readBigInt64LE());
	});
}

/* Time only goes on: what was recorded stays in the past. */
export function moveClock(ms)
{
	const offset = clockOffset() + ms;

	withClock("r+", (file, bytes) => {
		bytes.writeBigInt64LE(BigInt(offset));
		writeSync(file, bytes, 0, 8, 0);
	});
}

function command(file, args, options = {})
{
	return new Promise((resolve) => {
		execFile(file, args, { maxBuffer: 1 << 24, ...options },
		    (error, stdout, stderr) => resolve({
			status: error === null ? 0 : error.code ?? -1,
			stdout, stderr,
		}));
	});
}

/* Answers {status, stdout, stderr}; a status is not an exception. */
export function tanren(name, ...args)
{
	return command(program, [name, ...args, "--var", directory]);
}

export function run(file, args, options)
{
	return command(file, args, options);
}

/* Git in the author's clone; throws when git does. */
export async function git(...args)
{
	const { status, stdout, stderr } = await command("git", [
		"-C", content, "-c", "user.name=Author",
		"-c", "user.email=author@demo.example", ...args]);

	if (status !== 0)
		throw new Error(`git ${args.join(" ")}: ${stderr}`);
	return stdout.trim();
}

/* Asks until the answer is true; false when the time is over. */
export async function until(ask, ms, pause = 50)
{
	const end = Date.now() + ms;

	while (Date.now() < end) {
		if (await ask())
			return true;
		await new Promise((resolve) => setTimeout(resolve, pause));
	}
	return Boolean(await ask());
}
