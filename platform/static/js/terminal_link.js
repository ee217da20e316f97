/*
 * A terminal's connection: gets a ticket, attaches, comes back by itself after
 * a cut, and says what it is doing. No page and no screen of its own; network
 * and clock are given to it, so that its rules can be tested.
 *
 *   idle ─▶ connecting ─▶ connected ─▶ (cut) reconnecting ─▶ connected …
 *                                  └▶ ended: why
 *
 * Typed bytes go out in pieces while the socket's buffer has room. What could
 * not be sent before a cut is dropped: nobody knows how much of it arrived.
 */
import { backOff } from "./exam_queue.js";
import { ENDED, FRAME, alive, attach, inputs, read, renew, resize, sizeOf,
	taken } from "./terminal_frames.js";

export const STATE = {
	CONNECTING: "connecting",
	CONNECTED: "connected",
	RECONNECTING: "reconnecting",
	ENDED: "ended",
};

const ALIVE_MS = 20000;
const RENEW_MS = 40000; /* of who watches: LABD_WATCH_SECONDS is more */
const OPEN_MS = 15000; /* until something was heard */
const BUFFER_MAX = 16384; /* bytes in the socket before more is given to it */
const PUMP_MS = 30;
const PENDING_MAX = 4 * 1024 * 1024; /* typed and not sent */
const TAKEN_STEP = 32768;

/* What the server's answer to the question for a ticket means. */
export function judge(status)
{
	if (status === 200)
		return "ok";
	if (status === 401 || status === 403)
		return "signed-out";
	/* No box, another draw, no such lab any more. */
	if (status === 404 || status === 409 || status === 410)
		return "gone";
	return "later";
}

export class TerminalLink {
	/*
	 * ticket(): resolves to {status, ticket, retry_after}, never rejects.
	 * connect(): a WebSocket or the like. size(): {rows, columns}.
	 * later(f, ms): calls f once. state(name, why): to be shown.
	 * output(bytes, done), replay(bytes, done): for the screen, which
	 * calls done when it has dealt with them. watches: nothing is typed,
	 * and the right to see is renewed; sized({rows, columns}): the screen's
	 * size is the other side's. news(watchers): so many watch now, and
	 * there may be something new on the server.
	 */
	constructor({ ticket, connect, size, later, state, output, replay,
		watches = false, sized = () => {}, news = () => {} })
	{
		Object.assign(this, { ticket, connect, size, later, output,
			replay, watches, sized, news });
		this.tell = state;
		this.state = null;
		this.socket = null;
		this.failures = 0;
		this.round = 0; /* what is of an earlier one is ignored */
		this.pending = [];
		this.pendingBytes = 0;
		this.untold = 0;
		this.pumping = false;
	}

	become(state, why = null)
	{
		if (state === this.state && why === null)
			return;
		this.state = state;
		this.tell(state, why);
	}

	/* Begins, or begins again after an end. */
	async open()
	{
		const round = ++this.round;

		this.become(this.failures > 0 || this.state === STATE.CONNECTED ||
		    this.state === STATE.RECONNECTING ?
		    STATE.RECONNECTING : STATE.CONNECTING);
		const answer = await this.ticket();

		if (round !== this.round)
			return;
		const verdict = judge(answer.status);

		if (verdict === "ok")
			this.attach(round, answer.ticket);
		else if (verdict === "later")
			this.again(answer.retry_after);
		else
			this.end(verdict);
	}

	attach(round, ticket)
	{
		const socket = this.connect();
		let heard = false;

		this.socket = socket;
		socket.binaryType = "arraybuffer";
		socket.onopen = () => {
			const { rows, columns } = this.size();

			socket.send(attach(ticket, rows, columns));
		};
		socket.onmessage = (event) => {
			if (round !== this.round)
				return;
			heard = true;
			this.take(read(event.data));
		};
		socket.onclose = () => {
			if (round === this.round)
				this.again(0);
		};
		this.later(() => {
			if (round === this.round && !heard)
				this.cut();
		}, OPEN_MS);
		this.keepAlive(round);
		if (this.watches)
			this.keepWatching(round);
	}

	/* Whoever may not watch any more gets no other ticket. */
	keepWatching(round)
	{
		this.later(async () => {
			if (round !== this.round)
				return;
			const { status, ticket } = await this.ticket();
			const verdict = judge(status);

			if (round !== this.round)
				return;
			if (verdict === "ok")
				this.send(renew(ticket));
			else if (verdict !== "later")
				this.end(verdict);
			if (round === this.round)
				this.keepWatching(round);
		}, RENEW_MS);
	}

	keepAlive(round)
	{
		this.later(() => {
			if (round !== this.round)
				return;
			this.send(alive());
			this.keepAlive(round);
		}, ALIVE_MS);
	}

	/* Gives this connection up and tries another. */
	cut()
	{
		this.drop();
		this.again(0);
	}

	drop()
	{
		const socket = this.socket;

		this.round++;
		this.socket = null;
		this.pending = [];
		this.pendingBytes = 0;
		this.untold = 0;
		if (socket !== null)
			socket.close();
	}

	again(retryAfter)
	{
		this.drop();
		this.failures++;
		this.become(STATE.RECONNECTING);
		const round = this.round;

		this.later(() => {
			if (round === this.round)
				this.open();
		}, backOff(this.failures, retryAfter));
	}

	/* The network is back, or somebody looks again: do not wait. */
	hurry()
	{
		if (this.state === STATE.RECONNECTING && this.socket === null)
			this.open();
	}

	end(why)
	{
		this.drop();
		this.failures = 0;
		this.become(STATE.ENDED, why);
	}

	/* --------------------------------------------------------- messages */

	take({ type, payload })
	{
		if (type === FRAME.ENDED) {
			const why = ENDED[payload[0]] ?? "box";

			/* A ticket that came too late: another one. */
			if (why === "ticket")
				this.cut();
			else
				this.end(why);
			return;
		}
		if (type === FRAME.NEWS || type === FRAME.SIZE)
			this.takeWord(type, payload);
		if (type !== FRAME.OUTPUT && type !== FRAME.REPLAY)
			return;
		const round = this.round;
		const show = type === FRAME.REPLAY ? this.replay : this.output;

		this.failures = 0;
		this.become(STATE.CONNECTED);
		show(payload, () => {
			if (round === this.round)
				this.dealt(payload.length + 1);
		});
	}

	/* What is for the page, not for the screen. */
	takeWord(type, payload)
	{
		const size = type === FRAME.SIZE ? sizeOf(payload) : null;

		if (size !== null)
			this.sized(size);
		if (type === FRAME.NEWS && payload.length === 1)
			this.news(payload[0]);
		this.dealt(payload.length + 1);
	}

	/* The other side sends so much more, and no more than that. */
	dealt(n)
	{
		this.untold += n;
		if (this.untold < TAKEN_STEP)
			return;
		this.send(taken(this.untold));
		this.untold = 0;
	}

	send(message)
	{
		if (this.socket?.readyState === 1)
			this.socket.send(message);
	}

	resize(rows, columns)
	{
		this.send(resize(rows, columns));
	}

	/* False: it is not connected, or far too much waits already. */
	type(bytes)
	{
		if (this.state !== STATE.CONNECTED ||
		    this.pendingBytes + bytes.length > PENDING_MAX)
			return false;
		this.pending.push(...inputs(bytes));
		this.pendingBytes += bytes.length;
		this.pump();
		return true;
	}

	pump()
	{
		while (this.pending.length > 0 &&
		    this.socket?.readyState === 1 &&
		    this.socket.bufferedAmount < BUFFER_MAX) {
			const message = this.pending.shift();

			this.pendingBytes -= message.length - 1;
			this.socket.send(message);
		}
		if (this.pending.length === 0 || this.pumping)
			return;
		this.pumping = true;
		this.later(() => {
			this.pumping = false;
			this.pump();
		}, PUMP_MS);
	}
}
