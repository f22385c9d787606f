import { readFileSync } from "node:fs";

import { addresses } from "../fabric/addresses";
import { readSettings } from "../fabric/settings";
import { labNamed } from "../paths";
import { startScalelite } from "./server";

/** Short, so that nobody has to wait for a minute; not so short that a node's restart is taken for its end. */
const pollMs = 5000;

/** Runs the Scalelite of a lab, within it: `main.ts NAME CERTIFICATE KEY`; ends only with an error or by being killed. */
async function main(name: string, certificate: string, key: string): Promise<void> {
  const lab = labNamed(name);
  const settings = await readSettings(lab);
  if (settings === undefined) throw new Error(`${lab.settings} is missing`);
  await startScalelite({
    ...{ secret: settings.loadBalancerSecret, file: lab.scalelite, pollMs, port: 443 },
    // By both families: for IPv6, whatever its form, there is an address of its own.
    hosts: Object.values(addresses.balancer),
    tls: { cert: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") },
    // Again each time: the ACME server's root is new at every start.
    trusted: () => readFileSync(lab.caCertificates, "utf8"),
    log: (line) => process.stdout.write(`${new Date().toISOString()} scalelite: ${line}\n`),
  });
}

main(process.argv[2] ?? "", process.argv[3] ?? "", process.argv[4] ?? "").catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
