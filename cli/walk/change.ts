import { z } from "zod";

import { plainText } from "../../checks/plain-text";
import { hostProgram, read } from "../host-answer";
import { type Clock, minute } from "./clock";
import { cordonOn, occupancyOn, type Reach } from "./cordon-on";

/** What a change of a node needs. */
export interface Change {
  reach: Reach;
  clock: Clock;
  /** Reboots it, also when no reboot is due. */
  reboot: boolean;
  /** Whether something still waits on it or is due; asked anew. */
  isWanted(node: string): Promise<boolean>;
  /** Hears what is still waited for. */
  wait(text: string): void;
  /** Runs the checks; resolves to a line for each that failed. */
  failing(node: string): Promise<string[]>;
}

const applied = z.object({
  applied: z.boolean(),
  left: z.string().transform((text) => plainText(text, 300)),
  reboot: z.boolean(),
});

/** BigBlueButton may be upgraded, which takes its time. */
const applySeconds = 2 * 3600;
/** How long a node may take to come back, and to be well. */
const returnMinutes = 10;
const pollMilliseconds = 5000;
/** So many checks that failed are named; one cause often has many. */
const mostNamed = 3;

/**
 * Has a closed, empty node do what waits on it, waits until it is back, also from a reboot, and checks it. Resolves to
 * `later` when it could not begin (somebody is there, or another run works on it); rejects with what is wrong.
 */
export async function changeNode(change: Change, node: string, wanted: boolean): Promise<"done" | "later"> {
  if (wanted && (await apply(change, node)) === "later") return "later";
  await until(change, node, async () => isWell(change, node));
  return "done";
}

async function apply(change: Change, node: string): Promise<"done" | "later"> {
  const { ssh } = change.reach;
  let before = "";
  await until(change, node, async () => {
    before = await bootTime(change.reach, node);
    return "";
  });
  try {
    const text = await ssh(node, `${hostProgram} apply`, { input: "{}", seconds: applySeconds });
    const { left, reboot } = read(applied, text);
    if (left !== "") return await whyLeft(change, node, left);
    if (!reboot && change.reboot && (await rebootNow(change.reach, node)) === "later") return "later";
    if (reboot || change.reboot) await until(change, node, () => hasRebooted(change, node, before));
    return "done";
  } catch (error) {
    return afterError(change, node, error as Error);
  }
}

/** Another run of the host programs, such as one that outlived a killed walk, is waited for. */
async function afterError(change: Change, node: string, error: Error): Promise<"done" | "later"> {
  if (error instanceof NotWell) throw error;
  if (error.message.includes("still holds the lock")) return "later";
  // The connection may have been lost after it was done.
  await change.clock.sleep(pollMilliseconds);
  let isWanted = true;
  await until(change, node, async () => {
    isWanted = await change.isWanted(node);
    return "";
  });
  if (isWanted) throw error;
  return "done";
}

async function whyLeft({ reach }: Change, node: string, left: string): Promise<"later"> {
  const { empty } = await occupancyOn(reach, node);
  if (empty) throw new NotWell(left);
  return "later";
}

/** Nobody is there, and nobody comes: it is closed, also where there is no other one. */
async function rebootNow(reach: Reach, node: string): Promise<"begun" | "later"> {
  await cordonOn(reach, node, "rollout", "npm run rollout reboots it");
  if (!(await occupancyOn(reach, node)).empty) return "later";
  // The connection may end before its answer.
  await reach.ssh(node, "systemctl reboot", { seconds: 30 }).catch(() => "");
  return "begun";
}

/** What is not as it should be on a node. */
class NotWell extends Error {}

async function hasRebooted({ reach }: Change, node: string, before: string): Promise<string> {
  return (await bootTime(reach, node)) === before ? "it has not rebooted" : "";
}

async function isWell({ reach, failing }: Change, node: string): Promise<string> {
  const { pending } = await occupancyOn(reach, node);
  if (pending !== null) throw new NotWell(`still waits: ${pending.what.join(", ")}`);
  const failed = await failing(node);
  const more = failed.length > mostNamed ? [`and ${failed.length - mostNamed} more (npm run verify)`] : [];
  return [...failed.slice(0, mostNamed), ...more].join("; ");
}

/** Tries until there is nothing to say against it; what is said after ten minutes is the error. */
async function until({ clock, wait }: Change, node: string, against: () => Promise<string>): Promise<void> {
  const deadline = clock.now() + returnMinutes * minute;
  for (;;) {
    const reason = await against().catch((error: Error) => {
      if (error instanceof NotWell) throw error;
      return `does not answer: ${error.message}`;
    });
    if (reason === "") return;
    if (clock.now() >= deadline) throw new NotWell(`${reason}, after ${returnMinutes} minutes`);
    wait(`${node} is not well yet: ${reason}`);
    await clock.sleep(pollMilliseconds);
  }
}

/** When the machine was booted, as it says itself: another text after each boot. */
export async function bootTime({ ssh }: Reach, node: string): Promise<string> {
  const text = await ssh(node, "TZ=UTC systemctl show --property=UserspaceTimestamp --value", { seconds: 30 });
  return plainText(text, 100);
}
