import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { startRig } from "./rig";
import { copyOfProgram } from "./rig/program-copy";

test.for([
  ["while resources are made", "cluster.ts", "const { plan } = args;"],
  ["when nodes are listed", "outputs.ts", "const { hostname } = machine.spec;"],
] as const)("an error of the program names file and line of its TypeScript, %s", async ([, name, place]) => {
  const project = copyOfProgram();
  const file = join(project, "components", name);
  const source = readFileSync(file, "utf8");
  const line = source.slice(0, source.indexOf(place)).split("\n").length;
  expect(source).toContain(place);
  writeFileSync(file, source.replace(place, `if (Number("1")) throw new Error("broken here"); ${place}`));
  const { pulumi } = await startRig({ project, config: { nodes: 1 } });
  const { status, output } = await pulumi.preview();
  expect(status).not.toBe(0);
  expect(output).toContain("broken here");
  expect(output).toMatch(new RegExp(`components/${name}:${line}:\\d+`));
});
