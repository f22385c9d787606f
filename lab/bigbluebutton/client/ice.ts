import { askJson, withToken } from "./request";

interface Answer {
  stunServers: { url: string }[];
  turnServers: { url: string; username: string; password: string }[];
}

/** The STUN and TURN servers that bbb-web names, as WebRTC wants them. */
export async function fetchIceServers(url: string, sessionToken: string): Promise<RTCIceServer[]> {
  const answer = await askJson<Answer>(withToken(url, sessionToken), { credentials: "include" });
  const stun = answer.stunServers.map(({ url }) => ({ urls: url }));
  return [
    ...stun,
    ...answer.turnServers.map(({ url, username, password }) => ({ urls: url, username, credential: password })),
  ];
}
