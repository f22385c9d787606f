import { type Check, seen } from "../check";
import { isClient } from "../client";
import type { ClusterNode, ClusterOrigin } from "../cluster";
import { type Features, where } from "../release";
import { text } from "../request";
import { Attendance } from "./attendance";
import { guestCheck } from "./guest";
import { endAfterOthers, joinCheck } from "./life";
import { livekitCheck, sfuCheck, sipCheck } from "./media";
import { Meetings } from "./meetings";
import { etherpadCheck, sharedNotesCheck } from "./notes";
import { closedSlidesCheck, slidesCheck, uploadCheck } from "./slides";

/** What a user does in a meeting on a node, by the addresses that the node's settings give; the last check ends the meeting. */
export function sessionChecks(
  cluster: ClusterOrigin,
  node: ClusterNode,
  features: Features,
  meetings = new Meetings(),
): Check[] {
  const stay = new Attendance(node, features, meetings);
  return endAfterOthers(node, stay, [
    joinCheck(cluster, node, stay, features),
    settingsCheck(node, stay),
    meetingCheck(node, stay),
    basenameCheck(cluster, node, stay, features),
    webBaseCheck(node, stay, features),
    storageCheck(node, stay),
    stunCheck(node, stay),
    dashboardCheck(node, stay),
    ...where(known(features.guardedSlides), slidesCheck(node, stay, features)),
    ...where(features.guardedSlides, closedSlidesCheck(node, stay)),
    uploadCheck(node, stay),
    sfuCheck(node, stay),
    ...where(features.sip, sipCheck(node, stay)),
    ...where(features.livekit, livekitCheck(node, stay, features)),
    ...where(features.etherpad || features.etherpadOptional, etherpadCheck(node, stay, features)),
    ...where(features.blockNote, sharedNotesCheck(node, stay)),
    ...where(features.meteor, guestCheck(node, stay)),
  ]);
}

/** True where it is known whether there is a feature. */
function known(feature: boolean | undefined): true | undefined {
  return feature === undefined ? undefined : true;
}

function settingsCheck({ name, hostname }: ClusterNode, stay: Attendance): Check {
  return {
    name: `${name}: the client's settings`,
    expected: `told by ${hostname} to a page of the proxy with its cookie`,
    async run() {
      return `release ${(await stay.settings()).text("public.app.html5ClientBuild")}`;
    },
  };
}

function meetingCheck({ name, hostname }: ClusterNode, stay: Attendance): Check {
  return {
    name: `${name}: the meeting's websocket`,
    expected: `at ${hostname}, with the user in the meeting`,
    async run() {
      const { url, first } = await stay.feed();
      const there = new URL(url).hostname === hostname && first.users.includes(first.userName);
      return seen(there, `${url} with ${first.users.join(", ") || "nobody"}`);
    },
  };
}

function basenameCheck(
  { origin: cluster }: ClusterOrigin,
  { name }: ClusterNode,
  stay: Attendance,
  { meteor }: Features,
): Check {
  const wanted = `/${name}/html5client`;
  return {
    name: `${name}: the client's own path`,
    expected: `the client and its WebAssembly, compiled as it arrives, below ${cluster}${wanted}/`,
    async run() {
      const { page } = await stay.joined();
      const base = page.resolve((await stay.settings()).text("public.app.basename"));
      const [client, wasm] = await Promise.all([
        page.fetch(`${base}/${meteor ? "join" : ""}`),
        page.fetch(`${base}/wasm/tflite-simd.wasm`),
      ]);
      const type = String(wasm.headers["content-type"]);
      const right = isClient(client, `${base}/`) && type === "application/wasm" && new URL(base).pathname === wanted;
      return seen(right, `${base}/, WebAssembly as ${type}`);
    },
  };
}

/** What the client asks bbb-web itself: since 3.0 how long the way is, before that who the user is. */
function webBaseCheck({ name, hostname }: ClusterNode, stay: Attendance, { meteor }: Features): Check {
  return {
    name: `${name}: ${meteor ? "the user is known to" : "the round trip to"} bbb-web`,
    expected: `an answer of ${hostname} that a page of the proxy may read`,
    async run() {
      const { page, sessionToken } = await stay.joined();
      const base = (await stay.settings()).text("public.app.bbbWebBase");
      if (!meteor) return String((await page.fetch(`${base}/rtt-check`)).status);
      const answer = await page.fetch(`${base}/api/enter?sessionToken=${sessionToken}`, { credentials: true });
      return JSON.parse(text(answer)).response.fullname;
    },
  };
}

function storageCheck({ name }: ClusterNode, stay: Attendance): Check {
  return {
    name: `${name}: users' own settings`,
    expected: "kept in the browser's local storage, from meeting to meeting and node to node",
    async run() {
      const storage = (await stay.settings()).text("public.app.userSettingsStorage");
      return seen(storage === "local", storage);
    },
  };
}

function stunCheck({ name, hostname }: ClusterNode, stay: Attendance): Check {
  return {
    name: `${name}: STUN and TURN servers`,
    expected: `one at ${hostname}:3478, told to the user alone`,
    async run() {
      const { page, sessionToken } = await stay.joined();
      const address = (await stay.settings()).text("public.media.stunTurnServersFetchAddress");
      const answer = await page.fetch(`${address}?sessionToken=${sessionToken}`, { credentials: true });
      // A node with a coturn of its own names it as TURN alone, which answers STUN as well.
      const { stunServers = [], turnServers = [] } = JSON.parse(text(answer));
      const urls: string[] = [...stunServers, ...turnServers].map(({ url }: { url: string }) => url);
      return seen(
        urls.some((url) => url.includes(`:${hostname}:3478`)),
        urls.join(", ") || "none",
      );
    },
  };
}

function dashboardCheck({ name }: ClusterNode, stay: Attendance): Check {
  return {
    name: `${name}: learning dashboard`,
    expected: "the meeting's report, with the user",
    async run() {
      const { page } = await stay.joined();
      const base = (await stay.settings()).text("public.app.learningDashboardBase");
      const { meetingId, userName } = await stay.meeting();
      const address = `${base}/${meetingId}/learning_dashboard_data.json`;
      const { users } = JSON.parse(text(await page.fetch(address, { credentials: true })));
      return seen(users.includes(userName), `${page.resolve(address)} with ${users.join(", ")}`);
    },
  };
}
