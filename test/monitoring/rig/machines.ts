import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { join } from "node:path";

import { Authority } from "../../front-door/rig/certificates";
import { render, type Samples, samplesOf } from "./samples";

const PORT = 9443;
const roles = { bbb: "proxy", "bbb-01": "node", "bbb-02": "node", "bbb-lb": "balancer" };

/** The machines of a cluster, as a Prometheus on the campus sees them: two exporters each, by HTTPS, with a token. */
export class Machines {
  readonly token = "a token of the rig";
  /** The file of the authority that the machines' certificate is of. */
  readonly authority: string;
  private readonly server: Server;
  private readonly told: Map<string, Samples>;
  private readonly gone = new Set<string>();
  private turn = 0;

  constructor(folder: string) {
    mkdirSync(folder);
    const authority = new Authority(folder);
    const { chain, key } = authority.certificate(...Object.keys(roles).map(hostname));
    this.authority = join(folder, "root.pem");
    this.server = createServer({ cert: chain, key }, (request, response) => this.answer(request, response));
    this.told = new Map(Object.entries(roles).map(([name, role]) => [name, samplesOf("machine", role)]));
  }

  async listen(): Promise<void> {
    this.server.listen(PORT, "127.0.0.1");
    await once(this.server, "listening");
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** A machine tells something else from now on, or nothing at all of a series; the result puts that back. */
  tell(machine: string, series: string, value: string): () => void {
    const samples = this.samples(machine);
    const before = samples.get(series);
    samples.set(series, value);
    return () => {
      if (before === undefined) samples.delete(series);
      else samples.set(series, before);
    };
  }

  /** A machine answers nobody from now on; the result brings it back. */
  away(machine: string): () => void {
    this.gone.add(machine);
    return () => this.gone.delete(machine);
  }

  /** What the stack's output `prometheusTargets` is for them. */
  targets(): object[] {
    return Object.entries(roles).flatMap(([machine, role]) =>
      ["node", "nginx"].map((exporter) => ({
        targets: [`${hostname(machine)}:${PORT}`],
        labels: {
          ...{ job: `bbb-${exporter}`, __metrics_path__: `/metrics/${exporter}` },
          ...{ machine, role, cluster: "prod" },
        },
      })),
    );
  }

  /** Writes what an administrator lays beside Prometheus' configuration. */
  writeFor(folder: string): void {
    writeFileSync(join(folder, "token"), `${this.token}\n`);
    writeFileSync(join(folder, "targets.json"), JSON.stringify(this.targets()));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const [machine = ""] = (request.headers.host ?? "").split(".");
    if (this.gone.has(machine)) return void request.socket.destroy();
    if (request.headers.authorization !== `Bearer ${this.token}`) return void response.writeHead(401).end();
    this.turn += 1;
    const samples = request.url === "/metrics/nginx" ? samplesOf("nginx") : this.samples(machine);
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(render(samples, this.turn));
  }

  private samples(machine: string): Samples {
    const samples = this.told.get(machine);
    if (samples === undefined) throw new Error(`there is no machine ${machine}`);
    return samples;
  }
}

function hostname(machine: string): string {
  return `${machine}.example.com`;
}
