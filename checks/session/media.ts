import { type Check, Mismatch, seen } from "../check";
import type { ClusterNode } from "../cluster";
import type { Features } from "../release";
import { request } from "../request";
import type { Attendance } from "./attendance";
import type { WebSocketClient } from "./websocket";

const candidatesMilliseconds = 2500;

/** bbb-webrtc-sfu answers over its websocket. */
export function sfuCheck({ name }: ClusterNode, stay: Attendance): Check {
  return {
    name: `${name}: bbb-webrtc-sfu`,
    expected: "an answer over its websocket",
    async run() {
      const { page, sessionToken } = await stay.joined();
      const url = (await stay.settings()).text("public.kurento.wsUrl");
      const socket = await page.websocket(`${url}?sessionToken=${sessionToken}`);
      socket.send('{"id":"ping"}');
      const { id } = JSON.parse((await socket.next()).toString());
      socket.close();
      return seen(id === "pong", id);
    },
  };
}

/** The audio bridge of releases with SIP.js answers over its websocket. */
export function sipCheck({ name }: ClusterNode, stay: Attendance): Check {
  return {
    name: `${name}: audio by SIP`,
    expected: "a websocket at the host of the settings",
    async run() {
      const { page, sessionToken } = await stay.joined();
      const host = (await stay.settings()).text("public.media.sip_ws_host");
      (await page.websocket(`wss://${host}/ws?sessionToken=${sessionToken}`, "sip")).close();
      return host;
    },
  };
}

/** LiveKit lets the user in, and offers media at addresses that users reach. */
export function livekitCheck(
  { name, origin, privateAddress }: ClusterNode,
  stay: Attendance,
  { livekitPublic, livekitOptional }: Features,
): Check {
  const ifInstalled = livekitOptional === false ? "" : ", if it is installed";
  return {
    name: `${name}: LiveKit`,
    expected: `lets the user in and offers media at public addresses${livekitPublic ? " only" : ""}${ifInstalled}`,
    async run() {
      if (livekitOptional !== false && (await request(`${origin}/livekit/`)).status === 404) return "not installed";
      const { page } = await stay.joined();
      const url = (await stay.settings()).text("public.media.livekit.url");
      const { livekitToken } = await stay.meeting();
      if (!livekitToken) throw new Mismatch("the meeting has no token for LiveKit");
      const socket = await page.websocket(`${url}/rtc?access_token=${livekitToken}&auto_subscribe=1&protocol=9&sdk=js`);
      const offered = await collectCandidates(socket);
      socket.close();
      const inside = offered.filter((address) => address === privateAddress);
      const right = offered.length > inside.length && !(livekitPublic && inside.length > 0);
      return seen(right, offered.join(", ") || "no addresses");
    },
  };
}

/** The addresses of the UDP candidates that LiveKit tells of by itself; they stand as text in its binary messages. */
async function collectCandidates(socket: WebSocketClient): Promise<string[]> {
  const found = new Set<string>();
  const deadline = performance.now() + candidatesMilliseconds;
  for (;;) {
    const rest = deadline - performance.now();
    // Once one has come the others follow closely.
    const message = await socket.next(found.size > 0 ? Math.min(rest, 400) : rest).catch(() => null);
    if (message === null) return [...found];
    for (const address of candidateAddresses(message)) found.add(address);
  }
}

/** The addresses of host candidates over UDP in a message. */
export function candidateAddresses(message: Buffer): string[] {
  const candidates = message.toString("latin1").matchAll(/candidate:\S+ \d+ udp \d+ (\S+) \d+ typ host/gi);
  return [...candidates].map(([, address]) => address ?? "");
}
