import { expect, test } from "vitest";

import type { Execute, RecordedFile } from "../../mutation/machine";
import { deal, type Node, tryRows } from "../../mutation/mutate";
import { rowsOf } from "../../mutation/rows";

const lines = (path: string, format: string, text: string, keys: string[] = []) => rowsOf({ path, format, keys }, text);

test("of a merged file only the managed keys are taken away, one at a time", () => {
  const properties = "# mine\nserverURL=https://a\nfoo.bar = 1\nfoobar=2\n";
  expect(lines("/etc/x.properties", "properties", properties, ["foo.bar"])).toEqual([
    { line: "foo.bar", without: "# mine\nserverURL=https://a\nfoobar=2\n" },
  ]);
  const yaml = "public:\n  app:\n    basename: /a # ours\n    other: 1\n";
  expect(lines("/etc/x.yml", "yaml", yaml, ["public.app.basename"])).toEqual([
    { line: "public.app.basename", without: "public:\n  app:\n    other: 1\n" },
  ]);
});

test("of JSON each key and each element of a list is a line", () => {
  const rows = lines("/etc/x.json", "json", '{"proxies": ["https://a"]}');
  expect(rows.map(({ line, without }) => [line, JSON.parse(without)])).toEqual([
    ["proxies", {}],
    ['proxies: "https://a"', { proxies: [] }],
  ]);
});

test("of nginx a block is a line as a whole, and each directive in it is one; comments are none", () => {
  const text = "set $a 'b';\n# why\nlocation /x/ {\n  types { a/b c; }\n  alias /y/;\n}\n";
  expect(lines("/etc/x.nginx", "text", text)).toEqual([
    { line: "set $a 'b';", without: "# why\nlocation /x/ {\n  types { a/b c; }\n  alias /y/;\n}\n" },
    { line: "location /x/ {…}", without: "set $a 'b';\n# why\n" },
    { line: "location /x/: types { a/b c; }", without: "set $a 'b';\n# why\nlocation /x/ {\n  alias /y/;\n}\n" },
    { line: "location /x/: alias /y/;", without: "set $a 'b';\n# why\nlocation /x/ {\n  types { a/b c; }\n}\n" },
  ]);
});

test("of any other file every line is one that is neither empty nor a comment", () => {
  expect(lines("/etc/x.conf", "text", "[Service]\n\n# why\nA=1\n").map(({ line }) => line)).toEqual([
    "[Service]",
    "A=1",
  ]);
});

test("each of several options of Java in one line is a line of its own, too", () => {
  expect(lines("/etc/x.conf", "text", 'E="O=-Da=1 -Db=2"\n').slice(1)).toEqual([
    { line: "-Da=1", without: 'E="O= -Db=2"\n' },
    { line: "-Db=2", without: 'E="O=-Da=1 "\n' },
  ]);
});

const file: RecordedFile = { path: "/etc/x.conf", format: "text", keys: [], restart: ["thing"] };
const work = (text: string) => ({ file, text, rows: rowsOf(file, text) });

function machine(check: (text: string) => string[]) {
  const state = { text: "", done: [] as string[], left: null as object | null };
  const execute: Execute = async (argv, input = "") => {
    if (argv[0] === "sh") state.text = input;
    else state.done.push(argv.slice(0, 3).join(" "));
    return "notify\n";
  };
  const node: Node = {
    execute,
    check: async () => check(state.text),
    remember: (left) => {
      state.left = left;
    },
  };
  return { state, node };
}

test("each line is missing once, what notices is noted, and in the end the file is whole and in force", async () => {
  const { state, node } = machine((text) => (text.includes("B") ? [] : ["B is missing"]));
  const outcomes = await tryRows(node, work("A\nB\n"), () => false);
  expect(outcomes.map(({ line, noticedBy }) => [line, noticedBy])).toEqual([
    ["A", []],
    ["B", ["B is missing"]],
  ]);
  expect(state.text).toBe("A\nB\n");
  expect(state.done.filter((command) => command === "systemctl restart thing")).toHaveLength(3);
  expect(state.left).toBe(null);
});

test("when a check breaks off or the run is stopped, the file is put back all the same", async () => {
  const broken = machine(() => {
    throw new Error("gone");
  });
  await expect(tryRows(broken.node, work("A\nB\n"), () => false)).rejects.toThrow("gone");
  expect(broken.state.text).toBe("A\nB\n");
  const stopped = machine(() => []);
  expect(await tryRows(stopped.node, work("A\n"), () => true)).toEqual([]);
  expect(stopped.state.text).toBe("A\n");
});

test("what nginx does not accept is no line of its own", async () => {
  const refusing: Execute = async (argv) => {
    if (argv[0] === "nginx") throw new Error("refused");
    return "";
  };
  const nginx = { ...work("A\n"), file: { ...file, restart: ["nginx"] } };
  expect(await tryRows({ execute: refusing, check: async () => [], remember: () => {} }, nginx, () => false)).toEqual(
    [],
  );
});

test("work is dealt so that everybody has about as much", () => {
  const items = [5, 11, 1, 18, 2].map((weight) => ({ weight, item: weight }));
  expect(deal(items, 2)).toEqual([
    [18, 1],
    [11, 5, 2],
  ]);
});
