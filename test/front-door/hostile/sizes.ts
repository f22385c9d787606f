import { API, CLIENT, type Hostile, message, reaches, refused, TOKEN } from "./hostile";

const FEEDBACK = `${API}/feedback`;
const many = (count: number, line: string) => Array.from({ length: count }, (_, index) => `X-${index}: ${line}`);
const post = (bytes: number) => message("POST", FEEDBACK, [`Content-Length: ${bytes}`], "x".repeat(bytes));

export const sizes: Hostile[] = [
  {
    name: "an address of 7000 characters",
    send: message("GET", CLIENT + "x".repeat(7000)),
    law: reaches(CLIENT + "x".repeat(7000)),
  },
  { name: "an address of 9000", send: message("GET", CLIENT + "x".repeat(9000)), law: refused(414) },
  { name: "an address of 64 KB", send: message("GET", CLIENT + "x".repeat(65536)), law: refused(414) },
  {
    name: "a query of 9000",
    send: message("GET", `${CLIENT}?sessionToken=${TOKEN}${"x".repeat(9000)}`),
    law: refused(414),
  },
  {
    name: "7000 slashes",
    send: message("GET", `${"/".repeat(7000)}bbb-01/html5client/`),
    law: reaches(CLIENT),
  },
  { name: "2000 ways up", send: message("GET", CLIENT + "../".repeat(2000)), law: refused(400) },
  {
    name: "a name with a hash of 4000 digits",
    send: message("GET", `${CLIENT}${"a".repeat(4000)}.js`),
    law: reaches(`${CLIENT}${"a".repeat(4000)}.js`),
  },
  {
    name: "a name that nearly has a hash, often",
    send: message("GET", `${CLIENT}${".0123456789abcde".repeat(400)}`),
    law: reaches(`${CLIENT}${".0123456789abcde".repeat(400)}`),
  },
  { name: "a method of 9000 characters", send: message("G".repeat(9000), CLIENT), law: refused(414, 400) },
  {
    name: "a header of 9000",
    send: message("GET", `/?sessionToken=${TOKEN}`, [`X: ${"x".repeat(9000)}`]),
    law: refused(400),
  },
  {
    name: "a cookie of 40 KB",
    send: message("GET", CLIENT, [`Cookie: ${TOKEN}${"x".repeat(40000)}`]),
    law: refused(400),
  },
  { name: "a header's name of 9000", send: message("GET", CLIENT, [`${"x".repeat(9000)}: y`]), law: refused(400) },
  { name: "a Host of 9000", send: message("GET", CLIENT, [], "", `${"x".repeat(9000)}.example`), law: refused(400) },
  { name: "a Host of 300", send: message("GET", CLIENT, [], "", `${"x".repeat(300)}.example`), law: refused(421) },
  { name: "5000 headers", send: message("GET", CLIENT, many(5000, "hostile")), law: refused(400) },
  {
    name: "a header 200 times",
    send: message("GET", CLIENT, Array(200).fill("X-Forwarded-For: hostile")),
    law: reaches(CLIENT),
  },
  {
    name: "feedback of 64 KB",
    send: post(65536),
    law: reaches("/bigbluebutton/api/feedback", "POST", "x".repeat(65536)),
  },
  { name: "feedback of one byte more", send: post(65537), law: refused(413) },
  { name: "feedback of 1 MB", send: post(1 << 20), law: refused(413) },
  {
    name: "feedback of 1 MB in chunks",
    send: message("POST", FEEDBACK, ["Transfer-Encoding: chunked"], `100000\r\n${"x".repeat(1 << 20)}\r\n0\r\n\r\n`),
    law: refused(413),
  },
  {
    name: "a body of 1 MB with a GET",
    send: message("GET", CLIENT, [`Content-Length: ${1 << 20}`], "x".repeat(1 << 20)),
    law: refused(413),
  },
  {
    name: "HTTP where TLS is spoken",
    send: message("GET", CLIENT),
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
    send: `PROXY TCP4 127.0.0.1 203.0.113.10 1 443\r\n${message("GET", CLIENT)}`,
    law: refused(400),
  },
  { name: "HTTP/2 without being asked", send: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", law: refused(400, 505) },
];
