import { execFileSync } from "node:child_process";
import { constants } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { DOOR, message } from "./hostile/hostile";
import { clientHello } from "./rig/client-hello";
import { FrontDoor } from "./rig/front-door";
import { ADDRESS } from "./rig/nginx";
import { room } from "./rig/room";
import { exchange, statusesOf } from "./rig/wire";

let door: FrontDoor;

beforeAll(async () => {
  door = await new FrontDoor({ nodes: 1 }).start();
});

afterAll(() => door.stop());

/** The distribution's scanner: what it finds, as lists of the values of an attribute. */
describe("what a scanner finds", () => {
  let report: string;

  beforeAll(() => {
    const options = ["--xml=-", "--no-colour", `--sni-name=${DOOR}`];
    report = execFileSync("sslscan", [...options, `${ADDRESS}:443`], { encoding: "utf8" });
  });

  const found = (pattern: RegExp) => [...report.matchAll(pattern)].map(([, ...values]) => values.join(" "));

  test("TLS 1.2 and 1.3, and nothing older", () => {
    expect(found(/<protocol type="(\w+)" version="([\d.]+)" enabled="(\d)"/g)).toEqual([
      "ssl 2 0",
      "ssl 3 0",
      "tls 1.0 0",
      "tls 1.1 0",
      "tls 1.2 1",
      "tls 1.3 1",
    ]);
  });

  test("ciphers that authenticate what they hide, with keys that nobody has afterwards, and no others", () => {
    expect(found(/<cipher status="\w+" sslversion="(\S+)" .*? cipher="(\S+)"/g).sort()).toEqual([
      "TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256",
      "TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384",
      "TLSv1.2 ECDHE-ECDSA-CHACHA20-POLY1305",
      "TLSv1.3 TLS_AES_128_GCM_SHA256",
      "TLSv1.3 TLS_AES_256_GCM_SHA384",
      "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256",
    ]);
  });

  test("no renegotiation that a client asks for, and no heart that bleeds", () => {
    expect(found(/<(renegotiation) supported="(\d)"/g)).toEqual(["renegotiation 0"]);
    expect(found(/<heartbleed sslversion="\S+" vulnerable="(\d)"/g)).toEqual(["0", "0"]);
  });
});

test("what is offered compressed comes uncompressed", async () => {
  const { bytes } = await exchange(
    clientHello(DOOR, [1, 0]),
    { plain: true, port: 443 },
    (received) => received.length > 80,
  );
  // A handshake record with a ServerHello: after version, random and session comes the cipher, then the compression.
  expect([bytes[0], bytes[5]]).toEqual([22, 2]);
  const session = bytes.readUInt8(43);
  expect(bytes.readUInt8(44 + session + 2)).toBe(0);
});

async function handshake(options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ host: ADDRESS, port: 443, servername: DOOR, ca: door.authority, ...options });
  await once(socket, "secureConnect");
  return socket;
}

/** A session to come back with; TLS 1.3 sends it after the handshake. */
async function sessionOf(options: ConnectionOptions): Promise<Buffer> {
  const socket = connect({ host: ADDRESS, port: 443, servername: DOOR, ca: door.authority, ...options });
  const [session] = await once(socket, "session");
  socket.destroy();
  return session;
}

const kinds: [name: string, options: ConnectionOptions][] = [
  ["TLS 1.3", { minVersion: "TLSv1.3" }],
  ["TLS 1.2 with a ticket", { maxVersion: "TLSv1.2" }],
  ["TLS 1.2 without tickets", { maxVersion: "TLSv1.2", secureOptions: constants.SSL_OP_NO_TICKET }],
];

describe("sessions", () => {
  test.each(kinds)("%s comes back to its session", async (_, options) => {
    const session = await sessionOf(options);
    for (let visit = 0; visit < 5; visit += 1) {
      const socket = await handshake({ ...options, session });
      expect(socket.isSessionReused()).toBe(true);
      socket.destroy();
    }
  });

  test.each(kinds)("%s opens nothing under another name", async (_, options) => {
    const session = await sessionOf(options);
    for (const servername of ["evil.example", "bbb-01.example.com", ""]) {
      const host = servername || "evil.example";
      const answer = await exchange(message("GET", "/", ["Connection: close"], "", host), {
        servername,
        tls: { ...options, session },
      });
      // In TLS 1.2 the session's name counts, and then the request's.
      expect([[], [421]]).toContainEqual(statusesOf(answer));
    }
  });

  test.each(["-tls1_2", "-tls1_3"])("with openssl %s, a ticket lasts for a day", (version) => {
    const file = join(room(), `session${version}`);
    const client = [
      "s_client",
      version,
      "-connect",
      `${ADDRESS}:443`,
      "-servername",
      DOOR,
      "-ign_eof",
      "-sess_out",
      file,
    ];
    execFileSync("openssl", client, {
      input: `GET / HTTP/1.0\r\nHost: ${DOOR}\r\n\r\n`,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const text = execFileSync("openssl", ["sess_id", "-in", file, "-noout", "-text"], { encoding: "utf8" });
    expect(text).toContain("lifetime hint: 86400 (seconds)");
  });
});
