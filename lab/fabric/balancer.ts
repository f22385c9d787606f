import { readFile } from "node:fs/promises";
import { get } from "node:https";
import { join, resolve } from "node:path";

import type { Lab } from "../paths";
import { addresses, balancerName } from "./addresses";
import { ensureServerCertificate } from "./certificates";
import { Daemon } from "./daemon";
import type { Settings } from "./settings";
import { until } from "./shell";

/** Starts the lab's Scalelite, a process of its own, so that it can be killed and comes back; nobody has to use it. */
export async function startBalancer(lab: Lab, settings: Settings, log: (line: string) => void): Promise<void> {
  const name = balancerName(settings.domain);
  const { certificate, key } = await ensureServerCertificate(lab, name);
  const ca = await readFile(join(lab.ca, "ca.pem"), "utf8");
  const program = resolve(__dirname, "..", "scalelite", "main.ts");
  const args = ["--import", "tsx", program, lab.name, certificate, key];
  const answers = () => isHealthy(ca, name).then((isUp) => (isUp ? true : undefined));
  const ready = async () => {
    await until("the load balancer's start", 30, answers);
  };
  await new Daemon("scalelite", process.execPath, args, log, ready).start();
}

function isHealthy(ca: string, name: string): Promise<boolean> {
  const at = { host: addresses.balancer.ipv4, servername: name, path: "/health_check" };
  return new Promise((done) => {
    const request = get({ ...at, ca, timeout: 2000, agent: false }, (answer) => {
      answer.resume();
      done(answer.statusCode === 200);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => done(false));
  });
}
