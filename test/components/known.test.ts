import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";

import { settled } from "../../components/known";

test("an SDK that does not say what is known is an error, and not an unknown", async () => {
  const output = pulumi.output("example.com");
  expect(await settled(output)).toEqual({ value: "example.com" });
  Object.assign(output, { isKnown: undefined });
  await expect(settled(output)).rejects.toThrow("use the release in package-lock.json");
});
