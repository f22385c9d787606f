import { CLIENT, DOOR, HOME, type Hostile, type Law, message, raw, reaches, refused, TOKEN } from "./hostile";

/** Addresses of others, of machines inside, of the way to the nodes, and spellings of them. */
const foreignHosts = [
  ..."evil.example localhost 127.0.0.1 127.0.0.1:8480 127.1 2130706433 0x7f000001 0177.0.0.1 [::1] [::ffff:127.0.0.1]".split(
    " ",
  ),
  ..."10.0.1.2 10.0.1.11 10.0.1.11:443 10.0.1.60 169.254.169.254 203.0.113.10 bbb bbb_nodes bbb_nodes:8480 _".split(
    " ",
  ),
  ..."bbb-01.example.com bbb-01.example.com:443 bbb-02.example.com example.com x.bbb.example.com".split(" "),
  ..."bbb.example.com.evil.example evilbbb.example.com bbb.example.com%2eevil.example $host bbb.example.com,evil bbb.example.com\\x".split(
    " ",
  ),
];

/** Names that are none. */
const brokenHosts = ["", ".", "a b", `${DOOR}/x`, `${DOOR}/../`, "bbb..example.com", `${DOOR}\0`, `\t${DOOR}\x01`];

/** The proxy's own name in other spellings; what reaches the node has the node's. */
const ownHosts = [
  `${DOOR}.`,
  "BBB.Example.COM",
  `${DOOR}:443`,
  `${DOOR}:8443`,
  `${DOOR}:@evil.example`,
  `${DOOR}:evil`,
];

const page = reaches(CLIENT);
const target = `${CLIENT}?sessionToken=${TOKEN}`;
/** To the proxy's own address over TLS, whatever was said. */
const redirected: Law = { statuses: [301], reaches: [] };

const absolute: [string, Law, Law][] = [
  [`https://${DOOR}${CLIENT}`, page, redirected],
  [`http://${DOOR}${CLIENT}`, page, redirected],
  [`HTTP://BBB.EXAMPLE.COM${CLIENT}`, page, redirected],
  [`https://${DOOR}`, HOME, redirected],
  [`https://${DOOR}?sessionToken=${TOKEN}`, HOME, redirected],
  [`gopher://${DOOR}/`, HOME, redirected],
  [`http://user@${DOOR}/`, refused(400), refused(400)],
  [`http://${DOOR}:80@evil.example/`, refused(400), refused(400)],
  [`http://${DOOR}\\@evil.example/`, refused(400), refused(400)],
  ["http:///etc/passwd", refused(400), refused(400)],
  ["file:///etc/passwd", refused(400), refused(400)],
  ["http:/evil.example/", refused(400), refused(400)],
  ["*", refused(400), refused(400)],
  ["bbb-01/html5client/", refused(400), refused(400)],
  [`${DOOR}:443`, refused(400), refused(400)],
  ["?x", refused(400), refused(400)],
  ["\\\\evil.example\\x", refused(400), refused(400)],
  ["@evil.example/", refused(400), refused(400)],
];

const handshakes: [string, string][] = [
  ["no name", ""],
  ["an address", "203.0.113.10"],
  ["a node's address", "10.0.1.11"],
  ["another's name", "evil.example"],
  ["a node's name", "bbb-01.example.com"],
  ["a name below", `x.${DOOR}`],
  ["a name above", "example.com"],
  ["a longer name", `${DOOR}.evil.example`],
  ["every name", "*.example.com"],
  ["a path", `${DOOR}/`],
  ["250 characters", `${"a.".repeat(124)}bb`],
];

export const addresses: Hostile[] = [
  ...foreignHosts.flatMap((host) => [
    { name: `the right handshake and Host ${host}`, send: message("GET", target, [], "", host), law: refused(421) },
    {
      name: `an absolute address at ${host}`,
      send: message("GET", `https://${host}${CLIENT}`),
      law: refused(421, 400),
    },
    {
      name: `Host ${host} without TLS`,
      send: message("GET", target, [], "", host),
      opening: { plain: true },
      law: redirected,
    },
  ]),
  ...brokenHosts.flatMap((host) => [
    { name: `Host ${JSON.stringify(host)}`, send: message("GET", target, [], "", host), law: refused(400) },
    {
      name: `Host ${JSON.stringify(host)} without TLS`,
      send: message("GET", target, [], "", host),
      opening: { plain: true },
      law: refused(400),
    },
  ]),
  ...ownHosts.map((host) => ({ name: `Host ${host}`, send: message("GET", target, [], "", host), law: page })),
  ...absolute.flatMap(([address, law, withoutTls]) => [
    { name: `the address ${address}`, send: message("GET", address), law },
    {
      name: `the address ${address} without TLS`,
      send: message("GET", address),
      opening: { plain: true },
      law: withoutTls,
    },
  ]),
  {
    name: "an own address with another's Host",
    send: message("GET", `https://${DOOR}${CLIENT}`, [], "", "evil.example"),
    law: page,
  },
  { name: "two Hosts", send: message("GET", target, ["Host: evil.example"]), law: refused(400) },
  {
    name: "two Hosts, ours last",
    send: message("GET", target, [`Host: ${DOOR}`], "", "evil.example"),
    law: refused(400, 421),
  },
  {
    name: "a Host on a line that goes on",
    send: raw(`GET ${CLIENT} HTTP/1.1`, "Host: evil.example", ` ${DOOR}`, "", ""),
    law: refused(400, 421),
  },
  {
    name: "a Host with a space before its colon",
    send: raw(`GET ${CLIENT} HTTP/1.1`, `Host : ${DOOR}`, "", ""),
    law: refused(400),
  },
  { name: "HTTP/1.1 without Host", send: raw(`GET ${CLIENT} HTTP/1.1`, "", ""), law: refused(400, 421) },
  { name: "HTTP/1.0 without Host", send: raw(`GET ${CLIENT} HTTP/1.0`, "", ""), law: refused(421) },
  {
    name: "HTTP/1.0 without Host, without TLS",
    send: raw(`GET ${CLIENT} HTTP/1.0`, "", ""),
    opening: { plain: true },
    law: redirected,
  },
  { name: "HTTP/0.9", send: `GET ${CLIENT}\r\n`, law: refused() },
  { name: "HTTP/2.0 in HTTP/1", send: raw(`GET ${CLIENT} HTTP/2.0`, `Host: ${DOOR}`, "", ""), law: refused(505) },
  {
    name: "HTTP/9.9",
    send: raw(`GET ${CLIENT}?sessionToken=${TOKEN} HTTP/9.9`, `Host: ${DOOR}`, "", ""),
    law: refused(505),
  },
  ...handshakes.map(([name, servername]) => ({
    name: `a handshake with ${name}`,
    send: message("GET", target),
    opening: { servername },
    law: refused(),
  })),
  ...[`${DOOR}.`, "BBB.EXAMPLE.COM"].map((servername) => ({
    name: `a handshake with ${servername}`,
    send: message("GET", target),
    opening: { servername },
    law: page,
  })),
];
