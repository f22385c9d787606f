import * as hcloud from "@pulumi/hcloud";
import type * as pulumi from "@pulumi/pulumi";

import type { NodeSpec } from "../plan/cluster";
import { idLabel } from "../plan/cluster-id";
import { imageObjection, isNumber } from "../plan/images";
import { Refusal } from "./refusal";

/**
 * Asks for the images, given by number, of nodes that are not there yet, in a preview, too; nodes that are there need
 * theirs no more.
 * @param cluster its id; undefined while nobody knows it, and then nothing is asked
 * @throws {Refusal} one sentence for each image that is gone, or not what its node can be made of
 */
export async function refuseUnfitImages(
  nodes: readonly NodeSpec[],
  cluster: string | undefined,
  opts: pulumi.InvokeOptions,
): Promise<void> {
  const own = nodes.filter(({ machine }) => isNumber(machine.image));
  if (cluster === undefined || own.length === 0) return;
  const { servers } = await hcloud.getServers({ withSelector: `${idLabel}=${cluster}` }, opts);
  const there = new Set(servers.map(({ name }) => name));
  const coming = own.filter(({ machine }) => !there.has(machine.name));
  const objections: string[] = [];
  for (const number of new Set(coming.map(({ machine }) => machine.image))) {
    const found = await imageOf(number, opts);
    for (const { machine, request } of coming.filter((node) => node.machine.image === number)) {
      const objection = imageObjection(found, request.release, new Date());
      if (objection !== undefined) objections.push(`${machine.name} cannot be made of image ${number}: ${objection}`);
    }
  }
  if (objections.length > 0) throw new Refusal(objections.join("\n"));
}

async function imageOf(number: string, opts: pulumi.InvokeOptions): Promise<hcloud.GetImageResult | undefined> {
  try {
    return await hcloud.getImage({ id: Number(number) }, opts);
  } catch (error) {
    if (/not[ _]found/i.test(String(error))) return undefined;
    throw error;
  }
}
