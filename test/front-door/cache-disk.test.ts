import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";

import { type Answer, ask } from "./rig/ask";
import { FrontDoor } from "./rig/front-door";

const CACHE = "/var/lib/nginx/bbb-client";
const MEGABYTE = 2 ** 20;
const door = new FrontDoor({ nodes: 1 });

beforeAll(() => door.start());
// Its disk goes with nginx.
afterAll(() => door.stop());

/** Runs a program where nginx has its files: a disk of its own is seen there alone. */
function amongItsFiles(command: string, ...words: string[]): void {
  execFileSync("nsenter", ["--mount", "--target", readFileSync("/run/nginx.pid", "utf8").trim(), command, ...words]);
}

/** A file that nobody has asked for. */
function visit(index: number): Promise<Answer | undefined> {
  const path = `/bbb-01/html5client/${index}.${index.toString(16).padStart(16, "0")}.bin`;
  return ask(door, path).catch(() => undefined);
}

test("a disk that is full of others' files and the cache's takes visitors in again when the cache has given way", {
  timeout: 60_000,
}, async () => {
  amongItsFiles("mount", "-t", "tmpfs", "-o", "size=8m,mode=700,uid=www-data", "none", CACHE);
  const file = Buffer.alloc(MEGABYTE);
  door.node.handler = (_, response) => response.writeHead(200, { etag: '"1"' }).end(file);
  for (let index = 0; index < 5; index += 1) expect((await visit(index))?.body.length).toBe(MEGABYTE);
  amongItsFiles("sh", "-c", `! cat /dev/zero >${CACHE}/others 2>/dev/null`);
  let index = 5;
  // nginx looks after its cache every ten seconds.
  await expect.poll(async () => (await visit(index++))?.body.length, { timeout: 30_000 }).toBe(MEGABYTE);
});
