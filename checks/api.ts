import { element } from "./bbb-api";
import { type Check, seen } from "./check";
import type { ClusterNode, ClusterOrigin } from "./cluster";
import type { Features } from "./release";
import { type Answer, brief, request, text } from "./request";

const closedPaths = ["/", "/getMeetings", "/getMeetings?checksum=abc", "FOO", "/feedback/x"];
const json = { "Content-Type": "application/json" };

/** The node's API, at the node itself and the part of it that the proxy relays. */
export function apiChecks({ origin: cluster }: ClusterOrigin, node: ClusterNode, { meteor }: Features): Check[] {
  const relayed = `${cluster}/${node.name}/bigbluebutton/api`;
  // Meteor's client asks the proxy for nothing of the API.
  if (meteor) return [xmlCheck(node), closedCheck(node.name, relayed, ["", ...closedPaths])];
  return [
    xmlCheck(node),
    indexCheck(`${node.name}: API at the node`, node.api, node),
    indexCheck(`${node.name}: API at the proxy`, relayed, node),
    closedCheck(node.name, relayed, closedPaths),
    feedbackCheck(node, relayed),
  ];
}

/** The node itself answers. */
export function xmlCheck({ name, api }: ClusterNode): Check {
  return {
    name: `${name}: API in XML`,
    expected: "200 with returncode SUCCESS",
    async run() {
      const answer = await request(api);
      const code = element(text(answer), "returncode");
      return seen(answer.status === 200 && code === "SUCCESS", `${brief(answer)}, returncode ${code}`);
    },
  };
}

function indexCheck(name: string, url: string, { hostname }: ClusterNode): Check {
  const wanted = { graphqlWebsocketUrl: `wss://${hostname}/graphql`, graphqlApiUrl: `https://${hostname}/api/rest` };
  return {
    name,
    expected: `JSON that names ${Object.values(wanted).join(" and ")}`,
    async run() {
      const answer = await request(url, { headers: json });
      const said = readIndex(answer);
      const right = Object.entries(wanted).every(([key, value]) => said[key] === value);
      return seen(
        answer.status === 200 && right,
        `${answer.status}, ${said.graphqlWebsocketUrl}, ${said.graphqlApiUrl}`,
      );
    },
  };
}

function closedCheck(node: string, relayed: string, paths: string[]): Check {
  return {
    name: `${node}: rest of the API at the proxy`,
    expected: `404 for api${paths.join(", api")}`,
    async run() {
      const answers = await Promise.all(paths.map((path) => request(`${relayed}${path}`)));
      const seenStatus = answers.map((answer) => answer.status);
      return seen(
        seenStatus.every((status) => status === 404),
        seenStatus.join(", "),
      );
    },
  };
}

function feedbackCheck({ name, api }: ClusterNode, relayed: string): Check {
  const post = { method: "POST", headers: json, body: JSON.stringify({ rating: 5, comment: "verify" }) };
  return {
    name: `${name}: feedback at the proxy`,
    expected: "POST is relayed: the node's own answer",
    async run() {
      const urls = [`${api}/feedback`, `${relayed}/feedback`];
      const [direct, through] = (await Promise.all(urls.map((url) => request(url, post)))) as [Answer, Answer];
      const same = direct.status === through.status && text(direct) === text(through);
      return seen(same && ![404, 405, 502].includes(through.status), `${brief(through)}; at the node ${brief(direct)}`);
    },
  };
}

function readIndex(
  answer: Answer,
): Record<string, unknown> & { graphqlWebsocketUrl?: unknown; graphqlApiUrl?: unknown } {
  try {
    const parsed = JSON.parse(text(answer)) as { response?: Record<string, unknown> };
    return parsed.response ?? {};
  } catch {
    return {};
  }
}
