import { statSync } from "node:fs";
import { resolve } from "node:path";

import { mostMegabytes } from "./node-files";
import { objectOf, type Violation } from "./violation";

const once = "a path that no other item has, and none that lies in another's";

/** What is wrong among the items of `nodeFiles`, also when some are wrong by themselves. */
export function nodeFileViolations(nodeFiles: unknown): Violation[] {
  const items: unknown[] = Array.isArray(nodeFiles) ? nodeFiles : [];
  const paths = items.map((item) => textIn(item, "path"));
  const bytes = items.reduce<number>((sum, item) => sum + sizeOf(textIn(item, "source")), 0);
  const isTaken = (path: string, index: number) => paths.slice(0, index).some((other) => overlap(path, other));
  const repeated = [...paths.keys()].filter((index) => isTaken(paths[index] ?? "", index));
  return [
    ...repeated.map((index) => ({
      path: ["nodeFiles", String(index), "path"],
      expected: once,
      remedy: `pulumi config rm --path 'nodeFiles[${index}]'`,
    })),
    ...(bytes > mostMegabytes * 1024 * 1024
      ? [
          {
            path: ["nodeFiles"],
            expected: `files of at most ${mostMegabytes} MB together`,
            remedy: "pulumi config rm nodeFiles",
          },
        ]
      : []),
  ];
}

function textIn(item: unknown, name: string): string {
  const value = objectOf(item)[name];
  return typeof value === "string" ? value : "";
}

function overlap(a: string, b: string): boolean {
  return a !== "" && b !== "" && (a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`));
}

/** In bytes; 0 for what is refused by itself. */
function sizeOf(source: string): number {
  try {
    const status = statSync(resolve(source));
    return status.isFile() && status.size <= mostMegabytes * 1024 * 1024 ? status.size : 0;
  } catch {
    return 0;
  }
}
