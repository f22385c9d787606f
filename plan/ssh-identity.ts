import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from "node:crypto";

/** An Ed25519 key pair as OpenSSH writes it. */
export interface SshIdentity {
  /** OpenSSH private key, PEM; a secret. */
  privateKey: string;
  /** The same as PKCS #8, a third as long, which Go reads and older sshd do not; a secret. */
  pkcs8: string;
  /** `ssh-ed25519 AAAA…`, without a comment. */
  publicKey: string;
}

/**
 * Derives the key pair for one purpose (`host bbb-01`, `deploy`) from the cluster's secret, always the same one:
 * keys are known before a machine exists, and nothing has to be stored.
 */
export function deriveSshIdentity(clusterSecret: string, purpose: string): SshIdentity {
  const seed = Buffer.from(hkdfSync("sha256", clusterSecret, "bbb-cluster ssh", purpose, 32));
  const key = ed25519FromSeed(seed);
  const publicPart = rawPublicKey(createPublicKey(key));
  const publicBlob = Buffer.concat([field("ssh-ed25519"), field(publicPart)]);
  return {
    publicKey: `ssh-ed25519 ${publicBlob.toString("base64")}`,
    privateKey: opensshPrivateKey(seed, publicPart, publicBlob),
    pkcs8: key.export({ format: "pem", type: "pkcs8" }) as string,
  };
}

/** RFC 8410's PKCS#8 wrapping of a 32-byte seed. */
function ed25519FromSeed(seed: Buffer): KeyObject {
  const header = Buffer.from("302e020100300506032b657004220420", "hex");
  return createPrivateKey({ key: Buffer.concat([header, seed]), format: "der", type: "pkcs8" });
}

function rawPublicKey(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url");
}

/** OpenSSH's own format (PROTOCOL.key), which every sshd reads; its check number is derived, so that it never changes. */
function opensshPrivateKey(seed: Buffer, publicPart: Buffer, publicBlob: Buffer): string {
  const check = publicPart.subarray(0, 4);
  const secret = Buffer.concat([check, check, publicBlob, field(Buffer.concat([seed, publicPart])), field("")]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1));
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    field("none"),
    field("none"),
    field(""),
    uint32(1),
    field(publicBlob),
    field(Buffer.concat([secret, padding])),
  ]);
  const lines = body.toString("base64").match(/.{1,70}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
