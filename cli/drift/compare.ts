import type { Answer } from "./answer";
import type { ExpectedRequests } from "./state";

/** How what a machine was told last differs from the state, and what could not be compared. */
export interface Comparison {
  findings: string[];
  notChecked: string[];
}

/** Compares the requests that a machine notes with those of the state. */
export function compareRequests(expected: ExpectedRequests, noted: Answer["requests"]): Comparison {
  const findings: string[] = [];
  const notChecked: string[] = [];
  for (const [key, digest] of expected) {
    const request = noted.get(key);
    if (digest === null) notChecked.push(`${key}: its request is a secret in the state`);
    else if (request === undefined) findings.push(`${key}: it was never carried out here, although the state has it`);
    else if (request.state === "started") findings.push(`${key}: its last request was interrupted while it changed`);
    else if (request.digest !== digest) {
      findings.push(`${key}: its last request was not the one in the state: interrupted while it changed`);
    } else if (request.state === "pending") {
      notChecked.push(`${key}: its last request waits until nobody is there: npm run rollout`);
    }
  }
  return { findings, notChecked };
}
