import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { renderNodeFiles } from "../plan/node/files";
import { renderRouteFiles } from "../plan/proxy/route";
import { renderExample, renderProjectConfig, renderTable, renderTemplate } from "./documents";

/** A part of a document that is written from the rows of config/keys.ts: what stands between two marked lines. */
export interface GeneratedPart {
  file: string;
  part: string;
  text: string;
}

/** What of the plan comes with the host programs, each written as a whole. */
export const comingWithPrograms: Record<string, () => string> = {
  "host/bbb_cluster/bigbluebutton/node_files.json": renderNodeFiles,
  "host/bbb_cluster/bigbluebutton/route_texts.json": renderRouteFiles,
};

/** Every such part. */
export function generatedParts(): GeneratedPart[] {
  return [
    { file: "README.md", part: "keys", text: renderTable() },
    { file: "Pulumi.yaml", part: "keys", text: `${renderProjectConfig()}\n${renderTemplate()}` },
    { file: "Pulumi.dev.yaml", part: "keys", text: renderExample() },
  ];
}

/**
 * A document with its part replaced.
 * @throws when the marked lines are not there
 */
export function withPart(document: string, { file, part, text }: GeneratedPart): string {
  const lines = document.split("\n");
  const begin = lines.findIndex((line) => line.includes(`${part}: begin`));
  const end = lines.findIndex((line) => line.includes(`${part}: end`));
  if (begin < 0 || end < begin) {
    throw new Error(`${file} has no lines "${part}: begin" and "${part}: end"`);
  }
  return [...lines.slice(0, begin + 1), ...text.split("\n"), ...lines.slice(end)].join("\n");
}

if (require.main === module) {
  for (const generated of generatedParts()) {
    const path = join(__dirname, "..", generated.file);
    writeFileSync(path, withPart(readFileSync(path, "utf8"), generated));
  }
  for (const [file, render] of Object.entries(comingWithPrograms)) {
    writeFileSync(join(__dirname, "..", file), render());
  }
}
