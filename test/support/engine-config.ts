import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach } from "vitest";

/** Each test reads the configuration that it sets, from an engine that is asked nothing else. */
export function configurationOnly(): void {
  beforeEach(async () => {
    const never = () => {
      throw new Error("nothing is asked of the engine");
    };
    await pulumi.runtime.setMocks({ newResource: never, call: never }, "bbb-cluster");
  });

  afterEach(() => {
    pulumi.runtime.setAllConfig({});
    delete process.env["PULUMI_CONFIG_SECRET_KEYS"];
  });
}
