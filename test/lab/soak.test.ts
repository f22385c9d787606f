import { afterAll, expect, test } from "vitest";

import { LabUnderTest } from "./lab";
import { succeeded } from "./outcome";

const lab = new LabUnderTest("soak");

afterAll(() => lab.remove());

test("three operations while a school meets end no meeting, split no room and fail no join; what is found is said by the soak", async () => {
  const { stdout } = await succeeded(lab.lab("soak", "--sequence", "restart,scale-in,cut-off", "--seed", "1"));
  expect(stdout).toMatch(/^3 operations in \d+ min with seed 1: \d+ meetings \(\d+ recorded\), \d+ joins, /m);
});
