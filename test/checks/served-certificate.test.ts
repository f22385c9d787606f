import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";

import { isRenewedInTime, renewalChecks } from "../../checks/certificates";
import { runCheck } from "../../checks/check";
import { Vantage } from "../../checks/vantage";
import { clusterAt } from "./support";

interface Pair {
  key: Buffer;
  cert: Buffer;
  fingerprint: string;
}

let folder: string;
let [old, renewed]: Pair[] = [];

function makePair(name: string): Pair {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  execFileSync(
    "openssl",
    ["req", "-x509", ...curve, "-nodes", "-days", "90", ...subject, "-keyout", key, "-out", cert],
    {
      stdio: "ignore",
    },
  );
  const fingerprint = execFileSync("openssl", ["x509", "-noout", "-fingerprint", "-sha256", "-in", cert]).toString();
  return { key: readFileSync(key), cert: readFileSync(cert), fingerprint };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "certificates-"));
  [old, renewed] = [makePair("old"), makePair("renewed")];
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The checks of a machine that serves one certificate to those who offer h2 and another to the others. */
async function verdict(h2: Pair, http1: Pair, kept: Pair) {
  const server = tls.createServer({
    key: http1.key,
    cert: http1.cert,
    ALPNCallback({ protocols }) {
      // Called when the certificate can still be chosen.
      if (protocols.includes("h2")) (this as unknown as tls.TLSSocket).setKeyCert(tls.createSecureContext(h2));
      return protocols[0];
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `https://127.0.0.1:${(server.address() as { port: number }).port}`;
  const vantage = Object.assign(new Vantage(false), { needSsh: async () => {} });
  const cluster = { ...clusterAt(origin), nodes: [] };
  const [check] = renewalChecks(cluster, vantage, async () => kept.fingerprint);
  try {
    return check === undefined ? undefined : (await runCheck(check)).verdict;
  } finally {
    server.close();
  }
}

test("a certificate that is not the one that was renewed last is noticed, for h2 and for http/1.1", async () => {
  if (old === undefined || renewed === undefined) throw new Error("there are no certificates");
  const trusted = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  try {
    expect(await verdict(renewed, renewed, renewed)).toBe("ok");
    expect(await verdict(old, renewed, renewed)).toBe("failed");
    expect(await verdict(renewed, old, renewed)).toBe("failed");
    expect(await verdict(old, old, renewed)).toBe("failed");
  } finally {
    if (trusted === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = trusted;
  }
});

test("a certificate that certbot ought to have renewed is noticed before it ends", () => {
  const notBefore = new Date("2026-01-01T00:00:00Z");
  const notAfter = new Date("2026-04-01T00:00:00Z");
  const on = (day: string) => isRenewedInTime({ notBefore, notAfter }, new Date(`${day}T00:00:00Z`));
  expect([on("2026-01-02"), on("2026-03-01"), on("2026-03-10")]).toEqual([true, true, true]);
  expect([on("2026-03-20"), on("2026-04-02")]).toEqual([false, false]);
});
