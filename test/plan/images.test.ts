import { expect, test } from "vitest";

import { imageObjection } from "../../plan/images";

const now = new Date("2026-09-30T12:00:00Z");
const made = {
  architecture: "x86",
  created: "2026-09-01T00:00:00Z",
  osFlavor: "ubuntu",
  osVersion: "22.04",
  labels: { "bbb-cluster-image": "0123456789abcdef", "bbb-cluster-release": "3.0.30" },
};

test.each(["3.0", "3.0.28", "3.0.38"])(
  "an image of a node is for every release that its Ubuntu is for, such as %s",
  (release) => {
    expect(imageObjection(made, release, now)).toBeUndefined();
  },
);

test.each([
  ["is gone", undefined, "there is none in this project at Hetzner"],
  [
    "is older than 30 days",
    { ...made, created: "2026-08-30T00:00:00Z" },
    "it is 31 days old, 30 at most; make another",
  ],
  ["is another Ubuntu", { ...made, osVersion: "24.04" }, "it is ubuntu-24.04, BigBlueButton 3.0 needs ubuntu-22.04"],
  ["is for ARM", { ...made, architecture: "arm", labels: {} }, "it is for arm, BigBlueButton needs x86"],
])("one that %s is refused, with what to do", (_, image, reason) => {
  const said = imageObjection(image, "3.0", now);
  expect(said).toContain(reason);
  expect(said).toContain("pulumi config rm nodeImage");
});

test("what the administrator has made by other means is believed, whatever its age and system", () => {
  const own = { ...made, created: "2020-05-12T00:00:00Z", osFlavor: "unknown", osVersion: "", labels: {} };
  expect(imageObjection(own, "2.7", now)).toBeUndefined();
});
