import { expect, test } from "vitest";

import { type ApiServer, collectStatus } from "../../checks/status";
import { renderMachines } from "../../checks/status-table";
import { nodeAt, withServer } from "./support";

const server: ApiServer = {
  id: 1001,
  name: "bbb-01",
  status: "running",
  public_net: { ipv4: { ip: "203.0.113.11" }, ipv6: { ip: "2001:db8:2::/64" } },
  private_net: [{ ip: "10.0.1.11" }],
};

test("a cluster that nobody answers for is shown all the same", async () => {
  const node = nodeAt("https://localhost:1");
  const machines = await collectStatus({ frontDoor: { ...node, name: "bbb" }, nodes: [node] }, null);
  expect(machines[1]).toMatchObject({
    name: "bbb-01",
    server: "-",
    state: "unreachable",
    ipv4: "203.0.113.11",
    door: "unreachable",
    meetings: "unreachable",
    certificate: "unreachable",
  });
});

test("a server that no output knows is shown with what the cloud knows", async () => {
  const table = renderMachines(await collectStatus(null, [server]));
  expect(table).toBe(
    [
      "MACHINE  SERVER  STATE    IPV4          IPV6           PRIVATE    DOOR  MEETINGS  CERTIFICATE  RELEASE  URL",
      "bbb-01   1001    running  203.0.113.11  2001:db8:2::1  10.0.1.11  -     -         -            -        -",
    ].join("\n"),
  );
});

test("a machine that the outputs name and the cloud does not is missing", async () => {
  const node = nodeAt("https://localhost:1");
  const [frontDoor] = await collectStatus({ frontDoor: { ...node, name: "bbb" }, nodes: [] }, []);
  expect(frontDoor?.state).toBe("missing");
});

test("the door of a node is open, closed or broken, as the front door answers", async () => {
  const door = (status: number, body: string) =>
    withServer(
      (_, response) => response.writeHead(status).end(body),
      async (origin) =>
        (await collectStatus({ frontDoor: { ...nodeAt(origin), name: "bbb" }, nodes: [nodeAt(origin)] }, []))[1]?.door,
    );
  expect(await door(200, '"wss://bbb-01.cluster.test/graphql"')).toBe("open");
  expect(await door(200, '"wss://bbb-02.cluster.test/graphql"')).toBe("broken (200)");
  expect(await door(404, "")).toBe("closed");
});
