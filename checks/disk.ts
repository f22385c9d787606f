import { type Check, seen } from "./check";
import type { ClusterNode } from "./cluster";
import { brief, request, text } from "./request";

/** What whoever gives out meetings asks a node: it takes none while its root disk is low. */
export function diskCheck({ name, origin }: ClusterNode): Check {
  return {
    name: `${name}: root disk`,
    expected: "fine, as the node says of it",
    async run() {
      const answer = await request(`${origin}/bbb-cluster/disk`);
      const said = text(answer).trim();
      return seen(answer.status === 200 && said === "fine", answer.status === 200 ? said.slice(0, 80) : brief(answer));
    },
  };
}
