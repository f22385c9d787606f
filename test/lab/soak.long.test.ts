import { afterAll, expect, test } from "vitest";

import { LabUnderTest } from "./lab";
import { succeeded } from "./outcome";

const lab = new LabUnderTest("term");

afterAll(() => lab.remove());

test("twenty operations, every kind among them, from a seed that nobody has chosen", async () => {
  const { stdout } = await succeeded(lab.lab("soak", "--operations", "20"));
  expect(stdout).toMatch(/^20 operations in /m);
}, 5_400_000);
