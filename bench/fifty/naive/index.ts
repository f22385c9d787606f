import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

/** The files that the page edits on a node: each is uploaded by a step of its own. */
const files = [
  "bigbluebutton/bbb-web.properties",
  "bigbluebutton/bbb-html5.yml",
  "bigbluebutton/bbb-graphql-middleware.yml",
  "bigbluebutton/etherpad.json",
  "bigbluebutton/nginx/bbb-html5.nginx",
  "bigbluebutton/nginx/bbb-html5-locales.nginx",
  "bigbluebutton/nginx/bbb-html5-wasm.nginx",
  "bigbluebutton/nginx/cors.nginx",
  "bigbluebutton/turn-stun-servers.xml",
  "default/bbb-graphql-server",
  "systemd/system/bbb-web.service.d/override.conf",
];

for (let number = 1; number <= config.requireNumber("nodes"); number++) {
  const name = `bbb-${number}`;
  const connection = { host: `10.0.1.${number}`, user: "root" };
  const content = `# ${name}\nwelcome=${config.get("message") ?? ""}\n`;
  const uploads = files.map((file) => {
    const source = new pulumi.asset.StringAsset(content);
    return new remote.CopyToRemote(`${name}/${file}`, { connection, source, remotePath: `/etc/${file}` });
  });
  new remote.Command(
    `${name}/restart`,
    { connection, create: "bbb-conf --restart", update: "bbb-conf --restart", environment: { changed: content } },
    { dependsOn: uploads },
  );
}
