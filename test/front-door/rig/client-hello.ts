/** The first message of a TLS 1.2 handshake, with what no library offers any more. */
export function clientHello(servername: string, compressions: number[]): Buffer {
  const name = Buffer.from(servername);
  const extensions = Buffer.concat([
    extension(0, vector(2, Buffer.concat([Buffer.from([0]), vector(2, name)]))),
    // Groups: P-256 and X25519; points: uncompressed; signatures: ECDSA and RSA with SHA-256.
    extension(10, vector(2, Buffer.from([0, 23, 0, 29]))),
    extension(11, vector(1, Buffer.from([0]))),
    extension(13, vector(2, Buffer.from([4, 3, 4, 1]))),
  ]);
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    Buffer.alloc(32, "hostile"),
    vector(1, Buffer.alloc(0)),
    // ECDHE-ECDSA-AES128-GCM-SHA256.
    vector(2, Buffer.from([0xc0, 0x2b])),
    vector(1, Buffer.from(compressions)),
    vector(2, extensions),
  ]);
  const message = Buffer.concat([Buffer.from([1]), vector(3, body)]);
  return Buffer.concat([Buffer.from([22, 3, 1]), vector(2, message)]);
}

function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0, type]), vector(2, content)]);
}

/** Bytes with their number before them. */
function vector(width: number, content: Buffer): Buffer {
  const length = Buffer.alloc(width);
  length.writeUIntBE(content.length, 0, width);
  return Buffer.concat([length, content]);
}
