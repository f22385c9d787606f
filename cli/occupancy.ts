import { z } from "zod";

import type { Cluster } from "../checks/cluster";
import type { FindOccupancy, Occupancy } from "../checks/occupancy";
import { plainText } from "../checks/plain-text";
import type { Vantage } from "../checks/vantage";
import type { Ssh, SshCall } from "./ssh";

const line = z.string().transform((text) => plainText(text, 300));
const count = z.number().int().nonnegative();
const cordon = z.object({ since: line, reason: line });
const cordons = z
  .object({ configuration: cordon, hand: cordon, rollout: cordon })
  .partial()
  .transform(withoutUndefined);
const answer = z.object({
  empty: z.boolean(),
  obstacle: line,
  meetings: count.nullable(),
  people: count.nullable(),
  cordons,
  pending: z
    .object({
      since: line,
      what: z.array(line).max(1000),
    })
    .nullable(),
});

/** The entry leads to the version of the host programs that ran last. */
export const hostProgram = "/usr/local/sbin/bbb-cluster";

/** Asks a node who is on it; rejects with a sentence when it does not answer, or not in the expected shape. */
export async function askOccupancy(ssh: Ssh, node: string, call: SshCall = {}): Promise<Occupancy> {
  return read(answer, await ssh(node, `${hostProgram} occupancy`, { input: "{}", ...call }));
}

/** Asks nodes by SSH, where SSH is open; null where it is not. */
export function occupancyBySsh(cluster: Cluster, ssh: Ssh | null, vantage: Vantage): FindOccupancy {
  return async (name) => {
    const node = cluster.nodes.find((one) => one.name === name);
    if (ssh === null || node === undefined || !(await vantage.hasSsh(node))) return null;
    return askOccupancy(ssh, name);
  };
}

/** Reads who has closed a node, as `cordon` and `uncordon` answer it. */
export function readCordons(text: string): Occupancy["cordons"] {
  return read(z.object({ cordons }), text).cordons;
}

/** Reads an answer of a machine, trusting nothing in it; throws a sentence when it has another shape. */
export function read<T extends z.ZodType>(shape: T, text: string): z.output<T> {
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    const at = error instanceof z.ZodError ? error.issues[0]?.path.map(String).join(".") : undefined;
    throw new Error(
      at === undefined
        ? "its answer is not JSON"
        : `its answer has another shape than expected${at ? ` at ${plainText(at, 60)}` : ""}`,
    );
  }
}

function withoutUndefined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}
