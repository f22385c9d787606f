import { describe, expect, test } from "vitest";

import { python } from "./simulation";

const LOAD = `
import json, sys
from bbb_common import properties
values = {}
for text in sys.argv[1:]:
    values.update(properties.parse(text))
try:
    print(json.dumps({key: properties.interpolate(key, values) for key in values}))
except KeyError as error:
    print(json.dumps({"error": error.args[0]}))
`;

describe("properties", () => {
  test("a value refers to another one, also across files, and the later file wins", () => {
    const packaged = `serverURL=http://127.0.0.1\ngraphqlWebsocketUrl=\${serverURL}/graphql\n`;
    expect(python(LOAD, packaged, "serverURL=https://bbb-01.cluster.test\n")).toEqual({
      serverURL: "https://bbb-01.cluster.test",
      graphqlWebsocketUrl: "https://bbb-01.cluster.test/graphql",
    });
  });

  test("comments, blanks, separators, continued lines and escapes are read as Java does", () => {
    const text = "# a comment\n! another\n\n a : 1\nb 2\nc=one \\\n   two\nd=\\u00e9\\=\\\\\nempty=\na=3\n";
    expect(python(LOAD, text)).toEqual({ a: "3", b: "2", c: "one two", d: "é=\\", empty: "" });
  });

  test("a placeholder without a value is an error that names it", () => {
    expect(python(LOAD, `a=\${nothing}/x\n`)).toEqual({
      error: `could not resolve placeholder 'nothing' in value "\${nothing}/x"`,
    });
  });

  test("a value that refers to itself is an error", () => {
    expect(python(LOAD, `a=\${b}\nb=\${a}\n`)).toEqual({
      error: "circular placeholder reference 'a' in property definitions",
    });
  });
});
