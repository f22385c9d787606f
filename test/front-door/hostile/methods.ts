import { API, CLIENT, HASHED, type Hostile, message, reaches, refused } from "./hostile";

const methods = [
  ..."POST PUT DELETE PATCH OPTIONS TRACE CONNECT PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK SEARCH PURGE".split(
    " ",
  ),
  ..."TRACK DEBUG QUERY BAN HACK GETX PRI".split(" "),
];

/** What is no method. */
const broken = ["get", "Get", "GE T", "G\tET", "GET\0", "", "<script>", "GET\x0b", "\x16\x03\x01"];

/** What a client says about itself and about others, and no node hears. */
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

const open = [
  { path: CLIENT, law: reaches(CLIENT) },
  { path: HASHED, law: reaches(HASHED) },
  { path: API, law: reaches("/bigbluebutton/api") },
];

export const refusedMethods: Hostile[] = [
  ...[CLIENT, HASHED, API, `${API}/feedback`].flatMap((path) =>
    [...methods, "GET", "HEAD"]
      .filter((method) => (path.endsWith("feedback") ? method !== "POST" : method !== "GET" && method !== "HEAD"))
      .map((method) => ({
        name: `${method} ${path}`,
        send: message(method, path, ["Content-Length: 7"], "hostile"),
        law: refused(405),
      })),
  ),
  ...broken.map((method) => ({
    name: `${JSON.stringify(method)} as a method`,
    send: message(method, CLIENT),
    law: refused(400),
  })),
  { name: "CONNECT to a node", send: message("CONNECT", "bbb-01.example.com:443"), law: refused(400, 405) },
  { name: "CONNECT to the way to the nodes", send: message("CONNECT", "127.0.0.1:8480"), law: refused(400, 405) },
  { name: "OPTIONS *", send: message("OPTIONS", "*"), law: refused(400) },
];

export const unheard: Hostile[] = said.flatMap((header) =>
  [CLIENT, API].map((path) => ({
    name: `${header} at ${path}`,
    // Hop by hop by the client's word, too: neither it nor what the proxy says itself can be taken away so.
    send: message("GET", path, [`${header}: hostile`, `Connection: ${header}, X-Forwarded-For, X-Forwarded-Proto`]),
    law: reaches(path === API ? "/bigbluebutton/api" : path),
  })),
);

export const upgraded: Hostile[] = upgrades.flatMap(([name, ...lines]) =>
  open.map(({ path, law }) => ({
    name: `an upgrade to ${name} at ${path}`,
    send: message("GET", path, ["Connection: Upgrade, HTTP2-Settings", ...lines]),
    law,
  })),
);
