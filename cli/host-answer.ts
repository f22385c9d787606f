import { z } from "zod";

import { plainText } from "../checks/plain-text";

/** The entry leads to the version of the host programs that ran last. */
export const hostProgram = "/usr/local/sbin/bbb-cluster";

/** A line of text that is safe to show. */
export const line = z.string().transform((text) => plainText(text, 300));

const cordon = z.object({ since: line, reason: line });
/** Who has closed a node, as machines answer it. */
export const cordons = z
  .object({ configuration: cordon, hand: cordon, rollout: cordon })
  .partial()
  .transform(withoutUndefined);
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
