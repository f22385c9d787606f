import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { makeRoot, python } from "./simulation";

const OVERRIDE = "/etc/bigbluebutton/bbb-web.properties";
const SITE = "/etc/nginx/sites-available/bigbluebutton";
const FILES = {
  [OVERRIDE]: "# mine\nsecuritySalt=kept\nbigbluebutton.web.serverURL=http://old.test\nmaxPages=7",
  "/usr/share/bbb-web/WEB-INF/classes/bigbluebutton.properties": "securitySalt=packaged\n",
  "/etc/bigbluebutton/bbb-apps-akka.conf": 'services {\n  bbbWebAPI = "x"\n  sharedSecret = ""\n}\n',
  [SITE]: "server {\n  listen 443 ssl http2;\n  server_name old.test;\n}\n",
};
const SET_HOST = `
import os, sys
os.environ["BBB_ROOT"] = sys.argv[1]
from bbb_conf import configuration, report
configuration.set_host("bbb-01.cluster.test")
configuration.set_default_logout_url()
import json
print(json.dumps(report.secret(configuration.web_properties())))
`;

test("--setip writes the host everywhere and leaves foreign lines as they are; --secret reads it back", () => {
  const root = makeRoot(FILES);
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  expect(python(SET_HOST, root)).toBe(
    "\n    URL: https://bbb-01.cluster.test/bigbluebutton/\n    Secret: kept\n\n    Link to the API-Mate:\n" +
      "    https://mconf.github.io/api-mate/#server=https://bbb-01.cluster.test/bigbluebutton/&sharedSecret=kept\n",
  );
  expect(read(OVERRIDE)).toBe(
    "# mine\nsecuritySalt=kept\nbigbluebutton.web.serverURL=https://bbb-01.cluster.test\nmaxPages=7\n" +
      "bigbluebutton.web.logoutURL=default\n",
  );
  expect(read("/etc/bigbluebutton/bbb-apps-akka.conf")).toBe(
    'services {\n  bbbWebAPI = "https://bbb-01.cluster.test/bigbluebutton/api"\n  sharedSecret = "kept"\n}\n',
  );
  expect(read(SITE)).toContain("server_name bbb-01.cluster.test;");
});
