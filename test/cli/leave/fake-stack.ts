import type { Cluster } from "../../../checks/cluster";
import type { Stack } from "../../../cli/leave/stack";

/** A stack whose `up` does what the program would: drains, removes what is empty, refuses what is not. */
export class FakeStack implements Stack {
  readonly log: string[] = [];
  settings: Record<string, string> = {};
  machines: string[];
  draining = new Set<string>();
  protectedOnes = new Set<string>();
  /** Nodes that nobody may remove yet. */
  held = new Set<string>();
  isWell = true;

  constructor(private readonly all: Cluster) {
    this.machines = all.nodes.map(({ name }) => name);
  }

  async cluster(): Promise<Cluster> {
    const isWanted = (name: string) => !["absent", "abandoned"].includes(this.settings[name] ?? "");
    const nodes = this.all.nodes.filter(({ name }) => this.machines.includes(name) && isWanted(name));
    return { ...this.all, nodes: nodes.map((node) => ({ ...node, draining: this.draining.has(node.name) })) };
  }

  async states(): Promise<Record<string, string>> {
    return { ...this.settings };
  }

  async setState(node: string, state: string): Promise<void> {
    this.log.push(`${node} ${state}`);
    this.settings[node] = state;
  }

  async has(nodes: readonly string[]): Promise<string[]> {
    return nodes.filter((node) => this.machines.includes(node));
  }

  async unprotect(nodes: readonly string[]): Promise<void> {
    for (const node of nodes) this.protectedOnes.delete(node);
  }

  async up(): Promise<boolean> {
    this.log.push("up");
    for (const [node, state] of Object.entries(this.settings)) {
      if (state === "draining") this.draining.add(node);
      const isGoing = ["absent", "abandoned"].includes(state) && !this.held.has(node) && !this.protectedOnes.has(node);
      if (isGoing) this.machines = this.machines.filter((name) => name !== node);
    }
    return this.isWell;
  }
}
