import { type Hostile, type Law, raw, refused, TOKEN } from "./hostile";
import { type Place, say } from "./place";

/** Addresses of others, of machines inside, of the way to the nodes, and spellings of them. */
const foreignHosts = ({ door, others }: Place) => [
  ..."evil.example localhost 127.0.0.1 127.0.0.1:8480 127.1 2130706433 0x7f000001 0177.0.0.1 [::1] [::ffff:127.0.0.1]".split(
    " ",
  ),
  ..."10.0.1.2 10.0.1.11 10.0.1.11:443 10.0.1.60 169.254.169.254 203.0.113.10 bbb bbb_nodes bbb_nodes:8480 _".split(
    " ",
  ),
  ...`bbb-01.example.com bbb-01.example.com:443 bbb-02.example.com example.com x.${door}`.split(" "),
  ...`${door}.evil.example evil${door} ${door}%2eevil.example $host ${door},evil ${door}\\x`.split(" "),
  ...others,
];

/** Names that are none. */
const brokenHosts = ({ door: DOOR }: Place) => [
  "",
  ".",
  "a b",
  `${DOOR}/x`,
  `${DOOR}/../`,
  DOOR.replace(".", ".."),
  `${DOOR}\0`,
  `\t${DOOR}\x01`,
];

/** The proxy's own name in other spellings; what reaches the node has the node's. */
const ownHosts = ({ door: DOOR }: Place) => [
  `${DOOR}.`,
  capital(DOOR),
  `${DOOR}:443`,
  `${DOOR}:8443`,
  `${DOOR}:@evil.example`,
  `${DOOR}:evil`,
];

/** To the own address over TLS. */
const redirected: Law = { statuses: [301], reaches: [] };

/** A name in another spelling. */
const capital = (door: string) => door.toUpperCase().replace("EXAMPLE", "Example");

const absolute = ({ door: DOOR, open: [{ path: CLIENT, law }], home: HOME }: Place): [string, Law, Law][] => [
  [`https://${DOOR}${CLIENT}`, law(), redirected],
  [`http://${DOOR}${CLIENT}`, law(), redirected],
  [`HTTP://${DOOR.toUpperCase()}${CLIENT}`, law(), redirected],
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
  [CLIENT.slice(1), refused(400), refused(400)],
  [`${DOOR}:443`, refused(400), refused(400)],
  ["?x", refused(400), refused(400)],
  ["\\\\evil.example\\x", refused(400), refused(400)],
  ["@evil.example/", refused(400), refused(400)],
];

const handshakes = ({ door: DOOR, others }: Place): [string, string][] => [
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
  ...others.map((other): [string, string] => [other, other]),
  ["250 characters", `${"a.".repeat(124)}bb`],
];

export function addresses(place: Place): Hostile[] {
  const { door: DOOR, strangers } = place;
  const [{ path: CLIENT, law }] = place.open;
  const page = law();
  const target = `${CLIENT}?sessionToken=${TOKEN}`;
  const queried = place.arrives(target);
  return [
    ...foreignHosts(place).flatMap((host) => [
      { name: `the right handshake and Host ${host}`, send: say(place, "GET", target, { host }), law: refused(421) },
      {
        name: `an absolute address at ${host}`,
        send: say(place, "GET", `https://${host}${CLIENT}`),
        law: refused(421, 400),
      },
      {
        name: `Host ${host} without TLS`,
        send: say(place, "GET", target, { host }),
        opening: { plain: true },
        law: strangers,
      },
    ]),
    ...brokenHosts(place).flatMap((host) => [
      { name: `Host ${JSON.stringify(host)}`, send: say(place, "GET", target, { host }), law: refused(400) },
      {
        name: `Host ${JSON.stringify(host)} without TLS`,
        send: say(place, "GET", target, { host }),
        opening: { plain: true },
        law: refused(400),
      },
    ]),
    ...ownHosts(place).map((host) => ({
      name: `Host ${host}`,
      send: say(place, "GET", target, { host }),
      law: queried,
    })),
    ...absolute(place).flatMap(([address, law, withoutTls]) => [
      { name: `the address ${address}`, send: say(place, "GET", address), law },
      {
        name: `the address ${address} without TLS`,
        send: say(place, "GET", address),
        opening: { plain: true },
        law: withoutTls,
      },
    ]),
    {
      name: "an own address with another's Host",
      send: say(place, "GET", `https://${DOOR}${CLIENT}`, { host: "evil.example" }),
      law: page,
    },
    { name: "two Hosts", send: say(place, "GET", target, { lines: ["Host: evil.example"] }), law: refused(400) },
    {
      name: "two Hosts, ours last",
      send: say(place, "GET", target, { lines: [`Host: ${DOOR}`], host: "evil.example" }),
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
      law: strangers,
    },
    { name: "HTTP/0.9", send: `GET ${CLIENT}\r\n`, law: refused() },
    { name: "HTTP/2.0 in HTTP/1", send: raw(`GET ${CLIENT} HTTP/2.0`, `Host: ${DOOR}`, "", ""), law: refused(505) },
    {
      name: "HTTP/9.9",
      send: raw(`GET ${CLIENT}?sessionToken=${TOKEN} HTTP/9.9`, `Host: ${DOOR}`, "", ""),
      law: refused(505),
    },
    ...handshakes(place).map(([name, servername]) => ({
      name: `a handshake with ${name}`,
      send: say(place, "GET", target),
      opening: { servername },
      law: refused(),
    })),
    ...[`${DOOR}.`, DOOR.toUpperCase()].map((servername) => ({
      name: `a handshake with ${servername}`,
      send: say(place, "GET", target),
      opening: { servername },
      law: queried,
    })),
  ];
}
