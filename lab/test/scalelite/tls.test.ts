import { mkdtempSync, readFileSync } from "node:fs";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

import { ensureInfrastructureCa, ensureServerCertificate } from "../../fabric/certificates";
import { labNamed } from "../../paths";
import { startScalelite } from "../../scalelite/server";

test("it is reached by its name in the cluster's domain, with a certificate of the lab's own CA", async () => {
  const lab = labNamed("test", mkdtempSync(join(tmpdir(), "lab-")));
  await ensureInfrastructureCa(lab);
  const { certificate, key } = await ensureServerCertificate(lab, "lb.cluster.test");
  const text = (file: string) => readFileSync(file, "utf8");
  const tls = { cert: text(certificate), key: text(key) };
  const scalelite = await startScalelite({ secret: "s", hosts: ["127.0.0.1"], port: 0, pollMs: 0, tls });
  const ask = (servername: string) =>
    new Promise<number | string>((done) => {
      get(`${scalelite.url}/health_check`, { ca: text(join(lab.ca, "ca.pem")), servername, agent: false }, (answer) => {
        answer.resume();
        done(answer.statusCode ?? 0);
      }).on("error", (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    });
  expect(await ask("lb.cluster.test")).toBe(200);
  expect(await ask("api.lab.test")).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  await scalelite.close();
});
