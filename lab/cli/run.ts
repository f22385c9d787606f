import { inLab } from "../fabric/inside";
import { splitCommand } from "./arguments";
import type { Command } from "./command";

/** `run`: runs a command as a user on the lab's internet, in the current folder, trusting the lab's roots. */
export const command: Command = {
  name: "run",
  summary: "run a command as a user on the lab's internet",
  usage: "run -- COMMAND...",
  run(args, lab) {
    const { argv } = splitCommand(args, 0);
    const env = {
      SSL_CERT_FILE: lab.caBundle,
      CURL_CA_BUNDLE: lab.caBundle,
      REQUESTS_CA_BUNDLE: lab.caBundle,
      NODE_EXTRA_CA_CERTS: lab.caBundle,
    };
    return inLab(lab, argv, { netns: "users", env });
  },
};
