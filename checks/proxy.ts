import { type Check, seen } from "./check";
import { absentNodes, type Cluster, type ClusterMachine, type ClusterOrigin } from "./cluster";
import { brief, request, text } from "./request";

/** What the proxy does apart from the nodes behind it. */
export function proxyChecks(cluster: Cluster): Check[] {
  const node = cluster.nodes.find(({ standalone }) => !standalone);
  const unknown = [...absentNodes(cluster), "example.org", "127.0.0.1"];
  return cluster.proxies.flatMap((proxy) => [
    redirectCheck(proxy, cluster),
    versionCheck(proxy),
    traceCheck(proxy),
    ...(node ? [strictTransportCheck(proxy, node.name)] : []),
    ...unknown.map((name) => unknownNodeCheck(proxy, name)),
  ]);
}

function redirectCheck({ name, hostname }: ClusterMachine, { origin }: ClusterOrigin): Check {
  const path = "/bbb-01/html5client/?sessionToken=abc";
  return {
    name: `${name}: port 80`,
    expected: `a redirect to ${origin}${path}`,
    async run() {
      const answer = await request(`http://${hostname}${path}`);
      const right = [301, 308].includes(answer.status) && answer.headers.location === `${origin}${path}`;
      return seen(right, brief(answer));
    },
  };
}

function versionCheck({ name, origin }: ClusterMachine): Check {
  return {
    name: `${name}: server header`,
    expected: "no version number",
    async run() {
      const answer = await request(`${origin}/no-such-page`);
      const said = String(answer.headers["server"] ?? "none");
      return seen(!/\d/.test(said) && !/nginx\/\d/.test(text(answer)), said);
    },
  };
}

function traceCheck({ name, origin }: ClusterMachine): Check {
  return {
    name: `${name}: TRACE`,
    expected: "405",
    async run() {
      const answer = await request(`${origin}/`, { method: "TRACE" });
      return seen(answer.status === 405, brief(answer));
    },
  };
}

function strictTransportCheck({ name, origin }: ClusterMachine, node: string): Check {
  return {
    name: `${name}: HTTPS only`,
    expected: "Strict-Transport-Security of half a year or more",
    async run() {
      const answer = await request(`${origin}/${node}/html5client/`);
      const said = String(answer.headers["strict-transport-security"] ?? "none");
      return seen(Number(/max-age=(\d+)/.exec(said)?.[1]) >= 15_552_000, said);
    },
  };
}

function unknownNodeCheck({ name, origin }: ClusterMachine, node: string): Check {
  return {
    name: `${name}: unknown node ${node}`,
    expected: "404 for its client and its API",
    async run() {
      const paths = [`/${node}/html5client/`, `/${node}/bigbluebutton/api`];
      const answers = await Promise.all(paths.map((path) => request(`${origin}${path}`)));
      return seen(
        answers.every((answer) => answer.status === 404),
        answers.map((answer) => answer.status).join(" and "),
      );
    },
  };
}
