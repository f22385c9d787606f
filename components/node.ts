import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import type { NodeSpec } from "../plan/cluster";
import { Machine } from "./machine";
import { type ReadyHost, runOnMachine } from "./remote";
import type { SecretSettings } from "./secret-settings";
import type { SharedResources } from "./shared-resources";
import type { Within } from "./within";

export interface NodeArgs {
  spec: NodeSpec;
  shared: SharedResources;
  within: Within;
}

/** A BigBlueButton server, installed and configured for its place behind the proxy. */
export class Node {
  readonly spec: NodeSpec;
  readonly within: Within;
  readonly machine: Machine;
  readonly configured: remote.Command;
  /** The shared secret that BigBlueButton made for its API; a secret. */
  readonly apiSecret: pulumi.Output<string | undefined>;

  constructor(name: string, { spec, shared, within }: NodeArgs) {
    this.spec = spec;
    this.within = within;
    this.machine = new Machine(name, { spec: spec.machine, shared, within });
    const { host } = this.machine;
    const secrets = Object.keys(spec.secretOverrides).length > 0 ? shared.secretOverrides : undefined;
    const kept = secrets === undefined ? [] : [this.keepSecrets(host, secrets)];
    const request = { ...spec.request, ...this.machine.asRequest(), ...secrets?.asRequest() };
    this.configured = runOnMachine(
      `${name}-configured`,
      { host, command: "configure-node", request, secrets: ["stdout", "stderr"] },
      { ...within, dependsOn: kept },
    );
    this.apiSecret = pulumi.secret(this.configured.stdout.apply(secretOf));
  }

  /** Their own request, so that the other one stays readable in previews; a node without secrets has no such step. */
  private keepSecrets(host: ReadyHost, { files, digest }: SecretSettings): remote.Command {
    const { machine, request } = this.spec;
    return runOnMachine(
      `${machine.name}-secrets`,
      {
        host,
        command: "keep-secrets",
        request: { digest, repair: request.repair, files },
        secrets: ["stdin", "stdout", "stderr"],
      },
      // Not protected: settings are free to be no secrets any more, or none at all; nothing is run when it goes.
      { ...this.within, protect: false },
    );
  }
}

/** undefined after a run that left the command out, by `--exclude` or `--target`. */
function secretOf(result: string | undefined): string | undefined {
  return result === undefined ? undefined : JSON.parse(result).secret;
}
