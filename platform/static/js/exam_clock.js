/*
 * The time that is left, by the server's clock. The page's own clock may be
 * wrong by hours, so only its intervals are used, and the offset is taken
 * from the answer with the shortest round trip.
 */

export class ServerClock {
	/*
	 * now: the server's time in ms when it made the page; at: the
	 * interval clock in ms when the page's first byte came.
	 */
	constructor(now, at)
	{
		this.offset = now - at;
		/* Of the page: unknown, so that any measured one is better. */
		this.error = Infinity;
		this.doubtful = false;
	}

	/* The intervals may have been wrong: what is measured next counts. */
	doubt()
	{
		this.error = Infinity;
		this.doubtful = true;
	}

	/* now: what the server said between sent and received. */
	correct(now, sent, received)
	{
		const error = (received - sent) / 2;

		if (!Number.isFinite(now) || error < 0 || error > this.error)
			return;
		this.offset = now - (sent + received) / 2;
		this.error = error;
		this.doubtful = false;
	}

	/* The server's time at a time of the interval clock. */
	now(at)
	{
		return at + this.offset;
	}
}

/* Whole minutes and seconds, never below nothing. */
export function timeLeft(ms)
{
	const seconds = Math.max(0, Math.ceil(ms / 1000));

	return { m: Math.floor(seconds / 60), s: seconds % 60 };
}

/* "残り {m}分 {s}秒" */
export function fill(text, values)
{
	return text.replace(/\{([a-z]+)\}/g,
	    (whole, name) => name in values ? String(values[name]) : whole);
}

export const MARKS_MINUTES = [10, 5, 1];

/*
 * The mark that was passed between two looks, in minutes; the smallest when
 * it was several, as after sleep; null for none.
 */
export function markPassed(before, after)
{
	const passed = MARKS_MINUTES.filter((minutes) =>
	    before > minutes * 60000 && after <= minutes * 60000 && after > 0);

	return passed.length > 0 ? Math.min(...passed) : null;
}

/*
 * True if the machine slept: intervals stand still in sleep with some
 * browsers, the wall clock does not. Also when somebody set the clock.
 */
export function hasSlept(interval_ms, wall_ms)
{
	return Math.abs(wall_ms - interval_ms) > 3000;
}
