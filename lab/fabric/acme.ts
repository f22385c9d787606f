import { mkdir, readFile, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";

import type { Lab } from "../paths";
import { addresses } from "./addresses";
import { type ServerCertificate, trust } from "./certificates";
import { Daemon } from "./daemon";
import { until } from "./shell";

const managementPort = 15000;

/** Pebble's configuration: validates like Let's Encrypt, on ports 80 and 443, and issues for 90 days. */
export function renderPebbleConfig({ certificate, key }: ServerCertificate): string {
  const pebble = {
    listenAddress: ":14000",
    managementListenAddress: `:${managementPort}`,
    certificate,
    privateKey: key,
    httpPort: 80,
    tlsPort: 443,
    ocspResponderURL: "",
    externalAccountBindingRequired: false,
    certificateValidityPeriod: 90 * 24 * 60 * 60,
  };
  return JSON.stringify({ pebble }, null, 2);
}

/** Starts the lab's ACME server; its root, new at every start, is trusted as soon as it runs. */
export async function startAcme(lab: Lab, server: ServerCertificate, log: (line: string) => void): Promise<void> {
  await mkdir(lab.acme, { recursive: true });
  const config = join(lab.acme, "pebble.json");
  await writeFile(config, renderPebbleConfig(server));
  const ca = await readFile(join(lab.ca, "ca.pem"), "utf8");
  const env = {
    ...process.env,
    // As long as Let's Encrypt's chain of two intermediates, so that a verify depth too small is found here.
    PEBBLE_CHAIN_LENGTH: "2",
    PEBBLE_VA_NOSLEEP: "1",
    PEBBLE_WFE_NONCEREJECT: "0",
    PEBBLE_AUTHZREUSE: "0",
  };
  const args = ["-config", config, "-dnsserver", `${addresses.dns.ipv4}:53`];
  const ready = async () => {
    const root = await until("pebble's start", 20, () => fetchRoot(ca).catch(() => undefined));
    await trust(lab, root);
  };
  await new Daemon("pebble", "pebble", args, log, ready, env).start();
}

function fetchRoot(ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const at = { host: addresses.acme.ipv4, port: managementPort, servername: "acme.lab.test", path: "/roots/0" };
    const request = get({ ...at, ca, timeout: 2000 }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        const text = Buffer.concat(parts).toString();
        text.includes("BEGIN CERTIFICATE") ? resolve(text) : reject(new Error("pebble named no root certificate"));
      });
    });
    request.on("timeout", () => request.destroy(new Error("pebble did not answer")));
    request.on("error", reject);
  });
}
