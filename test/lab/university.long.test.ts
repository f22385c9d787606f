import { afterAll, describe, expect, test, vi } from "vitest";

import { LabUnderTest } from "./lab";
import { succeeded } from "./outcome";

const lab = new LabUnderTest("university");
/** 60 characters. */
const domain = "video.digital-learning.faculty-of-botany.example-college.org";

vi.stubEnv("SSH_AUTH_SOCK", "/tmp/no-such-agent.sock");

afterAll(() => lab.remove());

/** A script of shell, run on the node by its administrator. */
function byHand(node: string, script: string) {
  const text = Buffer.from(`set -euo pipefail\n${script}`).toString("base64");
  // Read as a whole before it runs: the installer reads standard input, too.
  return lab.shell(`echo ${text} | base64 -d | ssh ${node} 'bash -c "$(cat)"'`);
}

/** What comes before BigBlueButton on a node whose certificates are those of the university's own CA. */
function ownAuthority(certificates: string[], directory: string): string {
  return [
    ...certificates.map(
      (text, index) => `cat > /usr/local/share/ca-certificates/own-${index}.crt <<'END'\n${text}\nEND`,
    ),
    "update-ca-certificates >/dev/null",
    "apt-get update >/dev/null && apt-get install -qq --yes certbot >/dev/null",
    `echo 'server = ${directory}' >> /etc/letsencrypt/cli.ini`,
    "export REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt",
  ].join("\n");
}

/** The documentation page for 3.0, word for word, but for the stray code fence, with which nothing would run. */
function documentationPage(node: string): string {
  const proxy = `bbb.${domain}`;
  const host = `${node}.${domain}`;
  return `
cat >> /etc/bigbluebutton/bbb-web.properties <<'END'
defaultHTML5ClientUrl=https://${proxy}/${node}/html5client
presentationBaseURL=https://${host}/bigbluebutton/presentation
accessControlAllowOrigin=https://${proxy}
graphqlWebsocketUrl=wss://${host}/graphql
graphqlApiUrl=https://${host}/api/rest
END
cat > /etc/bigbluebutton/bbb-html5.yml <<'END'
public:
  app:
    basename: '/${node}/html5client'
    bbbWebBase: 'https://${host}/bigbluebutton'
    learningDashboardBase: 'https://${host}/learning-dashboard'
  media:
    stunTurnServersFetchAddress: 'https://${host}/bigbluebutton/api/stuns'
    sip_ws_host: '${host}'
  kurento:
    wsUrl: wss://${host}/bbb-webrtc-sfu
  presentation:
    uploadEndpoint: 'https://${host}/bigbluebutton/presentation/upload'
  # for BBB 2.4:
  note:
    url: 'https://${host}/pad'
  # for BBB 2.5 or later
  pads:
    url: 'https://${host}/pad'
END
mkdir -p /etc/systemd/system/bbb-html5.service.d
cat > /etc/systemd/system/bbb-html5.service.d/cluster.conf <<'END'
[Service]
Environment=ROOT_URL=https://127.0.0.1/${node}/html5client
Environment=DDP_DEFAULT_CONNECTION_URL=https://${host}/${node}/html5client
END
sed -i 's#location /html5client#location /${node}/html5client#' /usr/share/bigbluebutton/nginx/bbb-html5.nginx*
cat >> /usr/share/bigbluebutton/nginx/bbb-html5.nginx <<'END'
location =/html5client/locale {
  return 301 /${node}$request_uri;
}
END
cat > /etc/bigbluebutton/etherpad.json <<'END'
{
	"cluster_proxies": [
		"https://${proxy}"
	]
}
END
cat >> /etc/default/bbb-web <<'END'
JDK_JAVA_OPTIONS="-Dgrails.cors.enabled=true -Dgrails.cors.allowCredentials=true -Dgrails.cors.allowedOrigins=https://${proxy},https://https://${host}"
END
cat > /etc/bigbluebutton/bbb-graphql-middleware.yml <<'END'
server:
  authorized_cross_origin: ${proxy}
END
echo 'HASURA_GRAPHQL_CORS_DOMAIN="https://${proxy}"' >> /etc/default/bbb-graphql-server
systemctl daemon-reload
bbb-conf --restart`;
}

describe.sequential("a university's cluster", () => {
  test("has a domain of 60 characters, and a shell that has outlived its SSH agent", async () => {
    expect(domain).toHaveLength(60);
    await succeeded(lab.lab("up", "--nodes", "1", "--domain", domain));
    await succeeded(lab.lab("verify"));
  });

  test("its domain is the lab's for good", async () => {
    const { status, stderr } = await lab.lab("up", "--domain", "other.test");
    expect(status).not.toBe(0);
    expect(stderr).toContain(`was made with the domain ${domain}`);
  });

  test("plain pulumi says what the shell lacks, before it makes anything", async () => {
    const { status, stdout } = await lab.shell("pulumi config set nodes 2; pulumi up --yes --skip-preview");
    expect(status).not.toBe(0);
    expect(stdout).toContain("run `unset SSH_AUTH_SOCK`");
    expect((await lab.shell("hcloud server list -o noheader -o columns=name")).stdout.trim().split("\n")).toHaveLength(
      2,
    );
  });

  test("takes over a node that was set up by hand after the documentation page", async () => {
    const machineOnly = "--exclude '**::bbb-02-configured' --exclude-dependents";
    vi.unstubAllEnvs();
    vi.stubEnv("SSH_AUTH_SOCK", undefined);
    await lab.shell(`pulumi up --yes --skip-preview --suppress-outputs ${machineOnly}`);
    const { stdout } = await lab.shell("pulumi config --json");
    const config = JSON.parse(stdout);
    const value = (key: string) => config[`bbb-cluster:${key}`];
    const { url } = value("installer").objectValue;
    await succeeded(
      byHand(
        "bbb-02",
        [
          ownAuthority(value("extraCaCertificates").objectValue, value("acmeDirectory").value),
          `curl -fsSO ${url}`,
          `bash bbb-install.sh -v jammy-300 -s bbb-02.${domain} -e ${value("acmeEmail").value} -r packages.lab.test`,
          documentationPage("bbb-02"),
        ].join("\n"),
      ),
    );

    await succeeded(byHand("bbb-02", "grep -q cluster_proxies /etc/bigbluebutton/etherpad.json"));

    await succeeded(lab.shell("pulumi up --yes --skip-preview --suppress-outputs"));
    expect((await lab.lab("verify")).stdout).toMatch(/ checks, 0 failed, /);
    await succeeded(lab.shell("npm run -s drift"));
    const { stdout: table } = await lab.lab("mutate", "--node", "bbb-02", "--only", "bbb-cluster.nginx");
    expect(table).toMatch(/\\.\\.\/ \{…\}\s+traversal at the node/);
    const { stdout: options } = await byHand(
      "bbb-02",
      "tr '\\0' '\\n' < /proc/$(systemctl show --value -p MainPID bbb-web)/environ",
    );
    expect(options).toMatch(/^JDK_JAVA_OPTIONS=.*https:\/\/https:.*-Dgrails/m);
  });
});
