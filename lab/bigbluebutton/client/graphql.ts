import type { Meeting } from "./meeting";

interface Message {
  type: string;
  payload?: { data?: { meeting: Meeting } };
}

/** Subscribes to the meeting over GraphQL's websocket; `closed` hears when that ends, however it does. */
export function subscribe(
  url: string,
  sessionToken: string,
  changed: (meeting: Meeting) => void,
  closed: (reason: Error) => void,
): void {
  const socket = new WebSocket(url, "graphql-transport-ws");
  const send = (message: object) => socket.send(JSON.stringify(message));
  socket.onopen = () => send({ type: "connection_init", payload: { headers: { "X-Session-Token": sessionToken } } });
  socket.onmessage = ({ data }: MessageEvent<string>) => {
    const { type, payload } = JSON.parse(data) as Message;
    if (type === "connection_ack") send({ id: "1", type: "subscribe", payload: { query: "subscription { meeting }" } });
    if (type === "ping") send({ type: "pong" });
    if (type === "next" && payload?.data) changed(payload.data.meeting);
  };
  socket.onclose = ({ code, reason }) => closed(new Error(`${url} was closed: ${code} ${reason}`.trim()));
}
