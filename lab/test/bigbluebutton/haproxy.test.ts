import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";

import { INSTALLER_LINES, installerScript } from "../../bigbluebutton/installer";
import { makeRoot } from "./simulation";

/**
 * The oracle is install_haproxy and install_ssl of bigbluebutton/bbb-install: v2.7.x-release@4f8ad4c426 and
 * v3.0.x-release@26ce2d16c2 offer h2, the script of 4.0 says "Http2 is disabled".
 */
let folder: string;
beforeAll(() => {
  folder = makeRoot(Object.fromEntries(INSTALLER_LINES.map((line) => [`/${line}.sh`, installerScript(line)])));
});

/** The lines that a function of a line's script prints. */
function printed(line: string, call: string): string[] {
  const values = "HOST=bbb-01.cluster.test IP=203.0.113.11 WEBROOT=/var/www/bigbluebutton-default/assets";
  const program = `source <(sed '/^main /d' "$0"); ${values}; ${call}`;
  const text = execFileSync("bash", ["-c", program, join(folder, `${line}.sh`)], { encoding: "utf8" });
  return text.split("\n").map((each) => each.trim());
}

test.each([
  ["2.7", "h2,http/1.1,stun.turn"],
  ["3.0", "h2,http/1.1,stun.turn"],
  ["4.0", "http/1.1,stun.turn"],
])("%s: haproxy ends TLS on 443, offers %s, and tells by ALPN or the first byte where it goes", (line, alpn) => {
  const lines = printed(line, "haproxy_configuration");
  expect(lines.filter((each) => /^(bind|use_backend|default_backend|server|tcp-request content)/.test(each))).toEqual([
    `bind *:443,:::443 ssl crt /etc/haproxy/certbundle.pem ssl-min-ver TLSv1.2 alpn ${alpn}`,
    "tcp-request content capture req.payload(0,1) len 1",
    "use_backend nginx-http2 if { ssl_fc_alpn h2 }",
    "use_backend nginx if { ssl_fc_alpn http/1.1 }",
    "use_backend turn if { ssl_fc_alpn stun.turn }",
    "use_backend %[capture.req.hdr(0),map_str(/etc/haproxy/protocolmap,turn)]",
    "default_backend turn",
    "server localhost 203.0.113.11:3478",
    "server localhost 127.0.0.1:81 send-proxy check",
    "server localhost 127.0.0.1:82 send-proxy check",
  ]);
});

test("nginx listens behind it, takes the browser's address from it, and names no port in redirects", () => {
  const lines = printed("3.0", "site_behind_haproxy");
  expect(lines.filter((each) => /^(listen|set_real_ip|real_ip|absolute_redirect|set )/.test(each))).toEqual([
    "set_real_ip_from 127.0.0.1;",
    "real_ip_header proxy_protocol;",
    "real_ip_recursive on;",
    "listen 127.0.0.1:82 http2 proxy_protocol;",
    "listen [::1]:82 http2;",
    "listen 127.0.0.1:81 proxy_protocol;",
    "listen [::1]:81;",
    "absolute_redirect off;",
    'set $real_scheme "https";',
  ]);
});

test("a renewed certificate reaches haproxy with its key, in one file that others cannot read", () => {
  const hook = printed("3.0", "renewal_hook");
  const live = "/etc/letsencrypt/live/bbb-01.cluster.test";
  expect(hook).toContain(
    `{ cat ${live}/fullchain.pem; echo; cat ${live}/privkey.pem; } > /etc/haproxy/certbundle.pem.new`,
  );
  expect(hook).toContain("chmod 0640 /etc/haproxy/certbundle.pem.new");
  expect(hook.filter(Boolean).at(-1)).toBe("systemctl reload haproxy");
});

test("with a TURN server of one's own nginx serves 443 itself", () => {
  expect(printed("3.0", "tls_site").filter((each) => each.startsWith("listen"))).toEqual([
    "listen 443 ssl http2;",
    "listen [::]:443 ssl http2;",
  ]);
});
