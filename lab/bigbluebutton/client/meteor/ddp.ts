import type { Meeting } from "../meeting";

interface Message {
  msg?: string;
  collection?: string;
  fields?: Meeting;
  error?: { reason?: string };
}

/** Meteor's own pings keep a quiet connection open, which haproxy, in front of the server, ends after 50 seconds. */
const PING_MILLISECONDS = 17_500;

/** Subscribes to the meeting by Meteor's protocol, over the websocket of SockJS; `closed` hears when that ends, however it does. */
export function subscribe(
  connectionUrl: string,
  sessionToken: string,
  changed: (meeting: Meeting) => void,
  closed: (reason: Error) => void,
): void {
  const url = `${connectionUrl.replace(/^http/, "ws")}/sockjs/000/abcdefgh/websocket`;
  const socket = new WebSocket(url);
  const send = (message: object) => socket.send(JSON.stringify([JSON.stringify(message)]));
  let pings: ReturnType<typeof setInterval> | undefined;
  socket.onmessage = ({ data }: MessageEvent<string>) => {
    if (data === "o") send({ msg: "connect", version: "1", support: ["1"] });
    for (const { msg, collection, fields, error } of messages(data)) {
      if (msg === "connected") {
        send({ msg: "sub", id: "1", name: "meeting", params: [sessionToken] });
        pings = setInterval(() => send({ msg: "ping" }), PING_MILLISECONDS);
      }
      if (msg === "ping") send({ msg: "pong" });
      if (collection === "meeting" && fields) changed(fields);
      if (msg === "nosub") closed(new Error(`the meeting cannot be entered: ${error?.reason ?? "no reason given"}`));
    }
  };
  socket.onclose = ({ code, reason }) => {
    clearInterval(pings);
    closed(new Error(`${url} was closed: ${code} ${reason}`.trim()));
  };
}

/** The messages in a frame of SockJS; other frames than `a[…]` carry none. */
function messages(frame: string): Message[] {
  if (!frame.startsWith("a")) return [];
  return (JSON.parse(frame.slice(1)) as string[]).map((text) => JSON.parse(text) as Message);
}
