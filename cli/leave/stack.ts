import { type Cluster, readCluster } from "../../checks/cluster";
import { configValue, exportStack, importStack, readStackOutputs, setConfig, upStack } from "../pulumi";
import { type Resource, readState } from "../recover/state";

/** How a node is on its way out. */
export type LeavingState = "draining" | "absent" | "abandoned";

/** The stack as far as nodes leave it. */
export interface Stack {
  cluster(): Promise<Cluster>;
  /** The states that the configuration names, by node. */
  states(): Promise<Record<string, string>>;
  setState(node: string, state: LeavingState): Promise<void>;
  /** Whether Pulumi still has a machine of that name, whatever the outputs say. */
  has(nodes: readonly string[]): Promise<string[]>;
  /** Lets the machine and all that belongs to it go: nobody unprotects what is no longer in the program. */
  unprotect(nodes: readonly string[]): Promise<void>;
  /** Carries out the configuration; false: something failed, which it has said. */
  up(): Promise<boolean>;
}

/** The stack that is selected. */
export const selectedStack: Stack = {
  cluster: async () => readCluster(await readStackOutputs()),
  states: async () => readStates(await configValue("bbb-cluster:nodeSettings")),
  setState: (node, state) => setConfig(`nodeSettings.${node}.state`, state),
  has: async (nodes) => machinesIn(readState(await exportStack()).resources, nodes),
  unprotect: async (nodes) => {
    const { exported, resources } = readState(await exportStack());
    const isTheirs = ({ urn }: Resource) => nodes.some((node) => (urn.split("::").at(-1) ?? "").startsWith(`${node}-`));
    if (!resources.some((resource) => isTheirs(resource) && resource["protect"] === true)) return;
    const free = resources.map((resource) => (isTheirs(resource) ? { ...resource, protect: false } : resource));
    await importStack({ ...exported, deployment: { ...exported.deployment, resources: free } });
  },
  up: upStack,
};

/** Those of the nodes of which the state has the server. */
export function machinesIn(resources: readonly Resource[], nodes: readonly string[]): string[] {
  const servers = resources.filter(({ type }) => type === "hcloud:index/server:Server").map(({ urn }) => urn);
  return nodes.filter((node) => servers.some((urn) => urn.endsWith(`::${node}-server`)));
}

function readStates(text: string | undefined): Record<string, string> {
  const settings = JSON.parse(text ?? "{}") as Record<string, { state?: unknown } | null>;
  return Object.fromEntries(Object.entries(settings).map(([node, each]) => [node, String(each?.state ?? "present")]));
}
