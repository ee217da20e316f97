/*
 * The answers of an exam on their way to the server: in order, one at a time,
 * again and again until the server says saved. No clock, no network, no page
 * of its own: they are given to it, so that its rules can be tested.
 *
 * An answer is saved when the server has answered 200 with the time of the
 * save; anything else is "not saved".
 */

export const STATE = { SAVING: "saving", SAVED: "saved", UNSAVED: "unsaved" };

/* What became of one try: see classify(). */
export const RESULT = {
	SAVED: "saved",
	RETRY: "retry", /* the network or the server, not the answer */
	REFUSED: "refused", /* the server said no to this answer */
	ENDED: "ended", /* the attempt is over */
};

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;
const GONE = 410;
const TRY_LATER = [408, 425, 429];

/* 1, 2, 4, … 30 seconds; what the server asks for when that is longer. */
export function backOff(failures, retryAfterSeconds = 0)
{
	const wait = Math.min(LONGEST_WAIT_MS,
	    FIRST_WAIT_MS * 2 ** Math.min(Math.max(failures - 1, 0), 10));

	return Math.max(wait, retryAfterSeconds * 1000);
}

/* The status and the JSON of an answer, null when it was none. */
export function classify(status, body)
{
	if (status === 200)
		return body !== null && Number.isFinite(body.saved_at) ?
		    RESULT.SAVED : RESULT.RETRY;
	if (status === GONE)
		return RESULT.ENDED;
	if (status >= 400 && status < 500 && !TRY_LATER.includes(status))
		return RESULT.REFUSED;
	return RESULT.RETRY;
}

/* application/x-www-form-urlencoded, in this order. */
export function encode(item)
{
	const fields = new URLSearchParams();

	fields.append("question", item.question);
	for (const choice of item.chosen)
		fields.append("chosen", choice);
	fields.append("client_key", item.key);
	return fields.toString();
}

/*
 * Puts an answer at the end. One to the same question that was never tried
 * gives way; one that was tried may have arrived, so it goes first, with its
 * own key, that the order of the two is certain.
 */
export function append(waiting, item)
{
	return waiting
		.filter((other) => other.question !== item.question ||
		    other.tries > 0)
		.concat(item);
}

/*
 * A refused answer goes behind the others, that these are not held up; it is
 * dropped when a newer one to the same question waits.
 */
export function setAside(waiting, item)
{
	const rest = waiting.filter((other) => other !== item);

	return rest.some((other) => other.question === item.question) ?
	    rest : rest.concat(item);
}

/* What the whole says: the worst of its questions. */
export function overall(states)
{
	const all = [...states];

	if (all.includes(STATE.UNSAVED))
		return STATE.UNSAVED;
	if (all.includes(STATE.SAVING))
		return STATE.SAVING;
	return all.includes(STATE.SAVED) ? STATE.SAVED : null;
}

export class SaveQueue {
	/*
	 * send(item): resolves to {result, saved_at, retry_after}, never
	 * rejects. later(f, ms): calls f once. newKey(): a new client key.
	 * changed(question, state, saved_at): to be shown. ended(): no more.
	 */
	constructor({ send, later, newKey, changed, ended })
	{
		Object.assign(this, { send, later, newKey, changed, ended });
		this.waiting = [];
		this.sending = null;
		this.failures = 0;
		this.timer = 0;
		this.paused = false;
		this.over = false;
		this.empty = []; /* who waits until all is saved */
	}

	get unsaved()
	{
		return this.waiting.length > 0;
	}

	/* chosen: the values of the choices. */
	add(question, chosen)
	{
		const item = { question, chosen, key: this.newKey(), tries: 0 };

		if (this.over)
			return;
		this.waiting = append(this.waiting, item);
		this.changed(question, this.hopeful(), 0);
		this.next();
	}

	/* Do not wait any longer: the network is back, or time is short. */
	hurry()
	{
		this.timer++; /* the running one does nothing */
		this.paused = false;
		this.next();
	}

	/* Resolves when nothing waits; at once if so. */
	whenEmpty()
	{
		return this.unsaved ?
		    new Promise((resolve) => this.empty.push(resolve)) :
		    Promise.resolve();
	}

	/* While tries fail, "saving" would be a promise. */
	hopeful()
	{
		return this.failures === 0 ? STATE.SAVING : STATE.UNSAVED;
	}

	next()
	{
		if (this.sending !== null || this.paused || this.over ||
		    !this.unsaved)
			return;
		const item = this.sending = this.waiting[0];

		item.tries++;
		this.changed(item.question, this.hopeful(), 0);
		this.send(item).then((answer) => this.finish(item, answer));
	}

	finish(item, answer)
	{
		this.sending = null;
		if (answer.result === RESULT.ENDED) {
			this.over = true;
			this.ended();
			return;
		}
		if (answer.result === RESULT.SAVED)
			this.saved(item, answer);
		else
			this.failed(item, answer);
		this.next();
	}

	saved(item, answer)
	{
		this.failures = 0;
		this.waiting = this.waiting.filter((other) => other !== item);
		if (!this.waiting.some(
		    (other) => other.question === item.question))
			this.changed(item.question, STATE.SAVED,
			    answer.saved_at);
		if (!this.unsaved)
			this.empty.splice(0).forEach((resolve) => resolve());
	}

	failed(item, answer)
	{
		const timer = ++this.timer;

		this.failures++;
		if (answer.result === RESULT.REFUSED)
			this.waiting = setAside(this.waiting, item);
		/* What waits behind it is not saved either. */
		if (answer.result === RESULT.RETRY)
			for (const other of this.waiting)
				this.changed(other.question, STATE.UNSAVED, 0);
		else if (this.waiting.includes(item))
			this.changed(item.question, STATE.UNSAVED, 0);
		/* Those that were not refused yet need not wait. */
		if (answer.result === RESULT.REFUSED &&
		    this.waiting.some((other) => other.tries === 0))
			return;
		this.paused = true;
		this.later(() => {
			if (timer === this.timer)
				this.hurry();
		}, backOff(this.failures, answer.retry_after ?? 0));
	}
}
