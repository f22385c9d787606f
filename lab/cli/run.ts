import { defineCommand } from "citty";

import { inLab } from "../fabric/inside";
import { labArgs, labOf } from "./command";
import { commandIn } from "./exec";

/** `run`: runs a command as a user on the lab's internet, in the current folder, trusting the lab's roots. */
export const command = defineCommand({
  meta: { name: "run", description: "run a command as a user on the lab's internet: run -- COMMAND..." },
  args: labArgs,
  run({ args, data }) {
    const lab = labOf(args);
    const env = {
      SSL_CERT_FILE: lab.caBundle,
      CURL_CA_BUNDLE: lab.caBundle,
      REQUESTS_CA_BUNDLE: lab.caBundle,
      NODE_EXTRA_CA_CERTS: lab.caBundle,
    };
    return inLab(lab, commandIn(data), { netns: "users", env });
  },
});
