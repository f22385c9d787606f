import { join } from "node:path";

import { debianRoot } from "../../balancer/root.mjs";
import type { LabUnderTest } from "../lab";
import type { Tenant } from "./tenant";

const scripts = join(__dirname, "..", "..", "balancer", "clients");

/** Libraries of others that ask for meetings, as they are published, and how each is run here. */
const commands = {
  "bigbluebutton-js": () => `${process.execPath} ${scripts}/ask.cjs`,
  // It is Python alone, and lies where the load balancer's own tests have it.
  "bigbluebutton-api-python": () =>
    `env PYTHONPATH="$(echo ${debianRoot()}/opt/clients/lib/python3.*/site-packages)" python3 -B ${scripts}/ask.py`,
};

/** A library in the hands of a tenant, on the lab's internet. */
export class ClientLibrary {
  static readonly names = Object.keys(commands) as (keyof typeof commands)[];
  private readonly command: string;

  constructor(
    private readonly lab: LabUnderTest,
    name: keyof typeof commands,
    private readonly tenant: Tenant,
  ) {
    this.command = commands[name]();
  }

  /** What it was told. */
  async ask(...step: string[]): Promise<unknown> {
    const api = `export BBB_URL=https://${this.tenant.host}/bigbluebutton/api/ BBB_SECRET="$(${this.tenant.tell})"`;
    const asked = await this.lab.shell(`${api}; npm run -s lab -- run -- ${this.command} ${step.join(" ")}`);
    if (asked.status !== 0) throw new Error(asked.stderr);
    return JSON.parse(asked.stdout);
  }

  /** Where somebody ends who joins. */
  async joinedAt(room: string): Promise<string> {
    const get = "curl -sL -o /dev/null -w '%{url_effective}' -c /dev/null";
    return (await this.lab.shell(`${get} '${await this.ask("join", room)}'`)).stdout;
  }
}
