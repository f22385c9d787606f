import { type Program, runProgram } from "./command-line";
import { command as cordon } from "./cordon";
import { command as drift } from "./drift";
import { command as image } from "./image";
import { command as leave } from "./leave";
import { command as recover } from "./recover";
import { command as restore } from "./restore";
import { command as rollout } from "./rollout";
import { command as rotate } from "./rotate";
import { command as status } from "./status";
import { command as uncordon } from "./uncordon";
import { command as verify } from "./verify";

/** The administrator's commands, on the stack that is selected. */
export const program: Program = {
  name: "npm run",
  description: "The administrator's commands, on the Pulumi stack that is selected",
  args: {},
  commands: {
    status,
    verify,
    drift,
    cordon,
    uncordon,
    leave,
    rollout,
    image,
    recover,
    restore,
    rotate,
  },
};

if (require.main === module) {
  runProgram(program, process.argv.slice(2)).then((status) => {
    process.exitCode = status;
  });
}
