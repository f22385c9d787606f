import { stringify } from "yaml";

import { keys } from "./keys";
import type { KeyRow } from "./row";

const rows = Object.entries(keys) as [string, KeyRow][];
const width = 120;

/** README's table of keys. */
export function renderTable(): string {
  const lines = rows.map(
    ([key, { values, effect, ...row }]) => `| \`${key}\` | ${values} | ${shownDefault(row)} | ${effect} |`,
  );
  return ["| Key | Values | Default | A change on a running cluster |", "| --- | --- | --- | --- |", ...lines].join(
    "\n",
  );
}

/** The `config:` block of Pulumi.yaml; an empty default means "not set". */
export function renderProjectConfig(): string {
  const declared = rows.map(([key, row]) => [
    key,
    { description: `${kind(row)}: ${row.description}`, default: row.default ?? empty(row) },
  ]);
  const provider = Object.entries(providerConfig).map(([key, value]) => [key, { value }]);
  return stringify({ config: Object.fromEntries([...declared, ...provider]) }, { lineWidth: 0 }).trimEnd();
}

/**
 * How often the provider asks how far Hetzner is, unless a stack says otherwise. Its own default asks after 0.5, 1.5, 3.5
 * and 7.5 seconds: half of all requests, of which a project has 3600 an hour.
 */
export const providerConfig = { "hcloud:pollInterval": "4s", "hcloud:pollFunction": "constant" };

/** The `template:` block of Pulumi.yaml: what `pulumi new` asks for. */
export function renderTemplate(): string {
  const asked = rows
    .filter(([, row]) => row.required && !row.structured)
    .map(([key, { description, secret }]) => [key, { description, ...(secret === "always" ? { secret: true } : {}) }]);
  const token = { description: "API token of your project at Hetzner Cloud, read and write", secret: true };
  return stringify(
    { template: { config: Object.fromEntries([...asked, ["hcloud:token", token]]) } },
    { lineWidth: 0 },
  ).trimEnd();
}

/** The keys of Pulumi.dev.yaml: those that are required are set, the others are comments that show their default. */
export function renderExample(): string {
  return rows
    .filter(([, { secret }]) => secret !== "always")
    .map(exampleOf)
    .join("\n\n");
}

function exampleOf([key, row]: [string, KeyRow]): string {
  const text = `${sentence(row.description)} Changing it: ${row.effect}.`;
  const value = row.example ?? String(row.default);
  const name = `bbb-cluster:${key}:`;
  const lines = isBlock(value)
    ? [name, ...value.split("\n").map((line) => `  ${line}`)]
    : [`${name} ${row.structured || value !== "3.0" ? value : `"${value}"`}`];
  return [...wrap(text).map((line) => `# ${line}`), ...lines.map((line) => (row.required ? line : `# ${line}`))]
    .map((line) => `  ${line}`)
    .join("\n");
}

function isBlock(value: string): boolean {
  return value.includes("\n") || value.startsWith("- ");
}

function shownDefault({ required, default: value }: Pick<KeyRow, "required" | "default">): string {
  if (required) {
    return "required";
  }
  return value === undefined ? "" : `\`${typeof value === "object" ? JSON.stringify(value) : value}\``;
}

function kind({ values, required }: KeyRow): string {
  return [values.replaceAll("`", ""), ...(required ? ["required"] : [])].join(", ");
}

function empty({ structured }: KeyRow): unknown {
  return { object: {}, list: [], none: "" }[structured ?? "none"];
}

function sentence(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1).replace(/ …$/, " and so on")}.`;
}

function wrap(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = `${lines.at(-1)} ${word}`.trim();
    if (line.length > width - 4) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = line;
    }
  }
  return lines;
}
