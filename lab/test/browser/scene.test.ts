import { describe, expect, test } from "vitest";

import { readScene } from "../../browser/scene";

function outputs(...states: string[]): unknown {
  return {
    url: "https://bbb.cluster.test",
    proxies: [{ name: "bbb", hostname: "bbb.cluster.test" }],
    nodes: states.map((state, index) => ({
      name: `bbb-0${index + 1}`,
      state,
      hostname: `bbb-0${index + 1}.cluster.test`,
      api: `https://bbb-0${index + 1}.cluster.test/bigbluebutton/api`,
    })),
    loadBalancerServers: { servers: {} },
    ssh: "",
  };
}

describe("the scene of the browser test", () => {
  test("in cluster mode has both clients below the proxy", () => {
    const { places, shared } = readScene(outputs("present", "present", "present"));
    expect(places.map(({ address }) => address)).toEqual([
      "https://bbb.cluster.test/bbb-01/html5client/",
      "https://bbb.cluster.test/bbb-02/html5client/",
    ]);
    expect(shared).toBe(true);
  });

  test("out of cluster mode has each client at its node", () => {
    const { places, shared } = readScene(outputs("standalone", "standalone"));
    expect(places.map(({ address }) => address)).toEqual([
      "https://bbb-01.cluster.test/html5client/",
      "https://bbb-02.cluster.test/html5client/",
    ]);
    expect(shared).toBe(false);
  });

  test("needs two nodes", () => {
    expect(() => readScene(outputs("present"))).toThrow("the browser test needs two nodes");
  });
});
