import { setTimeout as delay } from "node:timers/promises";

import { callApi } from "../cli/call-api";
import { outcomeOf } from "./administrator";
import type { Operation } from "./sequence";
import { longSeconds, type World } from "./world";

const path = "/_lab/faults";

/** A command loses its power in the middle of a request to the cloud; then README's commands, and the same again. */
export async function killed(world: World, { requests = 1 }: Operation, command: string): Promise<void> {
  const { administrator, say } = world;
  const { lab } = administrator;
  await callApi(lab, path, { "no-answer": { times: 1, after: requests - 1 } });
  const child = administrator.start(command);
  let isOver = false;
  const ended = outcomeOf(child, () => undefined).finally(() => {
    isOver = true;
  });
  const end = Date.now() + longSeconds * 1000;
  const isStruck = async () => !("no-answer" in ((await callApi(lab, path)) as object));
  while (!isOver && Date.now() < end && !(await isStruck())) await delay(100);
  const struck = await isStruck();
  administrator.kill(child);
  const { status, said } = await ended;
  await callApi(lab, path, {});
  if (status === 0) return say(`it ended before request ${requests}`);
  if (!struck) throw new Error(`\`${command}\` failed, and nobody had killed it:\n${said.slice(-2000)}`);
  say(`killed at request ${requests}; last it said: ${said.trimEnd().split("\n").at(-1)?.trim()}`);
  await administrator.attempt("pulumi cancel --yes", 60);
  await administrator.run("npm run -s recover -- --yes", 300);
  await administrator.run(command, longSeconds);
}
