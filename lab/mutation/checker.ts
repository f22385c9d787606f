import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";

import type { CheckResult } from "../../checks/check";
import { script, startInside } from "../cli/inside";
import type { Lab } from "../paths";
import type { MutationRequest } from "./run";

const userScript = join(__dirname, "run.ts");

/** A program at a user's that runs a node's checks again and again. */
export class Checker {
  private readonly child: ChildProcess;
  private readonly answers: Interface;

  constructor(lab: Lab, request: MutationRequest) {
    this.child = startInside(lab, "user", script(userScript), ["pipe", "pipe", "inherit"]);
    this.child.stdin?.on("error", () => {});
    this.child.stdin?.write(`${JSON.stringify(request)}\n`);
    if (!this.child.stdout) throw new Error("the checks have no output");
    this.answers = createInterface({ input: this.child.stdout });
  }

  /** The names of the node's checks that fail; rejects when the program has ended. */
  run(node: string): Promise<string[]> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error("the checks have ended"));
      this.child.once("exit", ended);
      this.answers.once("line", (line) => {
        this.child.off("exit", ended);
        resolve((JSON.parse(line) as CheckResult[]).map(({ name }) => name));
      });
      this.child.stdin?.write(`${node}\n`);
    });
  }

  /** Ends the program. */
  close(): void {
    this.child.stdin?.end();
    this.child.kill();
  }
}
