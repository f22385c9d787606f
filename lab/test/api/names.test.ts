import { describe, expect, it } from "vitest";

import { Names } from "../../api/names";
import { Store } from "../../api/store";
import { gate } from "./gate";
import { MemoryFabric } from "./memory-fabric";
import { temporaryFolder } from "./test-api";

describe("publishing names", () => {
  it("once serves all who asked while another publication was under way", async () => {
    const fabric = new MemoryFabric();
    const names = new Names(new Store(temporaryFolder()), fabric);
    const first = gate();
    fabric.gates.set("publish", first.promise);
    const running = names.publish();
    await Promise.resolve();
    await Promise.resolve();
    const waiting = [names.publish(), names.publish(), names.publish()];
    first.open();
    await Promise.all([running, ...waiting]);
    expect(fabric.calls).toEqual(["publish 0", "publish 0"]);
  });

  it("goes on after a publication that failed", async () => {
    const fabric = new MemoryFabric();
    const names = new Names(new Store(temporaryFolder()), fabric);
    fabric.failures.set("publish", 1);
    await expect(names.publish()).rejects.toThrow("publish failed as told");
    await expect(names.publish()).resolves.toBeUndefined();
  });
});
