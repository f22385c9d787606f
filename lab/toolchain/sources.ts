import { extname } from "node:path";

import { filesBelow } from "../fingerprint";

/**
 * The files of a Go module that its programs are built from, relative and sorted. Files without an extension are left
 * out because they are programs that `go build` has put there.
 */
export function sourceFiles(moduleDir: string): string[] {
  return filesBelow(moduleDir).filter(isSource);
}

function isSource(path: string): boolean {
  const hidden = path.split("/").some((part) => part === "testdata" || part.startsWith("."));
  const extension = extname(path);
  return !hidden && !path.endsWith("_test.go") && ![".md", ".sh", ".log", ""].includes(extension);
}
