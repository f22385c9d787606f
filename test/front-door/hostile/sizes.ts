import { type Hostile, refused, TOKEN } from "./hostile";
import { type Place, say } from "./place";

const many = (count: number, line: string) => Array.from({ length: count }, (_, index) => `X-${index}: ${line}`);

export function sizes(place: Place): Hostile[] {
  const { folder, limit, form, arrives, readOnly } = place;
  const [page] = place.open;
  const post = (bytes: number) =>
    say(place, "POST", form.path, { lines: [`Content-Length: ${bytes}`], body: "x".repeat(bytes) });
  return [
    {
      name: "an address of 7000 characters",
      send: say(place, "GET", folder + "x".repeat(7000)),
      law: arrives(folder + "x".repeat(7000)),
    },
    { name: "an address of 9000", send: say(place, "GET", folder + "x".repeat(9000)), law: refused(414) },
    { name: "an address of 64 KB", send: say(place, "GET", folder + "x".repeat(65536)), law: refused(414) },
    {
      name: "a query of 9000",
      send: say(place, "GET", `${page.path}?sessionToken=${TOKEN}${"x".repeat(9000)}`),
      law: refused(414),
    },
    {
      name: "7000 slashes",
      send: say(place, "GET", "/".repeat(7000) + page.path.slice(1)),
      law: page.law(),
    },
    { name: "2000 ways up", send: say(place, "GET", folder + "../".repeat(2000)), law: refused(400) },
    {
      name: "a name with a hash of 4000 digits",
      send: say(place, "GET", `${folder}${"a".repeat(4000)}.js`),
      law: arrives(`${folder}${"a".repeat(4000)}.js`),
    },
    {
      name: "a name that nearly has a hash, often",
      send: say(place, "GET", `${folder}${".0123456789abcde".repeat(400)}`),
      law: arrives(`${folder}${".0123456789abcde".repeat(400)}`),
    },
    { name: "a method of 9000 characters", send: say(place, "G".repeat(9000), page.path), law: refused(414, 400) },
    {
      name: "a header of 9000",
      send: say(place, "GET", `/?sessionToken=${TOKEN}`, { lines: [`X: ${"x".repeat(9000)}`] }),
      law: refused(400),
    },
    {
      name: "a cookie of 40 KB",
      send: say(place, "GET", page.path, { lines: [`Cookie: ${TOKEN}${"x".repeat(40000)}`] }),
      law: refused(400),
    },
    {
      name: "a header's name of 9000",
      send: say(place, "GET", page.path, { lines: [`${"x".repeat(9000)}: y`] }),
      law: refused(400),
    },
    {
      name: "a Host of 9000",
      send: say(place, "GET", page.path, { host: `${"x".repeat(9000)}.example` }),
      law: refused(400),
    },
    {
      name: "a Host of 300",
      send: say(place, "GET", page.path, { host: `${"x".repeat(300)}.example` }),
      law: refused(421),
    },
    { name: "5000 headers", send: say(place, "GET", page.path, { lines: many(5000, "hostile") }), law: refused(400) },
    {
      name: "a header 200 times",
      send: say(place, "GET", page.path, { lines: Array(200).fill("X-Forwarded-For: hostile") }),
      law: page.law(),
    },
    { name: "a body of the limit", send: post(limit), law: form.law("POST", "x".repeat(limit)) },
    { name: "a body of one byte more", send: post(limit + 1), law: refused(413) },
    { name: "a body of much more", send: post(limit + (1 << 20)), law: refused(413) },
    {
      name: "a body of much more in chunks",
      send: say(place, "POST", form.path, {
        lines: ["Transfer-Encoding: chunked"],
        body: `${(limit + (1 << 20)).toString(16)}\r\n${"x".repeat(limit + (1 << 20))}\r\n0\r\n\r\n`,
      }),
      law: refused(413),
    },
    {
      name: "a body of 1 MB with a GET",
      send: say(place, "GET", readOnly.path, { lines: [`Content-Length: ${1 << 20}`], body: "x".repeat(1 << 20) }),
      law: refused(413),
    },
    {
      name: "HTTP where TLS is spoken",
      send: say(place, "GET", page.path),
      opening: { plain: true, port: 443 },
      law: refused(400),
    },
    {
      name: "TLS where HTTP is spoken",
      send: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
      opening: { plain: true },
      law: refused(400),
    },
    { name: "a mail", send: "EHLO evil.example\r\n", opening: { plain: true }, law: refused(400) },
    { name: "SSH", send: "SSH-2.0-OpenSSH_9.2\r\n", law: refused(400) },
    {
      name: "the word of a proxy",
      send: `PROXY TCP4 127.0.0.1 203.0.113.10 1 443\r\n${say(place, "GET", page.path)}`,
      law: refused(400),
    },
    { name: "HTTP/2 without being asked", send: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", law: refused(400, 505) },
  ];
}
