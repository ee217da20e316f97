/*
 * What goes over a terminal's websocket: binary messages, the first byte is a
 * type (platform/lab/engine/labd.h; TAKEN is the bridge's own, see
 * platform/http/kore_bridge.h). Numbers have their big end first.
 */

export const FRAME = {
	TAKEN: 0x01,
	ATTACH: 0x10,
	INPUT: 0x20,
	RESIZE: 0x21,
	ALIVE: 0x22,
	RENEW: 0x23,
	OUTPUT: 0x30,
	REPLAY: 0x31,
	ENDED: 0x32,
	NEWS: 0x33,
	SIZE: 0x34,
};

/* Why a terminal ended: the byte of an ENDED. */
export const ENDED = ["shell", "box", "deadline", "idle", "ticket", "busy"];

/* Of one message; larger ones are refused on the way. */
export const INPUT_BYTES_MAX = 4096;

const CELLS_MAX = 1000;

function cells(n)
{
	return Math.min(CELLS_MAX, Math.max(1, Math.trunc(n) || 1));
}

function put16(bytes, at, n)
{
	new DataView(bytes.buffer).setUint16(at, n);
}

export function attach(ticket, rows, columns)
{
	const bytes = new Uint8Array(1 + ticket.length + 4);

	bytes[0] = FRAME.ATTACH;
	bytes.set(new TextEncoder().encode(ticket), 1);
	put16(bytes, 1 + ticket.length, cells(rows));
	put16(bytes, 3 + ticket.length, cells(columns));
	return bytes;
}

export function resize(rows, columns)
{
	const bytes = new Uint8Array(5);

	bytes[0] = FRAME.RESIZE;
	put16(bytes, 1, cells(rows));
	put16(bytes, 3, cells(columns));
	return bytes;
}

export function alive()
{
	return Uint8Array.of(FRAME.ALIVE);
}

export function renew(ticket)
{
	const bytes = new Uint8Array(1 + ticket.length);

	bytes[0] = FRAME.RENEW;
	bytes.set(new TextEncoder().encode(ticket), 1);
	return bytes;
}

export function taken(n)
{
	const bytes = new Uint8Array(5);

	bytes[0] = FRAME.TAKEN;
	new DataView(bytes.buffer).setUint32(1, n);
	return bytes;
}

/* Bytes to type, cut into messages. */
export function inputs(bytes)
{
	const messages = [];

	for (let at = 0; at < bytes.length; at += INPUT_BYTES_MAX) {
		const part = bytes.subarray(at, at + INPUT_BYTES_MAX);
		const message = new Uint8Array(1 + part.length);

		message[0] = FRAME.INPUT;
		message.set(part, 1);
		messages.push(message);
	}
	return messages;
}

/* {rows, columns} of a SIZE; null when it is none. */
export function sizeOf(payload)
{
	if (payload.length !== 4)
		return null;
	const view = new DataView(payload.buffer, payload.byteOffset, 4);

	return { rows: cells(view.getUint16(0)),
		columns: cells(view.getUint16(2)) };
}

/* {type, payload} of a message; type 0 for an empty one. */
export function read(buffer)
{
	const bytes = new Uint8Array(buffer);

	return { type: bytes[0] ?? 0, payload: bytes.subarray(1) };
}
