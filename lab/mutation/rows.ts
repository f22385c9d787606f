import { parseDocument } from "yaml";

/** One managed line, and what its file is without it. */
export interface Row {
  line: string;
  without: string;
}

/** A managed file as the node's records describe it. */
export interface ManagedFile {
  path: string;
  format: string;
  /** The keys that are managed; for files that are managed as a whole: none. */
  keys: string[];
}

/** Each managed line of a file, with the file's text without it; comments and empty lines are none. */
export function rowsOf({ path, format, keys }: ManagedFile, text: string): Row[] {
  // What a program does is a matter of its own tests.
  if (text.startsWith("#!")) return [];
  if (format === "properties") return keys.map((key) => ({ line: key, without: withoutProperty(text, key) }));
  if (format === "yaml") return keys.map((key) => ({ line: key, without: withoutYamlKey(text, key) }));
  if (format === "json") return jsonRows(text);
  return path.endsWith(".nginx") ? nginxRows(text) : plainRows(text);
}

function withoutProperty(text: string, key: string): string {
  const name = key.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replaceAll(new RegExp(`^[ \\t]*${name}[ \\t]*[=:].*(\\n|$)`, "gm"), "");
}

function withoutYamlKey(text: string, key: string): string {
  const document = parseDocument(text);
  document.deleteIn(key.split("."));
  return document.toString();
}

/** A key is a row, and each element of a list is one. */
function jsonRows(text: string): Row[] {
  const content = JSON.parse(text) as Record<string, unknown>;
  const without = (key: string, value?: unknown) => JSON.stringify({ ...content, [key]: value }, null, 2);
  return Object.entries(content).flatMap(([key, value]) => [
    { line: key, without: without(key) },
    ...(Array.isArray(value) ? value : []).map((element, index, all) => ({
      line: `${key}: ${JSON.stringify(element)}`,
      without: without(
        key,
        all.filter((_, other) => other !== index),
      ),
    })),
  ]);
}

/** What counts only at a later start, after somebody else's edit: a matter of the host programs' tests. */
const later = /^RuntimeDirectory=/;

/** Every line is a row; where it sets several of Java's options, each of them is one, too. */
function plainRows(text: string): Row[] {
  const lines = text.split("\n");
  return lines.flatMap((line, at) => {
    if (isComment(line) || later.test(line)) return [];
    const options = line.match(/-D[^\s"]+/g) ?? [];
    return [
      { line: line.trim(), without: without(lines, at, 1).join("\n") },
      ...options.map((option) => ({
        line: option,
        without: [...lines.slice(0, at), line.replace(option, ""), ...lines.slice(at + 1)].join("\n"),
      })),
    ];
  });
}

/** A block is a row; within it each directive is one. */
function nginxRows(text: string): Row[] {
  const lines = text.split("\n");
  const rows: Row[] = [];
  let block: string | undefined;
  for (const [at, line] of lines.entries()) {
    if (isComment(line) || line.trim() === "}") {
      if (line.trim() === "}") block = undefined;
    } else if (line.trimEnd().endsWith("{")) {
      block = line.trim().slice(0, -1).trim();
      const end = lines.findIndex((other, index) => index > at && other.trim() === "}");
      rows.push({ line: `${block} {…}`, without: without(lines, at, end - at + 1).join("\n") });
    } else {
      const name = block === undefined ? line.trim() : `${block}: ${line.trim()}`;
      rows.push({ line: name, without: without(lines, at, 1).join("\n") });
    }
  }
  return rows;
}

function without(lines: readonly string[], at: number, count: number): string[] {
  return [...lines.slice(0, at), ...lines.slice(at + count)];
}

function isComment(line: string): boolean {
  return line.trim() === "" || line.trim().startsWith("#");
}
