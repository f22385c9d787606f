import * as http2 from "../rig/frames";
import type { Place } from "./place";
import { ask, type HostileFrames, pseudoOf, WHOLE } from "./streams";

const ping = http2.frame(http2.PING, 0, 0, "hostile!");
const times = (count: number, frame: Buffer) => Array<Buffer>(count).fill(frame);

function sentTo(place: Place): [name: string, frames: Buffer[], answer: string | null, reaches?: string[]][] {
  const pseudo = pseudoOf(place);
  const PAGE = place.open[0].law().reaches;
  const block = http2.fields(...pseudo());
  const begun = http2.frame(http2.HEADERS, http2.END_STREAM, 1, block.subarray(0, 20));
  const rest = (stream: number) => http2.frame(http2.CONTINUATION, http2.END_HEADERS, stream, block.subarray(20));
  return [
    ["a request in two frames", [begun, rest(1)], "200", PAGE],
    ["the rest of a request in another stream", [begun, rest(3)], "goaway 1"],
    ["the rest of nothing", [rest(1)], "goaway 1"],
    ["a request that is interrupted", [begun, ping, rest(1)], "goaway 1"],
    [
      "a request and 2000 times nothing more",
      [begun, ...times(2000, http2.frame(http2.CONTINUATION, 0, 1)), rest(1)],
      "200",
      PAGE,
    ],
    [
      "a request and 200 KB more",
      [
        http2.frame(http2.HEADERS, http2.END_STREAM, 1, block),
        ...times(200, http2.frame(http2.CONTINUATION, 0, 1, http2.fields(["x", "y".repeat(1000)]))),
      ],
      "goaway 11",
    ],
    [
      "one field of 4 KB and 5000 times its number",
      [
        http2.frame(
          http2.HEADERS,
          WHOLE,
          1,
          Buffer.concat([
            block,
            Buffer.from([0x40, 1, 0x78, 0x7f, 0xa1, 0x1e]),
            Buffer.alloc(4000, 0x79),
            Buffer.alloc(5000, 0xbe),
          ]),
        ),
      ],
      "goaway 11",
    ],
    ["fields that are nonsense", [http2.frame(http2.HEADERS, WHOLE, 1, Buffer.alloc(100, 0xff))], "goaway 9"],
    [
      "a field longer than any number",
      [http2.frame(http2.HEADERS, WHOLE, 1, Buffer.from([0, 0x7f, ...Array(6).fill(0xff), 0x7f]))],
      "goaway 9",
    ],
    ["a stream of the server's", [ask(pseudo(), 2)], "goaway 1"],
    ["stream 0", [ask(pseudo(), 0)], "goaway 1"],
    ["a body without a request", [http2.frame(http2.DATA, http2.END_STREAM, 1, "hostile")], null],
    ["a promise", [http2.frame(http2.PUSH_PROMISE, http2.END_HEADERS, 1, block)], "goaway 1"],
    ["a frame that is too long", [http2.frame(http2.HEADERS, http2.END_HEADERS, 1, Buffer.alloc(20000))], "goaway 1"],
    ["settings of five bytes", [http2.frame(http2.SETTINGS, 0, 0, "12345")], "goaway 6"],
    ["settings of a stream", [http2.frame(http2.SETTINGS, 0, 1)], "goaway 1"],
    ["a window of nothing more", [http2.frame(http2.WINDOW_UPDATE, 0, 0, "\0\0\0\0")], "goaway 1"],
    ["a window of too much", [http2.frame(http2.WINDOW_UPDATE, 0, 0, "\x7f\xff\xff\xff")], "goaway 3"],
    ["a stream that waits for itself", [http2.frame(http2.PRIORITY, 0, 1, "\0\0\0\x01\x10")], "goaway 1"],
    ["a frame of an unknown kind", [http2.frame(99, 255, 1, "hostile"), ask(pseudo())], "200", PAGE],
    ["a body of no stream", [http2.frame(http2.DATA, 0, 0, "hostile")], "goaway 1"],
    ["a window of half the numbers", [http2.frame(http2.SETTINGS, 0, 0, "\0\x04\x80\0\0\0")], "goaway 3"],
    ["frames of less than all must take", [http2.frame(http2.SETTINGS, 0, 0, "\0\x05\0\0\x3f\xff")], "goaway 1"],
    ["frames of more than any may send", [http2.frame(http2.SETTINGS, 0, 0, "\0\x05\x01\0\0\0")], "goaway 1"],
    ["a ping of seven bytes", [http2.frame(http2.PING, 0, 0, "hostile")], "goaway 6"],
    ["a window of three bytes", [http2.frame(http2.WINDOW_UPDATE, 0, 0, "\0\0\x01")], "goaway 6"],
    ["three bytes that take back", [http2.frame(http2.RST_STREAM, 0, 1, "\0\0\x08")], "goaway 6"],
    ["no stream taken back", [http2.frame(http2.RST_STREAM, 0, 0, "\0\0\0\x08")], "goaway 1"],
    ["a priority of four bytes", [http2.frame(http2.PRIORITY, 0, 1, "\0\0\0\0")], "goaway 6"],
    ["more padding than frame", [http2.frame(http2.HEADERS, WHOLE | 8, 1, "\xffhostile")], "goaway 1"],
    ["field number 0", [http2.frame(http2.HEADERS, WHOLE, 1, "\x80")], "goaway 9"],
    ["a field that nobody has said", [http2.frame(http2.HEADERS, WHOLE, 1, "\xff\x80\x01")], "goaway 9"],
    ["a table of 4 GB", [http2.frame(http2.HEADERS, WHOLE, 1, "\x3f\xe1\xff\xff\xff\x0f")], "goaway 9"],
    ["2000 pings", times(2000, ping), null],
    ["2000 settings", times(2000, http2.frame(http2.SETTINGS, 0, 0)), null],
  ];
}

export function frames(place: Place): HostileFrames[] {
  return sentTo(place).map(([name, frames, answer, reaches = []]) => ({ name, frames, answer, reaches }));
}

/** Requests that are taken back at once (CVE-2023-44487). */
export function takenBack(place: Place): Buffer[] {
  const pseudo = pseudoOf(place);
  return Array.from({ length: 1000 }, (_, index) => index * 2 + 1).flatMap((stream) => [
    ask(pseudo(), stream),
    http2.frame(http2.RST_STREAM, 0, stream, "\0\0\0\x08"),
  ]);
}
