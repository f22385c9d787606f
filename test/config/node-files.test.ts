import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { configOf, problemsOf } from "../support/stack";

const slides = "/var/www/bigbluebutton-default/assets/default.pdf";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "node-files-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A local file with this content, or of this size. */
function local(content: string | number, name = "file"): string {
  const place = join(folder, name);
  writeFileSync(place, typeof content === "string" ? content : "");
  if (typeof content === "number") truncateSync(place, content);
  return place;
}

describe("a file of the administrator's", () => {
  test("is known by what is in it, found beside Pulumi.yaml, and is root's to write and everybody's to read", () => {
    const source = "test/support/files/default.pdf";
    expect(configOf({ nodeFiles: [{ path: slides, source }] }).nodeFiles).toEqual([
      {
        path: slides,
        source: {
          source: join(process.cwd(), source),
          sha256: "bf86a1b2bbda7e335a3cb09175988deeba7a9da4c3f670b6565dd66b2c1958bb",
        },
        mode: "0644",
        restart: [],
      },
    ]);
  });

  test("that cannot be taken is refused with the reason", () => {
    mkdirSync(join(folder, "folder"));
    for (const [source, reason] of [
      [join(folder, "none"), "there is none"],
      [join(folder, "folder"), "it is a folder"],
      ["/dev/null", "it is no file"],
      [`${local("")}/below`, "there is none"],
      [local(20 * 1024 * 1024 + 1), "it is larger than 20 MB"],
    ] as const) {
      const [problem] = problemsOf({ nodeFiles: [{ path: slides, source }] });
      expect(problem).toMatch(/^nodeFiles\[0\]\.source must be a file of this project, relative to Pulumi\.yaml/);
      expect(problem).toContain(`(${reason}), got`);
      expect(problem).toContain("; run: pulumi config rm --path 'nodeFiles[0]'");
    }
  });

  test("may be 20 MB, and all of them together no more", () => {
    const [first, second] = [local(20 * 1024 * 1024, "first"), local("1", "second")];
    expect(problemsOf({ nodeFiles: [{ path: slides, source: first }] })).toEqual([]);
    const both = [
      { path: slides, source: first },
      { path: `${slides}.2`, source: second },
    ];
    expect(problemsOf({ nodeFiles: both })[0]).toMatch(/^nodeFiles must be files of at most 20 MB together, got/);
  });

  test.each([
    "etc/x",
    "/etc/../root/x",
    "/etc//x",
    "/etc/x/",
    "/etc/./x",
    "/etc/a b",
    "/etc/{a,b}",
    "/",
    "/root/.ssh/authorized_keys",
    "/root/.ssh",
    "/etc/ssh/sshd_config.d/x.conf",
    "/var/lib/bbb-cluster/records.json",
    "/opt/bbb-cluster/x",
    "/run/x",
    "/var/run/x",
    "/tmp/x",
    "/proc/sys/x",
    "/sys/x",
    "/dev/x",
    "/etc/letsencrypt/cli.ini",
    "/etc/bigbluebutton/bbb-web.properties",
    "/etc/bigbluebutton/bbb-html5.yml",
    "/etc/bigbluebutton/etherpad.json",
    "/etc/bigbluebutton/livekit.yaml",
    "/etc/bigbluebutton/bigbluebutton-release",
    "/etc/bigbluebutton/nginx/bbb-cluster.nginx",
    "/etc/bigbluebutton/nginx/zz-bbb-cluster-cors.nginx",
    "/etc/systemd/system/bbb-html5-backend@.service.d/cluster.conf",
    "/etc/systemd/system/bbb-cluster-maintain.timer",
    "/etc/apt/apt.conf.d/99bbb-cluster-updates",
    "/usr/local/sbin/bbb-cluster",
  ])("may not be %s", (path) => {
    const problems = problemsOf({ nodeFiles: [{ path, source: local("x") }] });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^nodeFiles\[0\]\.path must be .*; run: pulumi config rm --path 'nodeFiles\[0\]'$/);
  });

  test.each([
    slides,
    "/etc/bigbluebutton/turn-stun-servers.xml",
    "/etc/bigbluebutton/nginx/favicon.nginx",
    "/etc/bigbluebutton/recording/recording.yml",
    "/opt/freeswitch/etc/freeswitch/sip_profiles/external/provider.xml",
    "/usr/local/bigbluebutton/core/scripts/post_publish/post_publish_upload.rb",
    "/usr/local/bigbluebutton/bbb-webrtc-sfu/config/production.yml",
    "/runtime/x",
    "/etc/..x",
  ])("may be %s", (path) => {
    expect(problemsOf({ nodeFiles: [{ path, source: local("x") }] })).toEqual([]);
  });

  test("has a path of its own", () => {
    const source = local("x");
    for (const [first, second] of [
      ["/srv/a", "/srv/a"],
      ["/srv/a", "/srv/a/b"],
      ["/srv/a/b", "/srv/a"],
    ]) {
      const items = [first, second].map((path) => ({ path, source }));
      expect(problemsOf({ nodeFiles: items })[0]).toContain("nodeFiles[1].path must be a path that no other item has");
    }
  });

  test.each(["644", "0999", "4755", "0044", "u=rw"])("has no mode %s", (mode) => {
    expect(problemsOf({ nodeFiles: [{ path: slides, source: local("x"), mode }] })[0]).toMatch(/^nodeFiles\[0\]\.mode/);
  });

  test("restarts what BigBlueButton has and keeps no data", () => {
    const problem = (restart: unknown) => problemsOf({ nodeFiles: [{ path: slides, source: local("x"), restart }] });
    expect(problem(["bbb-web", "freeswitch", "nginx", "bbb-rap-resque-worker"])).toEqual([]);
    for (const unit of ["redis-server", "ssh", "everything", "bbb-web.service", "daemon-reload"]) {
      expect(problem([unit])[0]).toMatch(/^nodeFiles\[0\]\.restart\[0\] must be one of nginx, freeswitch/);
    }
  });
});

describe("a hook", () => {
  test("is a script", () => {
    expect(problemsOf({ nodeHook: local("#!/bin/sh\nexit 0\n") })).toEqual([]);
    expect(problemsOf({ nodeHook: local("#! /usr/bin/env python3\n") })).toEqual([]);
  });

  test.each([
    ["echo hello\n", "its first line is not #! and an interpreter"],
    ["", "its first line is not #! and an interpreter"],
    ["#!/bin/sh\r\nexit 0\r\n", "its lines end as Windows has it"],
    [`#!/bin/sh\n${"#".repeat(64 * 1024)}`, "it is larger than 64 KB"],
  ])("that begins with %j is none", (content, reason) => {
    expect(problemsOf({ nodeHook: local(content.slice(0, 70_000)) })[0]).toContain(`(${reason}), got`);
  });

  test("that is not there stops everything", () => {
    expect(problemsOf({ nodeHook: join(folder, "none") })[0]).toMatch(/^nodeHook must be .*\(there is none\), got/);
  });
});
