import { command as browser } from "./browser";
import type { Command } from "./command";
import { command as down } from "./down";
import { command as env } from "./env";
import { command as exec } from "./exec";
import { command as fault } from "./fault";
import { command as lab } from "./lab";
import { command as mutate } from "./mutate";
import { command as probe } from "./probe";
import { command as run } from "./run";
import { command as status } from "./status";
import { command as up } from "./up";
import { command as verify } from "./verify";

/** Every command that `npm run lab` knows. */
export const commands: readonly Command[] = [
  lab,
  up,
  status,
  verify,
  mutate,
  browser,
  probe,
  exec,
  run,
  env,
  fault,
  down,
];
