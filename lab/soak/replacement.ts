import { eventually, longSeconds, shown, up, type World } from "./world";

/**
 * Replaces a node's machine. One on which somebody is refuses, which is right: it is closed then, and replaced when it is
 * empty.
 */
export async function replace(world: World, node: string): Promise<void> {
  if (await isReplaced(world, node)) return;
  world.say(`${node} is not empty and refuses; it is closed, and replaced when it is empty`);
  const { administrator } = world;
  await administrator.run(`npm run -s cordon -- ${node} --reason "it is replaced"`);
  await eventually(`${node} is empty`, 300, async () => {
    const row = (await shown(world)).find(({ name }) => name === node);
    return row?.meetings === "0" ? undefined : JSON.stringify(row);
  });
  if (!(await isReplaced(world, node))) throw new Error(`${node} was closed and empty, and still refused`);
  await administrator.run(`npm run -s uncordon -- ${node}`);
}

/** False when it refused because it is not empty; any other failure is one. */
async function isReplaced({ administrator }: World, node: string): Promise<boolean> {
  const urn = `"$(pulumi stack --show-urns | grep -o 'urn:.*::${node}-server' | head -n 1)"`;
  const { status, said } = await administrator.attempt(`${up} --replace ${urn}`, longSeconds);
  if (status === 0) return true;
  if (!said.includes(`${node} is not empty: `)) throw new Error(`replacing ${node} failed:\n${said.slice(-2000)}`);
  return false;
}
