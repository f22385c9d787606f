import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = join(__dirname, "..");
const folders = ["config", "plan", "components", "checks", "cli", "lab"];

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const sources = [
  "index.ts",
  ...folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(ts|mjs)$/.test(path) && !/(^|\/)(node_modules|test)\//.test(path))
      .map((path) => `${folder}/${path}`),
  ),
];
const imports = sources.flatMap(importsOf);

/** Who may import whom; a folder may always import itself. */
const allowed: Record<string, string[]> = {
  "index.ts": ["config", "plan", "components"],
  config: ["plan"],
  plan: [],
  components: ["plan"],
  checks: ["plan"],
  cli: ["checks", "plan"],
  lab: ["checks", "cli"],
};

test("every import keeps to the layers: configuration, plan, components; checks, commands, lab", () => {
  const wrong = imports
    .filter(({ from, to }) => folderOf(from) !== folderOf(to) && !allowed[folderOf(from)]?.includes(folderOf(to)))
    // A plan is made from a configuration, and knows nothing of it but its shape.
    .filter(({ from, to, typeOnly }) => !(typeOnly && folderOf(from) === "plan" && folderOf(to) === "config"));
  expect(wrong).toEqual([]);
});

test("the plan knows nothing of Pulumi", () => {
  const plan = sources.filter((path) => path.startsWith("plan/")).map((path) => readFileSync(join(root, path), "utf8"));
  expect(plan.filter((text) => text.includes("@pulumi/"))).toEqual([]);
});

test("no file imports itself, by whatever way round", () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
    if (path.includes(file) || done.has(file)) return;
    for (const { to } of imports.filter(({ from }) => from === file)) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of sources) visit(file, []);
  expect(circles).toEqual([]);
});

test("index.ts reads as a table of contents", () => {
  expect(readFileSync(join(root, "index.ts"), "utf8").split("\n").length).toBeLessThanOrEqual(50);
});

test("no file has more than 200 lines", () => {
  const all = [...folders, "host", "test"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(ts|mjs|py)$/.test(path) && !/(^|\/)node_modules\//.test(path))
      .map((path) => `${folder}/${path}`),
  );
  const lines = (path: string) => readFileSync(join(root, path), "utf8").split("\n").length - 1;
  expect(all.length).toBeGreaterThan(400);
  expect(all.filter((path) => lines(path) > 200)).toEqual([]);
});

function importsOf(from: string): Import[] {
  const source = ts.createSourceFile(from, readFileSync(join(root, from), "utf8"), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (!(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))) return [];
    const target = statement.moduleSpecifier;
    if (target === undefined || !ts.isStringLiteral(target) || !target.text.startsWith(".")) return [];
    const to = resolve(relative(root, join(root, dirname(from), target.text)));
    const typeOnly = ts.isImportDeclaration(statement)
      ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : statement.isTypeOnly;
    return to === undefined ? [] : [{ from, to, typeOnly }];
  });
}

function resolve(path: string): string | undefined {
  return [path, `${path}.ts`, `${path}/index.ts`].find((candidate) => sources.includes(candidate));
}

function folderOf(path: string): string {
  return path.split("/")[0] ?? path;
}
