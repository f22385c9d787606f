import { expect, test } from "vitest";

import { builtAt } from "../../bigbluebutton/build";
import { RELEASES } from "../../bigbluebutton/releases";
import { packagedFile } from "./simulation";

/** bigbluebutton#14027 renamed the path in 2.4.2, #14556 saw it live in 2.4.4; #21523 corrected only the documentation. */
test.each(RELEASES)(
  "$version: the learning dashboard is served, and looked for, below /learning-analytics-dashboard",
  (release) => {
    const nginx = packagedFile(
      release,
      "bbb-learning-dashboard",
      "usr/share/bigbluebutton/nginx/learning-dashboard.nginx",
    );
    expect(nginx.match(/location (\S+)/)?.[1]).toBe("/learning-analytics-dashboard/");
    const settings = release.variants.includes("meteor")
      ? "usr/share/meteor/bundle/programs/server/assets/app/config/settings.yml"
      : "usr/share/bigbluebutton/html5-client/private/config/settings.yml";
    expect(packagedFile(release, "bbb-html5", settings)).toContain(
      "learningDashboardBase: /learning-analytics-dashboard\n",
    );
  },
);

/** An administrator's own variables are read since 3.0.15, after the package's. */
test.each(RELEASES)("$version: bbb-web reads /etc/bigbluebutton/bbb-web.env only since 3.0.15", (release) => {
  const unit = packagedFile(release, "bbb-web", "usr/lib/systemd/system/bbb-web.service");
  const files = [...unit.matchAll(/^EnvironmentFile=(.*)$/gm)].map(([, file]) => file);
  const own = ["2.7.15", "3.0.4"].includes(release.version) ? [] : ["-/etc/bigbluebutton/bbb-web.env"];
  expect(files).toEqual(["/etc/default/bbb-web", ...own]);
});

/** Pages of two releases have the same size; with the same time, too, nginx would take one for the other (304). */
test("no two releases were built at the same time, and none will be", () => {
  const times = RELEASES.map(builtAt);
  expect(new Set(times).size).toBe(RELEASES.length);
  expect(Math.max(...times)).toBeLessThan(Date.UTC(2026, 0) / 1000);
});
