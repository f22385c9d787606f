import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { ensureDebianPackages } from "../../lab/bin/debian-packages.mjs";
import type { Rounds, Row } from "../table";

const packages = ["iproute2", "nftables", "nghttp2-client", "nginx", "python3", "wrk"];
const enter = join(__dirname, "..", "..", "test", "front-door", "rig", "enter.sh");

/** Has a program measure in the rig of the front door's tests, a network of its own, and takes the rows that it prints. */
export async function measureInside(program: string, { rounds, say }: Rounds): Promise<Row[]> {
  ensureDebianPackages(say, packages);
  const command = [process.execPath, "--import", "tsx", program, `${rounds}`];
  const child = spawn("setpriv", ["--pdeathsig", "TERM", enter, ...command], { stdio: ["ignore", "pipe", "pipe"] });
  child.stderr.on("data", (part) => `${part}`.trim().split("\n").forEach(say));
  const output = await text(child.stdout);
  if (!output) throw new Error("nothing was measured: what it said is above");
  return JSON.parse(output) as Row[];
}
