import { type Hostile, type Law, refused } from "./hostile";
import { paths } from "./paths";
import { type Open, type Place, say } from "./place";

const API = "/bigbluebutton/api";
const CALLBACK = "/bbblb/api/v1/callback";
const UPLOAD = "/bbblb/api/v1/recording/upload";
/** A recording's id, as BigBlueButton makes them. */
const RECORD = `${"0b9c".repeat(10)}-1790000000000`;
const RECORDING = `/playback/presentation/${RECORD}/metadata.xml`;
const reading = ["GET", "HEAD"];

/** BBBLB is asked for a path, as it is named here. */
function reaches(path: string, method = "GET", body = ""): Law {
  return { statuses: [200], reaches: [`bbblb ${method} ${path}`], body };
}

const open = (path: string): Open => ({ path, law: (method, body) => reaches(path, method, body) });

/** The load balancer, by a tenant's name: the API, what nodes say, and recordings. */
export const BALANCER: Place = {
  door: "moodle-api.example.com",
  open: [open(`${API}/getMeetings`), open(`${CALLBACK}/0b9c/end/x`)],
  // Beside it is BBBLB's management.
  folder: `${CALLBACK}/`,
  arrives: (path) => reaches(path),
  form: { path: `${API}/create`, law: (_, body) => reaches(`${API}/create`, "POST", body) },
  limit: 50 << 20,
  readOnly: { path: RECORDING, status: 403 },
  methods: [
    ...[`${API}/create`, API, `${CALLBACK}/0b9c/end/x`].map((path) => ({ path, open: [...reading, "POST"] })),
    { path: UPLOAD, open: ["POST"] },
    ...[RECORDING, `/presentation/${RECORD}/x.png`, "/playback/presentation/2.3/x.js"].map((path) => ({
      path,
      open: reading,
    })),
  ],
  refusal: [403, 405],
  home: refused(404),
  strangers: refused(404),
  others: ["bbb.example.com", "bbb-03.example.com", "x-api.example.com"],
};

/** BBBLB's management and the rest of it, PostgreSQL's and nginx's own. */
const management = [
  ..."/bbblb /bbblb/ /bbblb/api /bbblb/api/ /bbblb/api/v1 /bbblb/api/v1/ /bbblb/api/v2/callback/x".split(" "),
  ...["server", "server/bbb-01.example.com", "server/bbb-01.example.com/enable", "server/x/disable"].map(
    (path) => `/bbblb/api/v1/${path}`,
  ),
  ...["tenant", "tenant/moodle", "tenant/moodle/delete", "recording", "recording/"].map(
    (path) => `/bbblb/api/v1/${path}`,
  ),
  ...["recording/upload/", "recording/upload/x", "recording/import", "recording/auth/x", "recording/0b9c"].map(
    (path) => `/bbblb/api/v1/${path}`,
  ),
  ..."/bbblb/api/v1/callbacks/x /bbblb/api/v1/callback2 /BBBLB/api/v1/server /bbblb/API/v1/server".split(" "),
  ..."/bigbluebutton/api2 /bigbluebutton/apix/create /bigbluebutton /docs /openapi.json /redoc /metrics /health".split(
    " ",
  ),
  ..."/var/lib/bbblb/ /etc/bbblb/secret.env /recordings/storage/ /storage/ /inbox/ /failed/ /deleted/".split(" "),
].flatMap((path) => [path, `/${path}`, `/.${path}`]);

/** From what is open to the management beside it, or above all folders. */
const across = [
  ...["server", "tenant/moodle", "recording/auth/x"].flatMap((name) => [
    `${CALLBACK}/../${name}`,
    `${CALLBACK}/..%2f${name}`,
    `${CALLBACK}/%2e%2e/${name}`,
    `${CALLBACK}/x/../../${name}`,
    `${UPLOAD}/../../${name}`,
    `${UPLOAD}%2f..%2f..%2f${name}`,
    `${API}/../../bbblb/api/v1/${name}`,
    `${API}/..%2f..%2fbbblb/api/v1/${name}`,
    `/playback/../bbblb/api/v1/${name}`,
    `/playback%2f..%2fbbblb/api/v1/${name}`,
  ]),
];

/** Out of what is published: the folder beside it has what is not. */
const unpublished = [
  ...["/playback", "/presentation", "/playback/presentation", `/playback/presentation/${RECORD}`].flatMap((folder) =>
    [
      ..."../storage/canary.xml ..%2fstorage/canary.xml ../../storage/canary.xml ../../../bbblb/recordings/storage/canary.xml".split(
        " ",
      ),
      ..."%2e%2e/storage/canary.xml .%2e/storage/canary.xml x/../../storage/canary.xml ../../../../etc/bbblb/secret.env".split(
        " ",
      ),
      ..."..;/storage/canary.xml ..%5cstorage%5ccanary.xml ..%252fstorage/canary.xml ..%c0%afstorage/canary.xml".split(
        " ",
      ),
    ].map((way) => `${folder}/${way}`),
  ),
  // A location without its slash (Orange Tsai, "Breaking Parser Logic"; gixy's alias_traversal).
  ...["/playback", "/presentation", "/playback/presentation/2.3"].flatMap((folder) =>
    ["../storage/canary.xml", "..%2fstorage/canary.xml", "..", "x", "%2e%2e/storage/canary.xml"].map(
      (way) => `${folder}${way}`,
    ),
  ),
];

const get = (target: string, law: Law, host?: string): Hostile => ({
  name: `GET ${JSON.stringify(target)}${host ? ` of ${host}` : ""}`,
  send: say(BALANCER, "GET", target, host ? { host } : {}),
  law,
});

/** Whatever is spelled otherwise is read by nginx first, and BBBLB is asked for what was read. */
const spelled: [string, Law][] = [
  [CALLBACK, refused(301)],
  [`${CALLBACK}/../callback/x`, reaches(`${CALLBACK}/x`)],
  ["/bbblb/api/v1/server/../callback/x", reaches(`${CALLBACK}/x`)],
  ["/bbblb/api/v1/server/..%2fcallback%2fx", reaches(`${CALLBACK}/x`)],
  ["/bbblb/api/v1/server/%2e%2e/callback/x", reaches(`${CALLBACK}/x`)],
  [`/bbblb/api/v1/tenant/..//callback/x`, reaches(`${CALLBACK}/x`)],
  ["//bigbluebutton//api//create", reaches(`${API}/create`)],
  ["/bigbluebutton/api%2fcreate", reaches(`${API}/create`)],
  [`${API}?x=/../&checksum=%2e%2e`, reaches(`${API}?x=/../&checksum=%2e%2e`)],
  [`${API}/create?name=%0d%0aX-Injected:%20x`, reaches(`${API}/create?name=%0d%0aX-Injected:%20x`)],
];

const isOpen = (path: string) => /^\/(bigbluebutton\/api(\/|$)|playback\/)/.test(path);

export const balancerPaths: Hostile[] = [
  ...paths(BALANCER, isOpen),
  ...[...management, ...across].map((path) => get(path, refused(404))),
  ...unpublished.map((path) => get(path, refused(404, 403, 400))),
  ...["moodle-api.example.com", "greenlight-api.example.com", "bbb-lb.example.com"].map((host) =>
    get("/bbblb/api/v1/server", refused(404), host),
  ),
  ...spelled.map(([path, law]) => get(path, law)),
];
