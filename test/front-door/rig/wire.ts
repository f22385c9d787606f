import { connect as connectPlain, type Socket } from "node:net";
import { type ConnectionOptions, connect } from "node:tls";

import { ADDRESS } from "./nginx";

/** How a connection is opened; by default as a browser would. */
export interface Opening {
  /** The name in the TLS handshake; empty: none. */
  servername?: string;
  /** Without TLS; at port 80, if nothing else is said. */
  plain?: boolean;
  port?: number;
  protocol?: string;
  /** What else is said in the handshake. */
  tls?: ConnectionOptions;
}

/** What came back on a connection until it was closed, by whichever side. */
export interface Exchange {
  bytes: Buffer;
  /** Why it ended, if not by the other side's leave. */
  error?: string;
}

const FIRST_ANSWER_MILLISECONDS = 10_000;
const QUIET_MILLISECONDS = 700;

/** Sends bytes as they are, and waits until the other side closes, or has said something and then nothing more. */
export function exchange(
  bytes: string | Buffer,
  { servername = "bbb.example.com", plain = false, port = plain ? 80 : 443, protocol, tls = {} }: Opening = {},
  isEnough: (received: Buffer) => boolean = () => false,
): Promise<Exchange> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const received = () => Buffer.concat(parts);
    const end = (error?: string) => {
      clearTimeout(patience);
      socket.destroy();
      resolve({ bytes: received(), ...(error ? { error } : {}) });
    };
    let patience = setTimeout(() => end("nothing came back"), FIRST_ANSWER_MILLISECONDS);
    const socket = open({ servername, plain, port, tls, ...(protocol ? { protocol } : {}) });
    socket.on(plain ? "connect" : "secureConnect", () =>
      socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes),
    );
    socket.on("error", ({ message }) => end(message));
    socket.on("close", () => end());
    socket.on("data", (part) => {
      parts.push(part);
      clearTimeout(patience);
      patience = setTimeout(() => end("kept open"), QUIET_MILLISECONDS);
      if (isEnough(received())) end();
    });
  });
}

function open({ servername, plain, port, protocol, tls }: Opening & { port: number; servername: string }): Socket {
  if (plain) return connectPlain(port, ADDRESS);
  const ALPNProtocols = protocol ? { ALPNProtocols: [protocol] } : {};
  // Whose certificate it is, is asked elsewhere; here it is known who answers.
  return connect({ host: ADDRESS, port, servername, rejectUnauthorized: false, ...ALPNProtocols, ...tls });
}

/** The statuses of the answers in what came back over HTTP/1. */
export function statusesOf({ bytes }: Exchange): number[] {
  return [...bytes.toString("latin1").matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
}
