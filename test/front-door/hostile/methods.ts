import { type Hostile, refused } from "./hostile";
import { type Place, say } from "./place";
import { saidAgain } from "./spellings";

const methods = [
  ..."POST PUT DELETE PATCH OPTIONS TRACE CONNECT PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK SEARCH PURGE".split(
    " ",
  ),
  ..."TRACK DEBUG QUERY BAN HACK GETX PRI".split(" "),
];

/** What is no method. */
const broken = ["get", "Get", "GE T", "G\tET", "GET\0", "", "<script>", "GET\x0b", "\x16\x03\x01"];

/** What a client says about itself and about others, and nobody behind the server hears. */
const said = [
  ..."X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Forwarded-Port X-Forwarded-Prefix X-Forwarded-Server".split(
    " ",
  ),
  ..."X-Forwarded-Scheme X-Forwarded X-Forwarded-Ssl X-Forwarded-Path X-Forwarded-Uri X-Original-URL X-Original-Host".split(
    " ",
  ),
  ..."X-Original-URI X-Rewrite-URL X-Override-URL X-Host X-HTTP-Host-Override X-HTTP-Method-Override X-HTTP-Method".split(
    " ",
  ),
  ..."X-Method-Override X-Real-IP X-Client-IP X-Remote-IP X-Remote-Addr X-Originating-IP X-Cluster-Client-IP".split(
    " ",
  ),
  ..."X-ProxyUser-Ip True-Client-IP CF-Connecting-IP Client-IP Fastly-Client-IP Forwarded Via From Origin Referer".split(
    " ",
  ),
  ..."Authorization Proxy-Authorization Cookie Cookie2 Proxy Proxy-Connection Max-Forwards TE Trailer Pragma".split(
    " ",
  ),
  ..."X-Accel-Redirect X-Accel-Expires X-Accel-Internal X-Sendfile X-Cache-Control X-Wap-Profile X-Requested-With".split(
    " ",
  ),
  ..."Accept-Language Range If-Range Cache-Control Destination Translate X-Middleware-Subrequest".split(" "),
];

const upgrades = [
  ["websocket", "Upgrade: websocket", "Sec-WebSocket-Key: aG9zdGlsZWhvc3RpbGVoag==", "Sec-WebSocket-Version: 13"],
  ["h2c", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"],
  ["TLS/1.0", "Upgrade: TLS/1.0"],
  ["anything", "Upgrade: hostile/1"],
];

export function refusedMethods(place: Place): Hostile[] {
  const [{ path: page }] = place.open;
  return [
    ...place.methods.flatMap(({ path, open }) =>
      [...methods, "GET", "HEAD"]
        .filter((method) => !open.includes(method))
        .map((method) => ({
          name: `${method} ${path}`,
          send: say(place, method, path, { lines: ["Content-Length: 7"], body: "hostile" }),
          law: refused(...place.refusal),
        })),
    ),
    ...broken.map((method) => ({
      name: `${JSON.stringify(method)} as a method`,
      send: say(place, method, page),
      law: refused(400),
    })),
    ...["bbb-01.example.com:443", "127.0.0.1:8480"].map((target) => ({
      name: `CONNECT to ${target}`,
      send: say(place, "CONNECT", target),
      law: refused(400, 405),
    })),
    { name: "OPTIONS *", send: say(place, "OPTIONS", "*"), law: refused(400) },
  ];
}

export function unheard(place: Place): Hostile[] {
  return [...said, ...saidAgain].flatMap((header) =>
    place.open.map(({ path, law }) => ({
      name: `${header} at ${path}`,
      // Hop by hop by the client's word, too: neither it nor what the server says itself can be taken away so.
      send: say(place, "GET", path, {
        lines: [`${header}: hostile`, `Connection: ${header}, X-Forwarded-For, X-Forwarded-Proto`],
      }),
      law: law(),
    })),
  );
}

export function upgraded(place: Place): Hostile[] {
  return upgrades.flatMap(([name, ...lines]) =>
    place.open.map(({ path, law }) => ({
      name: `an upgrade to ${name} at ${path}`,
      send: say(place, "GET", path, { lines: ["Connection: Upgrade, HTTP2-Settings", ...lines] }),
      law: law(),
    })),
  );
}
