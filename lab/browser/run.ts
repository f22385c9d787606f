import { readFileSync } from "node:fs";
import { json } from "node:stream/consumers";

import { type BrowserTest, Course } from "./course";
import { readScene } from "./scene";
import { makeHome } from "./trust";

/** Runs the browser test where it is started: a `BrowserTest` in JSON on stdin, one result per line in JSON on stdout. */
async function main(): Promise<void> {
  const test = (await json(process.stdin)) as BrowserTest;
  const scene = readScene(test.outputs);
  makeHome(test.home, readFileSync(test.certificates, "utf8"));
  const course = new Course(test, scene);
  try {
    await course.visits();
    await course.pair();
    await course.lobby();
  } finally {
    await course.end();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
