import { join } from "node:path";
import { expect, test } from "vitest";

import { startRig } from "./rig";

const type = "bbb-cluster:type";

test("the provider makes, changes and takes away a load balancer, and finds nothing to change in between", async () => {
  const name = "load-balancer";
  const values = { [type]: "lb11", "bbb-cluster:interval": 3, "bbb-cluster:targets": 1 };
  const rig = await startRig({ project: join(__dirname, name), name, config: values });
  const { pulumi, cloud, config } = rig;
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  const [balancer] = cloud.store.loadBalancers.all();
  expect(balancer).toMatchObject({ type: "lb11", algorithm: "least_connections", labels: { of: "front" } });
  expect(await pulumi.outputs()).toEqual({
    addresses: [balancer?.ipv4, balancer?.ipv6Network.replace("::/64", "::1"), balancer?.nic?.ip],
  });
  const served = () => cloud.fabric.loadBalancers.all.get(balancer?.id ?? 0);
  const check = { protocol: "http", port: 8080, interval: 3, timeout: 2, retries: 2 };
  expect([...(served()?.services ?? [])].sort((a, b) => a.listenPort - b.listenPort)).toMatchObject([
    { listenPort: 80, proxyprotocol: true, healthCheck: { ...check, http: { path: "/health", statusCodes: ["200"] } } },
    { listenPort: 443, destinationPort: 443, proxyprotocol: true, healthCheck: check },
    { listenPort: 1935, proxyprotocol: false, healthCheck: { protocol: "tcp", interval: 15, timeout: 10, retries: 3 } },
  ]);
  expect(served()?.targets).toHaveLength(1);
  expect(await pulumi.preview("--expect-no-changes")).toMatchObject({ status: 0 });
  expect(await pulumi.refresh("--expect-no-changes")).toMatchObject({ status: 0 });

  config.set({ [type]: "lb21", "bbb-cluster:interval": 5, "bbb-cluster:targets": 2 });
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  expect(served()).toMatchObject({ maxConnections: 20_000, targets: { length: 2 } });
  expect(
    served()
      ?.services.map(({ healthCheck }) => healthCheck.interval)
      .sort(),
  ).toEqual([15, 5, 5]);
  expect(await pulumi.preview("--expect-no-changes")).toMatchObject({ status: 0 });

  config.set({ "bbb-cluster:interval": 2 });
  const refused = await pulumi.up();
  expect(refused.status).not.toBe(0);
  expect(refused.output).toContain("invalid input in field 'health_check'");
  expect(refused.output).toContain("Must be between 3 and 60.");

  expect(await pulumi.destroy()).toMatchObject({ status: 0 });
  expect(cloud.objects()).toEqual([]);
});
