import { expect, test } from "vitest";

import { python } from "./simulation";

const MIDDLEWARE = `
import json, sys
from bbb_graphql_middleware.origin import allowed
print(json.dumps([allowed(origin, "bbb-01.cluster.test", pattern) for origin, pattern in json.loads(sys.argv[1])]))
`;
const HASURA = `
import json, sys
from bbb_graphql_server.cors import CorsDomains
def ask(domains, origin):
    try:
        return bool(CorsDomains(domains).headers(origin))
    except ValueError as error:
        return str(error)
print(json.dumps([ask(domains, origin) for domains, origin in json.loads(sys.argv[1])]))
`;

test("the websocket opens for the server's own pages and for the host that is authorized, by name alone", () => {
  const cases = [
    ["https://bbb-01.cluster.test", ""],
    ["https://bbb.cluster.test", ""],
    ["https://bbb.cluster.test", "bbb.cluster.test"],
    ["https://BBB.cluster.test", "*.cluster.test"],
    ["https://bbb.cluster.test", "https://bbb.cluster.test"],
    ["https://bbb.cluster.test.evil.test", "bbb.cluster.test"],
  ];
  expect(python(MIDDLEWARE, JSON.stringify(cases))).toEqual([true, false, true, true, false, false]);
});

test("the GraphQL server compares whole origins, and a wildcard does not include the bare domain", () => {
  const cases = [
    ["*", "https://anything.test"],
    ["https://bbb.cluster.test", "https://bbb.cluster.test"],
    ["https://bbb.cluster.test", "http://bbb.cluster.test"],
    ["https://a.test, https://*.cluster.test", "https://bbb.cluster.test"],
    ["https://*.cluster.test", "https://cluster.test"],
    ["bbb.cluster.test", "https://bbb.cluster.test"],
  ];
  expect(python(HASURA, JSON.stringify(cases))).toEqual([
    true,
    true,
    false,
    true,
    false,
    "HASURA_GRAPHQL_CORS_DOMAIN: invalid domain: bbb.cluster.test",
  ]);
});
