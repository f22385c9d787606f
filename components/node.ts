import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import type { NodeSpec } from "../plan/cluster";
import { Machine } from "./machine";
import { type ReadyHost, runOnMachine } from "./remote";
import type { SecretSettings } from "./secret-settings";
import type { SharedResources } from "./shared-resources";

export interface NodeArgs {
  spec: NodeSpec;
  shared: SharedResources;
}

/** A BigBlueButton server, installed and configured for its place behind the proxy. */
export class Node extends pulumi.ComponentResource {
  readonly spec: NodeSpec;
  readonly machine: Machine;
  readonly configured: remote.Command;
  /** The shared secret that BigBlueButton made for its API; a secret. */
  readonly apiSecret: pulumi.Output<string | undefined>;

  constructor(name: string, { spec, shared }: NodeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bbb-cluster:index:Node", name, {}, opts);
    this.spec = spec;
    this.machine = new Machine(name, { spec: spec.machine, shared, parent: this });
    const { host } = this.machine;
    const secrets = Object.keys(spec.secretOverrides).length > 0 ? shared.secretOverrides : undefined;
    const kept = secrets === undefined ? [] : [this.keepSecrets(host, secrets)];
    const request = { ...spec.request, ...this.machine.asRequest(), ...secrets?.asRequest() };
    this.configured = runOnMachine(
      `${name}-configured`,
      { host, command: "configure-node", request, secrets: ["stdout", "stderr"] },
      { parent: this, dependsOn: kept },
    );
    this.apiSecret = pulumi.secret(this.configured.stdout.apply(secretOf));
    this.registerOutputs({ hostname: spec.machine.hostname });
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
      { parent: this },
    );
  }
}

/** undefined after a run that left the command out, by `--exclude` or `--target`. */
function secretOf(result: string | undefined): string | undefined {
  return result === undefined ? undefined : JSON.parse(result).secret;
}
