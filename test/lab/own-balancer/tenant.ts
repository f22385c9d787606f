import { Frontend } from "../frontend";
import type { LabUnderTest } from "../lab";

/** A tenant of the cluster's own load balancer: of its secret nothing more is known than the stack's outputs. */
export class Tenant extends Frontend {
  constructor(
    lab: LabUnderTest,
    readonly name: string,
  ) {
    const secret = `node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).${name}.secret'`;
    super(lab, `${name}.cluster.test`, `pulumi stack output --show-secrets --json tenants | ${secret}`);
  }

  /** Ends meetings, after which nodes can be taken away. */
  async endAll(...ids: string[]): Promise<void> {
    for (const id of ids) await this.end(id);
  }
}
