import { eventually, longSeconds, replaceServer, shown, type World } from "./world";

/**
 * Replaces a node's machine. One on which somebody is, or whose recordings nobody else has, refuses, which is right: it is
 * closed then, and replaced when nothing would be lost.
 */
export async function replace(world: World, node: string): Promise<void> {
  const refusal = await replaced(world, node);
  if (refusal === undefined) return;
  world.say(`  ${refusal}: it is closed, and replaced later`);
  const { administrator } = world;
  await administrator.run(`npm run -s cordon -- ${node} --reason "it is replaced"`);
  await eventually(`${node} is empty`, 300, async () => {
    const row = (await shown(world)).find(({ name }) => name === node);
    return row?.meetings === "0" ? undefined : JSON.stringify(row);
  });
  await eventually(`${node} lets itself be replaced`, 600, () => replaced(world, node));
  await administrator.run(`npm run -s uncordon -- ${node}`);
}

/** Why it refuses; any other failure is one. */
async function replaced({ administrator }: World, node: string): Promise<string | undefined> {
  const { status, said } = await administrator.attempt(replaceServer(node), longSeconds);
  if (status === 0) return undefined;
  const refusal = rightRefusal(node, said);
  if (refusal === undefined) throw new Error(`replacing ${node} failed:\n${said.slice(-2000)}`);
  return refusal;
}

/** The sentence by which a node refuses to go for a good reason. */
export function rightRefusal(node: string, said: string): string | undefined {
  return new RegExp(`${node} (?:is not empty: \\d+ meeting|has \\d+ recording)[^;\\n]*`).exec(said)?.[0];
}
