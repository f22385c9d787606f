import { API, CLIENT, HASHED, HOME, type Hostile, type Law, PROXY, reaches, refused, TOKEN } from "./hostile";
import { type Place, say } from "./place";
import { keptAgain, nearlyOpen, upAgain } from "./spellings";

/** Paths of a node, a proxy and their programs that are nobody's here. */
const closed = [
  ..."/bigbluebutton/api /bigbluebutton/api/create /bigbluebutton/api/getMeetings /bigbluebutton/api/hooks/create".split(
    " ",
  ),
  ..."/bigbluebutton/connection/checkAuthorization /bigbluebutton/presentation/x/upload /bigbluebutton/".split(" "),
  ...`${API}/ ${API}/create ${API}/getMeetings ${API}/end ${API}/join ${API}/enter ${API}/feedback/ ${API}/feedback/x`.split(
    " ",
  ),
  ...`${API}2 ${API}%20 ${API}%3f ${API}%23 ${API};x ${API}.. ${API}/..;/api/create ${API}/%2e%2e;/create`.split(" "),
  ..."/bbb-01 /bbb-01/ /bbb-01/graphql /bbb-01/v1/graphql /bbb-01/pad/ /bbb-01/presentation/ /bbb-01/nginx_status".split(
    " ",
  ),
  ..."/graphql /v1/graphql /pad/ /pad/p/x /b/ /rap/ /ws /bbb-webrtc-sfu /livekit/ /download/ /recording/ /playback/".split(
    " ",
  ),
  ..."/html5client/ /learning-analytics-dashboard/ /nginx_status /stub_status /server-status /api/rest/ /socket.io/".split(
    " ",
  ),
  ..."/index.html /away.html /%61way.html /html5client /robots.txt /.git/config /.env /.well-known/ /.well-known/security.txt".split(
    " ",
  ),
  ..."/etc/passwd //etc/passwd /var/log/nginx/access.log /proc/self/environ /bbb-cluster/ /routes/bbb-01.conf".split(
    " ",
  ),
  ..."/bbb-03/html5client/ /bbb-1/html5client/ /BBB-01/html5client/ /bbb-01/HTML5CLIENT/ /bbb-01.example.com/html5client/".split(
    " ",
  ),
  ..."/10.0.1.11/html5client/ /127.0.0.1:8480/ /https://bbb-01.example.com/ /http:/10.0.1.11/ /bbb_nodes/html5client/".split(
    " ",
  ),
  // A location without its slash (Orange Tsai, "Breaking Parser Logic"; gixy's alias_traversal).
  ..."/bbb-01/html5clientx /bbb-01/html5client. /bbb-01/html5client.. /bbb-01/html5client../ /bbb-01/html5client..%2f".split(
    " ",
  ),
  ..."/bbb-01/html5client../x /bbb-01/html5client;/ /bbb-01/html5client%20/ /bbb-01/html5client%5c".split(" "),
  ..."/.well-known/acme-challenge/../../index.html /.well-known/acme-challenge../index.html".split(" "),
];

/** Ways up from the folder, which are read before a location is chosen. */
const up = [
  ..."../ .. ..%2f %2e%2e/ %2e%2e%2f .%2e/ %2e./ ..%2F..%2Fetc/passwd ../../../../etc/passwd x/../../".split(" "),
  ..."../bigbluebutton/api/create ..%2fbigbluebutton%2fapi%2fcreate ../../bigbluebutton/api/create ./../ //../".split(
    " ",
  ),
  ..."%2e%2e/%2e%2e/bigbluebutton/api/getMeetings x/..%2f..%2fgraphql ../../pad/".split(" "),
  ...["../bigbluebutton/api/..%2fapi%2fcreate", `../?sessionToken=${TOKEN}`, "../#/bbb-01/html5client/"],
];

/** What is no path at all. */
const broken = [
  "%00",
  "x%00.js",
  "..%00/",
  "main.0123456789abcdef%00.js",
  "%zz",
  "%",
  "%2",
  "%u002e",
  "%%32%65",
  "x\0y",
  "x y",
  "x\ty",
];

/** What stays below the folder, as it is read behind the server: spelled out, or with an escape for what needs one. */
const kept: [string, string][] = [
  ["//", ""],
  ["/./", ""],
  ["./././", ""],
  ["x/..", ""],
  ["x//y", "x/y"],
  ["a%2fb", "a/b"],
  ["a%2Fb%2f", "a/b/"],
  ["x/%2e%2e/y", "y"],
  ["..x/", "..x/"],
  [".../", ".../"],
  ["..;/", "..;/"],
  ["..;x=1/bigbluebutton", "..;x=1/bigbluebutton"],
  [";/../x", "x"],
  ["x;jsessionid=1", "x;jsessionid=1"],
  ["..\\..\\etc", "..\\..\\etc"],
  ["..%5c..%5cetc", "..%5C..%5Cetc"],
  ["%252e%252e%252f", "%252e%252e%252f"],
  ["%25252e%25252e/", "%25252e%25252e/"],
  ["..%252fbigbluebutton", "..%252fbigbluebutton"],
  ["%c0%ae%c0%ae/", "%C0%AE%C0%AE/"],
  ["%e0%80%ae%e0%80%ae/", "%E0%80%AE%E0%80%AE/"],
  ["..%c0%af", "..%C0%AF"],
  ["%ef%bc%8e%ef%bc%8e/", "%EF%BC%8E%EF%BC%8E/"],
  ["x%0d%0aX-Injected:%20hostile", "x%0D%0AX-Injected:%20hostile"],
  ["x%0aX-Injected:hostile", "x%0AX-Injected:hostile"],
  ["x%20HTTP/1.1%0d%0aHost:%20evil.example%0d%0a%0d%0a", "x%20HTTP/1.1%0D%0AHost:%20evil.example%0D%0A%0D%0A"],
  ["x%3f../../y", "y"],
  ["x%3fy", "x%3Fy"],
  ["x%23y", "x%23y"],
  ["x?../../bigbluebutton/api/create", "x"],
  ["x#/../../", "x"],
  ["x#?y", "x"],
  [`?sessionToken=${TOKEN}`, ""],
  ["?x?y??", ""],
  ["%ff", "%FF"],
  ["%7f", "%7F"],
  ["<script>", "<script>"],
  ["$host", "$host"],
  ["<!--%23include%20file=/etc/passwd-->", "%3C!--%23include%20file=/etc/passwd--%3E"],
];

/** A name with a hash is passed on as it was read: nothing else than what such names are made of matches. */
const hashed: [string, string][] = [
  [`${HASHED}%0a`, `${HASHED}%0A`],
  [`${HASHED}%0d%0a`, `${HASHED}%0D%0A`],
  [`${HASHED}%0aHost:evil`, `${HASHED}%0AHost:evil`],
  [`${HASHED}%0d%0aX-Injected:%20hostile`, `${HASHED}%0D%0AX-Injected:%20hostile`],
  [`${CLIENT}%0a${HASHED}`, `${CLIENT}%0A${HASHED}`],
  [`${CLIENT}x%20HTTP/1.1%0d%0aX:.0123456789abcdef.js`, `${CLIENT}x%20HTTP/1.1%0D%0AX:.0123456789abcdef.js`],
  [`${CLIENT}x%3f.0123456789abcdef.js`, `${CLIENT}x%3F.0123456789abcdef.js`],
  [`${CLIENT}x%23.0123456789abcdef.js`, `${CLIENT}x%23.0123456789abcdef.js`],
  [`${CLIENT}x%25.0123456789abcdef.js`, `${CLIENT}x%25.0123456789abcdef.js`],
  [`${HASHED}%3f`, `${HASHED}%3F`],
  [`${HASHED}%23`, `${HASHED}%23`],
  [`${HASHED}%20`, `${HASHED}%20`],
  [`${HASHED}/`, `${HASHED}/`],
  [`${HASHED}/x`, `${HASHED}/x`],
  [`${HASHED};x`, `${HASHED};x`],
  [`${HASHED}?x=%0d%0aX-Injected:%20hostile`, HASHED],
  [`${CLIENT}x/..%2fmain.0123456789abcdef.js`, HASHED],
  [`${CLIENT}%6dain.0123456789abcdef.js`, HASHED],
];

/** Other ways to write what is open. */
const spelled: [string, Law][] = [
  ["//bbb-01/html5client/", reaches(CLIENT)],
  ["/bbb-01//html5client/", reaches(CLIENT)],
  ["/./bbb-01/./html5client/", reaches(CLIENT)],
  ["/pad/..//bbb-01/html5client/", reaches(CLIENT)],
  ["/../../bbb-01/html5client/", refused(400)],
  [`${CLIENT}../../`, HOME],
  [`${CLIENT}../..`, HOME],
  [`${CLIENT}..//../`, HOME],
  [`${CLIENT}%2e%2e%2f%2e%2e%2f`, HOME],
  [`${CLIENT}//../../`, HOME],
  ["/%62bb-01/html5client/", reaches(CLIENT)],
  ["/bbb-01%2fhtml5client/", reaches(CLIENT)],
  [`${CLIENT}../bigbluebutton/api?x=1`, reaches("/bigbluebutton/api")],
  [`${API}?name=x&checksum=y`, reaches("/bigbluebutton/api")],
  ["/bbb-01/bigbluebutton%2fapi", reaches("/bigbluebutton/api")],
  ["/bbb-01/html5client?next=//evil.example/", refused(301)],
  ["/bbb-01/html5client?%0d%0aX-Injected:%20hostile", refused(301)],
  [`${CLIENT}../html5client/x`, reaches(`${CLIENT}x`)],
  [`${CLIENT}x/../../html5client//y`, reaches(`${CLIENT}y`)],
  [`${CLIENT}../../bbb-01/html5client/%2e`, reaches(CLIENT)],
  ["//evil.example/..%2f..", refused(400, 404)],
  ["//evil.example/%2e%2e/bbb-01/html5client", refused(301)],
];

const get = (place: Place, target: string, law: Law): Hostile => ({
  name: `GET ${JSON.stringify(target)}`,
  send: say(place, "GET", target),
  law,
});

/** What begins with a query as it was written: whoever passes queries on passes it so. */
const queryOf = (name: string) => /^[^#?]*(\?[^#]*)/.exec(name)?.[1] ?? "";

/** What holds at every server; `opens` says which paths that are nobody's elsewhere are somebody's there. */
export function paths(place: Place, opens: (path: string) => boolean = () => false): Hostile[] {
  const { folder, arrives } = place;
  return [
    ...[...closed, ...nearlyOpen].filter((path) => !opens(path)).map((path) => get(place, path, refused(404))),
    ...[...up, ...upAgain].map((way) => get(place, `${folder}${way}`, refused(404, 400))),
    ...broken.map((name) => get(place, `${folder}${name}`, refused(400))),
    ...[...kept, ...keptAgain].map(([name, read]) =>
      get(place, `${folder}${name}`, arrives(`${folder}${read}${queryOf(name)}`)),
    ),
  ];
}

/** The proxy's own. */
export const proxyPaths: Hostile[] = [
  ...hashed.map(([name, read]) => get(PROXY, name, reaches(read))),
  ...spelled.map(([path, law]) => get(PROXY, path, law)),
];
