import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config("bbb-cluster");
const interval = config.requireNumber("interval");
const targets = config.requireNumber("targets");

const network = new hcloud.Network("network", { ipRange: "10.0.0.0/16" });
const subnet = new hcloud.NetworkSubnet("subnet", {
  ...{ networkId: network.id.apply(Number), type: "cloud", networkZone: "eu-central", ipRange: "10.0.1.0/24" },
});
const balancer = new hcloud.LoadBalancer("front", {
  ...{ loadBalancerType: config.require("type"), location: "fsn1", algorithm: { type: "least_connections" } },
  labels: { of: "front" },
});
const loadBalancerId = balancer.id.apply(Number);
const attachment = new hcloud.LoadBalancerNetwork("attachment", { loadBalancerId, subnetId: subnet.id });

for (const port of [80, 443]) {
  new hcloud.LoadBalancerService(`port-${port}`, {
    ...{ loadBalancerId: balancer.id, protocol: "tcp", listenPort: port, destinationPort: port, proxyprotocol: true },
    healthCheck: {
      ...{ protocol: "http", port: 8080, interval, timeout: 2, retries: 2 },
      http: { path: "/health", statusCodes: ["200"] },
    },
  });
}
new hcloud.LoadBalancerService("plain", {
  ...{ loadBalancerId: balancer.id, protocol: "tcp", listenPort: 1935, destinationPort: 1935 },
});

for (let number = 1; number <= targets; number++) {
  const server = new hcloud.Server(`server-${number}`, {
    ...{ serverType: "cx23", image: "debian-13", location: "fsn1" },
  });
  const serverId = server.id.apply(Number);
  const attached = new hcloud.ServerNetwork(`attached-${number}`, { serverId, subnetId: subnet.id });
  new hcloud.LoadBalancerTarget(
    `target-${number}`,
    { type: "server", loadBalancerId, serverId, usePrivateIp: true },
    { dependsOn: [attachment, attached] },
  );
}

export const addresses = [balancer.ipv4, balancer.ipv6, attachment.ip];
