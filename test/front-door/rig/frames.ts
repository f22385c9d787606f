import { exchange, type Opening } from "./wire";

/** One frame of HTTP/2, whatever is in it. */
export function frame(type: number, flags: number, stream: number, payload: Buffer | string = ""): Buffer {
  const body = typeof payload === "string" ? Buffer.from(payload, "latin1") : payload;
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

export const DATA = 0;
export const HEADERS = 1;
export const PRIORITY = 2;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PUSH_PROMISE = 5;
export const PING = 6;
export const GOAWAY = 7;
export const WINDOW_UPDATE = 8;
export const CONTINUATION = 9;

export const END_STREAM = 1;
export const END_HEADERS = 4;

/** Header fields as they are: no library checks them, and none is compressed. */
export function fields(...pairs: [name: string, value: string][]): Buffer {
  return Buffer.concat(pairs.map(([name, value]) => Buffer.concat([Buffer.from([0]), literal(name), literal(value)])));
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const length = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest >>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

const THE_LAST = "the last";
export const ALIVE = "alive";

/**
 * What came back, until everything was read and so many answers had come: statuses, one per answered stream, "reset"
 * and "goaway" with their codes, and whether the connection is good.
 */
export async function converse(frames: Buffer[], least = 1, opening: Opening = {}): Promise<string[]> {
  const start = [Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(SETTINGS, 0, 0)];
  const last = frame(PING, 0, 0, THE_LAST);
  const isEnough = (bytes: Buffer) => {
    const heard = saidBy(bytes);
    return heard.includes(ALIVE) && heard.length > least;
  };
  const { bytes } = await exchange(
    Buffer.concat([...start, ...frames, last]),
    { protocol: "h2", ...opening },
    isEnough,
  );
  return saidBy(bytes);
}

function saidBy(bytes: Buffer): string[] {
  return framesOf(bytes).flatMap(({ type, payload }) => {
    if (type === HEADERS) return [statusOf(payload)];
    if (type === RST_STREAM) return [`reset ${payload.readUInt32BE(0)}`];
    if (type === PING && payload.toString("latin1") === THE_LAST) return [ALIVE];
    return type === GOAWAY ? [`goaway ${payload.readUInt32BE(4)}`] : [];
  });
}

function framesOf(bytes: Buffer): { type: number; payload: Buffer }[] {
  const found = [];
  for (let at = 0; at + 9 <= bytes.length; ) {
    const length = bytes.readUIntBE(at, 3);
    if (at + 9 + length > bytes.length) break;
    found.push({ type: bytes.readUInt8(at + 3), payload: bytes.subarray(at + 9, at + 9 + length) });
    at += 9 + length;
  }
  return found;
}

/** nginx writes the status first, by its number in the static table or in three digits. */
function statusOf(block: Buffer): string {
  const known: Record<number, string> = { 8: "200", 9: "204", 10: "206", 11: "304", 12: "400", 13: "404", 14: "500" };
  const at = block[0] === 0x20 ? 1 : 0;
  const byte = block.readUInt8(at);
  return known[byte & 127] && byte & 128 ? `${known[byte & 127]}` : block.toString("latin1", at + 2, at + 5);
}
