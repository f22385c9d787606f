import { expect, test } from "vitest";

import { makeRoot, python, startService } from "./simulation";

const PROPERTIES = "/usr/share/bbb-web/WEB-INF/classes/bigbluebutton.properties";
const WORKING = "bigbluebutton.web.serverURL=https://x.test\nsecuritySalt=s\nsupportedChecksumAlgorithms=sha1\n";
const OPTIONS = ["-Dserver.address=127.0.0.1", "-Dserver.port=0", "-Xms384m"];

async function failure(options: string[], properties: string, env = {}): Promise<string> {
  const starting = startService("bbb_web", options, makeRoot({ [PROPERTIES]: properties }), env);
  return await starting.then(
    () => "it started",
    (error: Error) => error.message,
  );
}

test.concurrent("bbb-web needs every setting of /etc/default/bbb-web", async () => {
  expect(await failure(["-Dserver.address=", "-Dserver.port=", "-Xms"], WORKING)).toBe(
    "fatal: Invalid initial heap size: -Xms",
  );
});

test.concurrent("bbb-web does not start with options that Java does not know", async () => {
  expect(await failure(OPTIONS, WORKING, { JDK_JAVA_OPTIONS: "-Dgood=1 bad" })).toBe(
    "fatal: Error: cannot specify main class in environment variable JDK_JAVA_OPTIONS: bad",
  );
});

test.concurrent("bbb-web does not start with a property that refers to nothing", async () => {
  expect(await failure(OPTIONS, `${WORKING}graphqlApiUrl=\${nothing}/api\n`)).toBe(
    `fatal: could not resolve placeholder 'nothing' in value "\${nothing}/api"`,
  );
});

test.concurrent("bbb-web does not start without a secret", async () => {
  expect(await failure(OPTIONS, "bigbluebutton.web.serverURL=https://x.test\n")).toBe(
    "fatal: could not resolve placeholder 'securitySalt'",
  );
});

test.concurrent("the middleware does not start with broken YAML", async () => {
  const middleware = startService(
    "bbb_graphql_middleware",
    [],
    makeRoot({ "/etc/bigbluebutton/bbb-graphql-middleware.yml": "```yaml\nserver:\n" }),
  );
  await expect(middleware).rejects.toThrow(/^fatal: Error while reading the configuration: .*found character '`'/);
});

test.concurrent("broken YAML in the client's overrides silently means no overrides at all", () => {
  const root = makeRoot({
    "/defaults.yml": "public:\n  app:\n    basename: /html5client\n    list: [1, 2]\n",
    "/good.yml": "public:\n  app:\n    basename: /bbb-01/html5client\n    list: [3]\n",
    "/broken.yml": "public: [\n",
  });
  const program = `
import json, sys
from bbb_apps_akka import client_settings
print(json.dumps([client_settings.load(f"{sys.argv[1]}/defaults.yml", f"{sys.argv[1]}/{name}.yml")["public"]["app"]
                  for name in ("good", "broken", "missing")]))
`;
  expect(python(program, root)).toEqual([
    { basename: "/bbb-01/html5client", list: [3] },
    { basename: "/html5client", list: [1, 2] },
    { basename: "/html5client", list: [1, 2] },
  ]);
});
