import { defineCommand } from "citty";

import { clusterId } from "../plan/cluster-id";
import { connectHcloud } from "./hcloud";
import { ImageMaker } from "./image/maker";
import { imagesOf } from "./image/objects";
import { onStop } from "./on-stop";
import { configValue } from "./pulumi";
import { Progress } from "./terminal";

/** `image`: what new nodes can be made of, so that they are there sooner. */
export const command = defineCommand({
  meta: {
    name: "image --",
    description:
      "make an image of a node, for new nodes that are there sooner\n\n" +
      "The node itself is left as it is: a copy of it is made as a server of its own, which nobody but you reaches and\n" +
      "which reaches nobody. There, BigBlueButton is taken away with all secrets, keys, certificates, ids and data; what\n" +
      "it depends on and its packages stay. Then the disk is searched for the secrets, and an image is made of it. It\n" +
      "costs the hours of a server and the room that the image takes. What an earlier run has left is removed first: run\n" +
      "one at a time.\n\n" +
      "Exit status: 0, or 1 if no image was made.",
  },
  args: { node: { type: "positional", required: true, description: "its name, such as bbb-02" } },
  run: ({ args }) => makeImage(args.node),
});

async function makeImage(node: string): Promise<number> {
  const clusterSecret = await configValue("bbb-cluster:clusterSecret");
  if (clusterSecret === undefined) throw new Error("there is no clusterSecret: select the cluster's stack");
  const cluster = clusterId(clusterSecret);
  const api = await connectHcloud();
  const stopping = new AbortController();
  let stopped = 0;
  const undo = onStop((status) => {
    stopped = status;
    stopping.abort();
  });
  const progress = new Progress();
  const maker = new ImageMaker({ api, cluster, progress, signal: stopping.signal });
  try {
    const { id, description } = await maker.make(node);
    progress.end();
    say([`image ${id}: ${description}`, `for new nodes: pulumi config set nodeImage ${id}`]);
    const older = (await imagesOf(api, cluster)).filter((other) => other !== id);
    if (older.length > 0) say([`older images of this cluster, which you may delete: ${older.join(", ")}`]);
    return 0;
  } catch (error) {
    if (stopped === 0) throw error;
    progress.say("stopped: no image was made");
    return stopped;
  } finally {
    progress.wait("removes what was needed only for this");
    await maker.clean().catch(({ message }: Error) => progress.say(`the next run removes the rest: ${message}`));
    progress.end();
    undo();
  }
}

function say(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
