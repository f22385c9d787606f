import { type Check, seen } from "../check";
import { isClient } from "../client";
import type { ClusterMachine, ClusterNode } from "../cluster";
import type { Features } from "../release";
import { text } from "../request";
import { Attendance } from "./attendance";
import { guestCheck } from "./guest";
import { livekitCheck, sfuCheck, sipCheck } from "./media";
import { etherpadCheck, sharedNotesCheck } from "./notes";
import { closedSlidesCheck, slidesCheck, uploadCheck } from "./slides";

/** What a user does in a meeting on a node, by the addresses that the node's settings give. */
export function sessionChecks(frontDoor: ClusterMachine, node: ClusterNode, features: Features): Check[] {
  const stay = new Attendance(node, features);
  const checks = [
    settingsCheck(node, stay),
    meetingCheck(node, stay),
    basenameCheck(frontDoor, node, stay, features),
    webBaseCheck(node, stay, features),
    storageCheck(node, stay),
    stunCheck(node, stay),
    dashboardCheck(node, stay),
    slidesCheck(node, stay, features),
    ...(features.guardedSlides ? [closedSlidesCheck(node, stay)] : []),
    uploadCheck(node, stay),
    sfuCheck(node, stay),
    ...(features.sip ? [sipCheck(node, stay)] : []),
    ...(features.livekit ? [livekitCheck(node, stay, features)] : []),
    ...(features.etherpad || features.etherpadOptional ? [etherpadCheck(node, stay, features)] : []),
    ...(features.blockNote ? [sharedNotesCheck(node, stay)] : []),
    ...(features.meteor ? [guestCheck(node, stay)] : []),
  ];
  return endAfterLast(checks, stay);
}

/** The same checks; the meeting ends with the last of them. */
function endAfterLast(checks: Check[], stay: Attendance): Check[] {
  let left = checks.length;
  return checks.map((check) => ({
    ...check,
    async run() {
      try {
        return await check.run();
      } finally {
        left -= 1;
        if (left === 0) await stay.end();
      }
    },
  }));
}

function settingsCheck({ name, hostname }: ClusterNode, stay: Attendance): Check {
  return {
    name: `${name}: the client's settings`,
    expected: `told by ${hostname} to a page of the front door with its cookie`,
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
  frontDoor: ClusterMachine,
  { name }: ClusterNode,
  stay: Attendance,
  { meteor }: Features,
): Check {
  const wanted = `/${name}/html5client`;
  return {
    name: `${name}: the client's own path`,
    expected: `the client and its WebAssembly, compiled as it arrives, below ${frontDoor.origin}${wanted}/`,
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
    expected: `an answer of ${hostname} that a page of the front door may read`,
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
    name: `${name}: STUN servers`,
    expected: `stun:${hostname}:3478, told to the user alone`,
    async run() {
      const { page, sessionToken } = await stay.joined();
      const address = (await stay.settings()).text("public.media.stunTurnServersFetchAddress");
      const answer = await page.fetch(`${address}?sessionToken=${sessionToken}`, { credentials: true });
      const urls = JSON.parse(text(answer)).stunServers.map(({ url }: { url: string }) => url);
      return seen(urls.includes(`stun:${hostname}:3478`), urls.join(", ") || "none");
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
