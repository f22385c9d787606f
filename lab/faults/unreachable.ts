import { linkName } from "../fabric/links";

/** Runs a program at the operator, with text on its stdin, and resolves to its stdout; rejects when it fails. */
export type Execute = (command: string[], input?: string) => Promise<string>;

/** The nftables ruleset that drops all traffic of the machines with these ids, whichever namespace their links are in. */
export function renderUnreachable(ids: number[]): string {
  const links = ids.map((id) => `"${linkName(id)}"`).join(", ");
  const chain = (name: string, hook: string, side: string) => [
    `  chain ${name} {`,
    `    type filter hook ${hook} priority -10; policy accept;`,
    `    ${side} { ${links} } counter drop`,
    "  }",
  ];
  return [
    "table inet faults",
    "delete table inet faults",
    ...(ids.length === 0
      ? []
      : [
          "table inet faults {",
          ...chain("inward", "postrouting", "oifname"),
          ...chain("outward", "prerouting", "iifname"),
          "}",
        ]),
    "",
  ].join("\n");
}

/** The ids of the machines that are cut off now. */
export async function unreachableMachines(execute: Execute): Promise<number[]> {
  const listed = await execute(["nft", "list", "ruleset", "inet"]);
  const table = /table inet faults \{[\s\S]*?\n\}/.exec(listed)?.[0] ?? "";
  return [...new Set([...table.matchAll(/"m(\d+)"/g)].map(([, id]) => Number(id)))];
}

/** Cuts a machine off the public and the private networks, or connects it again. */
export async function setUnreachable(execute: Execute, id: number, on: boolean): Promise<void> {
  const others = (await unreachableMachines(execute)).filter((other) => other !== id);
  const ruleset = renderUnreachable(on ? [...others, id] : others);
  await execute(["nft", "-f", "-"], ruleset);
  for (const network of await privateNetworks(execute)) {
    await execute(["ip", "netns", "exec", network, "nft", "-f", "-"], ruleset);
  }
}

async function privateNetworks(execute: Execute): Promise<string[]> {
  const names = (await execute(["ip", "netns", "list"])).split("\n").map((line) => line.split(" ")[0] ?? "");
  return names.filter((name) => /^n\d+$/.test(name));
}
