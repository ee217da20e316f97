/* A terminal's messages and connection: no page, no network, no clock. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FRAME, INPUT_BYTES_MAX, attach, inputs, read, resize, taken } from
    "../../platform/static/js/terminal_frames.js";
import { STATE, TerminalLink, judge } from
    "../../platform/static/js/terminal_link.js";
import { hoursLeft } from "../../platform/static/js/shell_time.js";

const TICKET = "0123456789abcdef".repeat(2);

/* ------------------------------------------------------------- messages */

test("a greeting is the ticket, rows and columns", () => {
	const bytes = attach(TICKET, 24, 300);

	assert.equal(bytes.length, 37);
	assert.equal(bytes[0], 0x10);
	assert.equal(new TextDecoder().decode(bytes.subarray(1, 33)), TICKET);
	assert.deepEqual([...bytes.subarray(33)], [0, 24, 1, 44]);
});

test("absurd sizes are put right", () => {
	for (const [rows, columns, expected] of [
		[0, -3, [0, 1, 0, 1]],
		[NaN, undefined, [0, 1, 0, 1]],
		[1e9, 24.9, [3, 232, 0, 24]],
	])
		assert.deepEqual([...resize(rows, columns)],
		    [0x21, ...expected]);
});

test("what is typed is cut into messages that are let through", () => {
	const bytes = Uint8Array.from({ length: 1000000 }, (_, i) => i % 251);
	const messages = inputs(bytes);
	const joined = [];

	for (const message of messages) {
		assert.ok(message.length <= 1 + INPUT_BYTES_MAX);
		assert.equal(message[0], FRAME.INPUT);
		joined.push(...message.subarray(1));
	}
	assert.deepEqual(Uint8Array.from(joined), bytes);
	assert.deepEqual(inputs(new Uint8Array()), []);
});

test("an empty message has no type", () => {
	assert.equal(read(new ArrayBuffer(0)).type, 0);
	assert.deepEqual([...taken(65537)], [1, 0, 1, 0, 1]);
});

/* ----------------------------------------------------------- connection */

class Bench {
	constructor({ watches = false } = {})
	{
		this.now = 0;
		this.timers = [];
		this.states = [];
		this.shown = [];
		this.sizes = [];
		this.news = [];
		this.sockets = [];
		this.answers = [];
		this.asked = 0;
		this.link = new TerminalLink({
			ticket: async () => {
				this.asked++;
				return this.answers.shift() ??
				    { status: 200, ticket: TICKET,
					retry_after: 0 };
			},
			connect: () => this.socket(),
			size: () => ({ rows: 24, columns: 80 }),
			later: (f, ms) => this.timers.push(
			    { at: this.now + ms, f }),
			state: (state, why) => this.states.push(
			    why === null ? state : `${state} ${why}`),
			output: (bytes, done) => this.shown.push(
			    ["output", bytes.length, done]),
			replay: (bytes, done) => this.shown.push(
			    ["replay", bytes.length, done]),
			watches,
			sized: (size) => this.sizes.push(size),
			news: (watchers) => this.news.push(watchers),
		});
	}

	socket()
	{
		const socket = {
			sent: [], readyState: 0, bufferedAmount: 0,
			send: (bytes) => socket.sent.push(bytes),
			close: () => {
				socket.readyState = 3;
			},
		};

		this.sockets.push(socket);
		return socket;
	}

	get last()
	{
		return this.sockets.at(-1);
	}

	/* Timers that are due, in their order; promises in between. */
	async pass(ms)
	{
		const end = this.now + ms;

		for (;;) {
			await new Promise(setImmediate);
			const next = this.timers.filter(({ at }) => at <= end)
				.sort((a, b) => a.at - b.at)[0];

			if (next === undefined)
				break;
			this.timers.splice(this.timers.indexOf(next), 1);
			this.now = next.at;
			next.f();
		}
		this.now = end;
	}

	async connect()
	{
		this.link.open();
		await this.pass(0);
		this.opened();
	}

	opened()
	{
		this.last.readyState = 1;
		this.last.onopen();
		this.hear(FRAME.REPLAY);
	}

	hear(type, ...bytes)
	{
		this.last.onmessage({ data: Uint8Array.of(type, ...bytes).buffer });
	}

	cut()
	{
		this.last.readyState = 3;
		this.last.onclose();
	}
}

test("it attaches with a ticket and is connected with the first screen",
    async () => {
	const bench = new Bench();

	await bench.connect();
	assert.deepEqual(bench.states, [STATE.CONNECTING, STATE.CONNECTED]);
	assert.deepEqual(bench.last.sent[0], attach(TICKET, 24, 80));
	assert.deepEqual(bench.shown.map(([name]) => name), ["replay"]);
});

test("after a cut it comes back by itself, later each time, with a new ticket",
    async () => {
	const bench = new Bench();

	await bench.connect();
	bench.cut();
	assert.equal(bench.states.at(-1), STATE.RECONNECTING);
	await bench.pass(999);
	assert.equal(bench.asked, 1);
	await bench.pass(1);
	assert.equal(bench.asked, 2);
	bench.cut();
	await bench.pass(1999);
	assert.equal(bench.asked, 2);
	await bench.pass(1);
	assert.equal(bench.asked, 3);
	bench.opened();
	assert.equal(bench.states.at(-1), STATE.CONNECTED);
	bench.cut();
	await bench.pass(1000);
	assert.equal(bench.asked, 4);
});

test("it waits as long as the server asks", async () => {
	const bench = new Bench();

	bench.answers = [{ status: 503, retry_after: 9 }];
	bench.link.open();
	await bench.pass(8999);
	assert.equal(bench.asked, 1);
	await bench.pass(1);
	assert.equal(bench.asked, 2);
});

test("a box that is gone and a session that has ended are the end",
    async () => {
	for (const [status, why] of [[404, "gone"], [409, "gone"],
		[410, "gone"], [401, "signed-out"], [403, "signed-out"]]) {
		const bench = new Bench();

		bench.answers = [{ status, retry_after: 0 }];
		bench.link.open();
		await bench.pass(100000);
		assert.equal(bench.states.at(-1), `ended ${why}`);
		assert.equal(bench.asked, 1);
	}
	assert.equal(judge(0), "later");
	assert.equal(judge(429), "later");
});

test("why it ended is told, and no other connection is tried", async () => {
	for (const [byte, why] of [[0, "shell"], [1, "box"], [2, "deadline"],
		[3, "idle"], [5, "busy"], [77, "box"]]) {
		const bench = new Bench();

		await bench.connect();
		bench.hear(FRAME.ENDED, byte);
		assert.equal(bench.states.at(-1), `ended ${why}`);
		await bench.pass(100000);
		assert.equal(bench.asked, 1);
	}
});

test("a ticket that came too late is asked for again", async () => {
	const bench = new Bench();

	bench.link.open();
	await bench.pass(0);
	bench.last.readyState = 1;
	bench.last.onopen();
	bench.hear(FRAME.ENDED, 4);
	await bench.pass(1000);
	assert.equal(bench.asked, 2);
});

test("a connection that says nothing is given up", async () => {
	const bench = new Bench();

	bench.link.open();
	await bench.pass(0);
	await bench.pass(15000);
	assert.equal(bench.states.at(-1), STATE.RECONNECTING);
	assert.equal(bench.sockets[0].readyState, 3);
});

test("it says that it is there every twenty seconds", async () => {
	const bench = new Bench();
	const heartbeats = () => bench.last.sent.filter(
	    (m) => m[0] === FRAME.ALIVE).length;

	await bench.connect();
	await bench.pass(60000);
	assert.equal(heartbeats(), 3);
	bench.hear(FRAME.ENDED, 0);
	await bench.pass(60000);
	assert.equal(heartbeats(), 3);
});

test("what the screen has dealt with is told, and only that", async () => {
	const bench = new Bench();
	const told = () => bench.last.sent.filter((m) => m[0] === FRAME.TAKEN)
		.map((m) => new DataView(m.buffer).getUint32(1));

	await bench.connect();
	bench.shown.shift()[2]();
	for (let i = 0; i < 10; i++)
		bench.hear(FRAME.OUTPUT, ...new Uint8Array(4095));
	assert.deepEqual(told(), []);
	for (const [, , done] of bench.shown.splice(0))
		done();
	assert.deepEqual(told(), [32769]);
	/* what is of an earlier connection is not told to the next */
	bench.hear(FRAME.OUTPUT, ...new Uint8Array(60000));
	const [, , done] = bench.shown.shift();

	bench.cut();
	await bench.pass(1000);
	bench.opened();
	done();
	assert.deepEqual(told(), []);
});

test("a large paste goes out in pieces while there is room", async () => {
	const bench = new Bench();
	const bytes = new Uint8Array(1000000);
	let sent = 0;

	await bench.connect();
	const socket = bench.last;

	socket.send = (message) => {
		socket.bufferedAmount += message.length;
		sent += message[0] === FRAME.INPUT ? message.length - 1 : 0;
	};
	assert.equal(bench.link.type(bytes), true);
	assert.ok(sent < 32768, `${sent} at once`);
	for (let i = 0; i < 400 && sent < bytes.length; i++) {
		socket.bufferedAmount = 0;
		await bench.pass(30);
	}
	assert.equal(sent, bytes.length);
	/* more than anybody pastes is not taken, nor what is typed into a cut */
	socket.bufferedAmount = 1e9;
	assert.equal(bench.link.type(new Uint8Array(5000000)), false);
	bench.cut();
	assert.equal(bench.link.type(new Uint8Array(1)), false);
	assert.equal(bench.link.pending.length, 0);
});

test("hurry does not wait, and does nothing while all is well", async () => {
	const bench = new Bench();

	await bench.connect();
	bench.link.hurry();
	await bench.pass(0);
	assert.equal(bench.asked, 1);
	bench.cut();
	bench.link.hurry();
	await bench.pass(0);
	assert.equal(bench.asked, 2);
	await bench.pass(1000);
	assert.equal(bench.asked, 2);
});

/* ----------------------------------------------------------------- time */

test("who types hears how many watch; a frame of another form is nothing",
    async () => {
	const bench = new Bench();

	await bench.connect();
	bench.hear(FRAME.NEWS, 2);
	bench.hear(FRAME.NEWS, 0);
	bench.hear(FRAME.NEWS);
	bench.hear(FRAME.SIZE, 0, 24);
	assert.deepEqual(bench.news, [2, 0]);
	assert.deepEqual(bench.sizes, []);
});

test("who watches hears the size, clamped, and renews with other tickets",
    async () => {
	const bench = new Bench({ watches: true });

	await bench.connect();
	bench.hear(FRAME.SIZE, 0, 30, 0, 100);
	bench.hear(FRAME.SIZE, 0, 0, 255, 255);
	assert.deepEqual(bench.sizes, [{ rows: 30, columns: 100 },
		{ rows: 1, columns: 1000 }]);
	const before = bench.asked;

	await bench.pass(40000);
	assert.equal(bench.asked, before + 1);
	const renewals = bench.last.sent.filter(
	    (bytes) => bytes[0] === FRAME.RENEW);

	assert.equal(renewals.length, 1);
	assert.equal(renewals[0].length, 1 + TICKET.length);
	await bench.pass(40000);
	assert.equal(bench.asked, before + 2);
	assert.equal(bench.sockets.length, 1);
});

test("who may not watch any more is told so; a busy server is asked again",
    async () => {
	const bench = new Bench({ watches: true });

	await bench.connect();
	bench.answers.push({ status: 503, retry_after: 1 });
	await bench.pass(40000);
	assert.equal(bench.states.at(-1), "connected");
	bench.answers.push({ status: 403, retry_after: 0 });
	await bench.pass(40000);
	assert.equal(bench.states.at(-1), "ended signed-out");
	await bench.pass(400000);
	assert.equal(bench.sockets.length, 1);
});

test("who types renews nothing", async () => {
	const bench = new Bench();

	await bench.connect();
	await bench.pass(200000);
	assert.equal(bench.asked, 1);
});

test("minutes that have begun count", () => {
	assert.deepEqual(hoursLeft(2 * 3600000), { h: 2, m: 0 });
	assert.deepEqual(hoursLeft(3600000 - 1), { h: 1, m: 0 });
	assert.deepEqual(hoursLeft(59 * 60000), { h: 0, m: 59 });
	assert.deepEqual(hoursLeft(1), { h: 0, m: 1 });
	assert.deepEqual(hoursLeft(-5), { h: 0, m: 0 });
});
