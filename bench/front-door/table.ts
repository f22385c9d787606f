import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import type { Row, Table } from "../table";

const enter = join(__dirname, "..", "..", "test", "front-door", "rig", "enter.sh");
const packages = ["nginx", "wrk", "nghttp2-client"];

/** What the proxy costs its nodes and itself: its own nginx with the program's files, against the documentation's. */
export const frontDoor: Table = {
  title: "The front door",
  about:
    "the proxy's nginx with its real files in a network of its own, as root on Debian 12 with " +
    `${packages.join(", ")}; two minutes a round`,
  async measure({ rounds, say }) {
    const command = [process.execPath, "--import", "tsx", join(__dirname, "inside.ts"), `${rounds}`];
    const child = spawn(enter, command, { stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.on("data", (part) => `${part}`.trim().split("\n").forEach(say));
    const output = await text(child.stdout);
    if (!output) throw new Error("the front door was not measured: what it said is above");
    return JSON.parse(output) as Row[];
  },
};
