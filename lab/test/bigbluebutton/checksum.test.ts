import { expect, test } from "vitest";

import { python } from "./simulation";

const QUERY = "name=Test+Meeting&meetingID=abc";
const CASES = `
import json, sys
from bbb_web import checksum
everything = ["sha1", "sha256", "sha384", "sha512"]
print(json.dumps([checksum.valid(call, query, "top-secret", json.loads(supported) or everything)
                  for call, query, supported in json.loads(sys.argv[1])]))
`;
// printf '%s' 'createname=Test+Meeting&meetingID=abctop-secret' | sha1sum (sha256sum, …)
const SHA1 = "219c9df8307c6ecfa09a21951154c61f4c492372";
const SHA256 = "fb929af6bddca84badc0c0ade7539323624e5cb3e332723b76c08812e1e97b5b";
const SHA512 =
  "c4fba1f535f461f0f4c29d12ab8b3d612fb6ef04fef2a67a83d6b8e1b8e00e96167eae688fdd10d06300fd41f8310beeef683478cb22017e4152b89bb0b67369";

function valid(...cases: [call: string, query: string, supported?: string[]][]): unknown {
  return python(CASES, JSON.stringify(cases.map(([call, query, only]) => [call, query, JSON.stringify(only ?? [])])));
}

test("the algorithm is told by the checksum's length", () => {
  expect(
    valid(
      ["create", `${QUERY}&checksum=${SHA1}`],
      ["create", `${QUERY}&checksum=${SHA256}`],
      ["create", `${QUERY}&checksum=${SHA512}`],
    ),
  ).toEqual([true, true, true]);
});

test("the checksum may stand anywhere in the query string", () => {
  expect(
    valid(["create", `checksum=${SHA1}&${QUERY}`], ["create", `name=Test+Meeting&checksum=${SHA1}&meetingID=abc`]),
  ).toEqual([true, true]);
});

test("another call, another parameter, or no checksum at all is refused", () => {
  expect(
    valid(
      ["end", `${QUERY}&checksum=${SHA1}`],
      ["create", `${QUERY}d&checksum=${SHA1}`],
      ["create", QUERY],
      ["create", `${QUERY}&checksum=`],
      ["create", `${QUERY}&checksum=${SHA1.slice(1)}`],
    ),
  ).toEqual([false, false, false, false, false]);
});

test("an algorithm that the server does not support is refused", () => {
  expect(valid(["create", `${QUERY}&checksum=${SHA1}`, ["sha256"]])).toEqual([false]);
});
