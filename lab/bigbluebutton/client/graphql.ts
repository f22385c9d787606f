import type { Meeting } from "./meeting";

interface Message {
  type: string;
  payload?: { data?: { meeting: Meeting } };
}

/** haproxy, in front of the server, ends a connection on which nothing was said for 50 seconds. */
const PING_MILLISECONDS = 10_000;

/** Subscribes to the meeting over GraphQL's websocket; `closed` hears when that ends, however it does. */
export function subscribe(
  url: string,
  sessionToken: string,
  changed: (meeting: Meeting) => void,
  closed: (reason: Error) => void,
): void {
  const socket = new WebSocket(url, "graphql-transport-ws");
  const send = (message: object) => socket.send(JSON.stringify(message));
  let pings: ReturnType<typeof setInterval> | undefined;
  socket.onopen = () => send({ type: "connection_init", payload: { headers: { "X-Session-Token": sessionToken } } });
  socket.onmessage = ({ data }: MessageEvent<string>) => {
    const { type, payload } = JSON.parse(data) as Message;
    if (type === "connection_ack") {
      send({ id: "1", type: "subscribe", payload: { query: "subscription { meeting }" } });
      pings = setInterval(() => send({ type: "ping" }), PING_MILLISECONDS);
    }
    if (type === "ping") send({ type: "pong" });
    if (type === "next" && payload?.data) changed(payload.data.meeting);
  };
  socket.onclose = ({ code, reason }) => {
    clearInterval(pings);
    closed(new Error(`${url} was closed: ${code} ${reason}`.trim()));
  };
}
