import * as hcloud from "@pulumi/hcloud";
import type * as pulumi from "@pulumi/pulumi";

import { Refusal } from "./refusal";

/**
 * Asks for the zone before anything is made, in a preview, too.
 * @throws {Refusal} one sentence when Hetzner has no such zone; another reason is left to the first record
 */
export async function refuseMissingZone(zone: string, opts: pulumi.InvokeOptions): Promise<void> {
  try {
    await hcloud.getZone({ name: zone }, opts);
  } catch (error) {
    if (/not[ _]found/i.test(String(error))) {
      throw new Refusal(
        `there is no zone ${zone} in this project at Hetzner: make it there, or run: pulumi config set dns external`,
      );
    }
  }
}
