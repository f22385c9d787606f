import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";

import { sshPublicKeys } from "../../config/access";

/** A field of a public key (RFC 4253, section 6.6). */
const field = (content: string | Buffer) => {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const key = (type: string, ...fields: (string | Buffer)[]) =>
  `${type} ${Buffer.concat([type, ...fields].map(field)).toString("base64")}`;
const decoded = (text = "") => Buffer.from(text, "base64url");

const rsa = (bits: number) => {
  const { n, e } = generateKeyPairSync("rsa", { modulusLength: bits }).publicKey.export({ format: "jwk" });
  return key("ssh-rsa", decoded(e), Buffer.concat([Buffer.alloc(1), decoded(n)]));
};
const point = (curve: string) => {
  const { x, y } = generateKeyPairSync("ec", { namedCurve: curve }).publicKey.export({ format: "jwk" });
  return Buffer.concat([Buffer.of(4), decoded(x), decoded(y)]);
};
const ed = decoded(generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" }).x);
const ed25519 = key("ssh-ed25519", ed);

/** What OpenSSH itself says of a line of authorized_keys. */
const isTaken = (line: string) => spawnSync("ssh-keygen", ["-l", "-f", "-"], { input: `${line}\n` }).status === 0;

test.each([
  ["ed25519", ed25519],
  ["with a comment of several words", `${ed25519} Grüße von zu Hause`],
  ["rsa", rsa(2048)],
  ["ecdsa", key("ecdsa-sha2-nistp256", "nistp256", point("P-256"))],
  ["ecdsa, 384 bits", key("ecdsa-sha2-nistp384", "nistp384", point("P-384"))],
  ["ecdsa, 521 bits", key("ecdsa-sha2-nistp521", "nistp521", point("P-521"))],
  ["of a security key", key("sk-ssh-ed25519@openssh.com", ed, "ssh:")],
  ["ecdsa of a security key", key("sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", point("P-256"), "ssh:")],
])("a key that OpenSSH takes is accepted: %s", (_, line) => {
  expect(isTaken(line)).toBe(true);
  expect(sshPublicKeys.safeParse([line]).success).toBe(true);
});

test.each([
  ["cut off", ed25519.slice(0, -8)],
  ["with another length", key("ssh-ed25519", ed.subarray(1))],
  ["with a part too many", key("ssh-ed25519", "x", ed)],
  ["of a type that is not the one inside", ed25519.replace("ssh-ed25519", "ssh-rsa")],
  ["of another curve", key("ecdsa-sha2-nistp256", "nistp384", point("P-384"))],
  ["of a curve without its point", key("ecdsa-sha2-nistp256", "nistp256", "x")],
  ["of a security key without its application", key("sk-ssh-ed25519@openssh.com", ed)],
  ["of a type without a meaning", key("ssh-dss", "x")],
])("a key that OpenSSH refuses is refused: %s", (_, line) => {
  expect(isTaken(line)).toBe(false);
  expect(sshPublicKeys.safeParse([line]).success).toBe(false);
});

test.each([
  ["shorter than 2048 bits", rsa(1024)],
  ["with a line break in its comment", `${ed25519} me\nssh-ed25519`],
  ["with a tab in its comment", `${ed25519} me\tyou`],
])("a key that no machine shall have is refused: %s", (_, line) => {
  expect(sshPublicKeys.safeParse([line]).success).toBe(false);
});
