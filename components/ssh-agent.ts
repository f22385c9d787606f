import { connect } from "node:net";

import { Refusal } from "./refusal";

/**
 * The command plugin dials the agent of SSH_AUTH_SOCK before every machine, although it never asks it for a key, and
 * fails where nobody answers: in a shell, for instance, that outlived its agent (pulumi-command#96).
 * @throws {Refusal} one sentence, before anything is made
 */
export async function requireLiveAgent(socket = process.env["SSH_AUTH_SOCK"]): Promise<void> {
  const problem = socket ? await dial(socket) : undefined;
  if (problem !== undefined) {
    throw new Refusal(
      `SSH_AUTH_SOCK leads nowhere (${socket}: ${problem}), and no machine could be reached: ` +
        "run `unset SSH_AUTH_SOCK`, or start an agent, and then pulumi again",
    );
  }
}

/** Why nobody answers at a socket; undefined where somebody does. */
function dial(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.on("connect", () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}
