import { afterAll, expect, test } from "vitest";

import { LabUnderTest } from "./lab";

const lab = new LabUnderTest("term");

afterAll(() => lab.remove());

test("twenty operations, every kind among them, from a seed that nobody has chosen", async () => {
  const { status, stdout } = await lab.lab("soak", "--operations", "20");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^20 operations in /m);
}, 5_400_000);
