import { createHash } from "node:crypto";

import type { Ssh } from "../ssh";
import { describeFinding, readAnswer } from "./answer";
import { compareRequests } from "./compare";
import type { ExpectedRequests } from "./state";

/** What was found on a machine, or why it could not be asked; `digest` changes with the findings. */
export interface Inspection {
  name: string;
  error?: string;
  findings: string[];
  notChecked: string[];
  digest: string;
}

/** Changes nothing; the entry leads to the version of the host programs that ran last. */
const command = "/usr/local/sbin/bbb-cluster drift </dev/null";

/** Asks a machine what differs there from its last configuration, and compares that with the state; never rejects. */
export async function inspect(name: string, ssh: Ssh | null, expected?: ExpectedRequests): Promise<Inspection> {
  const nothing = { name, findings: [], notChecked: [], digest: "" };
  try {
    if (ssh === null) throw new Error("the stack does not know its output ssh");
    const answer = readAnswer(await ssh(name, command));
    const requests = compareRequests(expected ?? notedRequests(answer.requests), answer.requests);
    const findings = [...answer.findings.map(describeFinding), ...requests.findings];
    const digest = answer.digest || createHash("sha256").update(findings.join("\n")).digest("hex");
    return { name, findings, notChecked: requests.notChecked, digest };
  } catch (error) {
    return { ...nothing, error: (error as Error).message };
  }
}

/** What a machine notes itself, where there is no state to compare it with: only what was interrupted is found then. */
function notedRequests(requests: ReadonlyMap<string, { digest: string }>): ExpectedRequests {
  return new Map([...requests].map(([key, { digest }]) => [key, digest]));
}
