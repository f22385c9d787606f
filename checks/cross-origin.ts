import { type Check, seen } from "./check";
import type { ClusterNode, ClusterOrigin } from "./cluster";
import { type Features, where } from "./release";
import { type Answer, type RequestOptions, request } from "./request";

/**
 * One concern: what a browser on a page of the proxy asks a node, and how an answer allows or denies it. Where it would
 * ask whether it may (a preflight), both are asked; images, scripts and websockets have none.
 */
interface Concern {
  name: string;
  path: string;
  options: RequestOptions;
  allows(answer: Answer, origin: string): boolean;
  /** Whether it is there in a release; default: always. */
  holds?(features: Features): boolean | undefined;
}

const preflight: RequestOptions = { method: "OPTIONS", headers: { "Access-Control-Request-Method": "GET" } };
const upgrade: RequestOptions = {
  headers: {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dmVyaWZ5IHRoZSBsYWIhIQ==",
    "Sec-WebSocket-Protocol": "graphql-transport-ws",
  },
};

const concerns: Concern[] = [
  {
    // The request itself is made in a meeting: without a session nothing answers it that knows origins.
    name: "REST of GraphQL, asked before",
    path: "/api/rest/meetingStaticData",
    options: preflight,
    allows: echoesOrigin,
    holds: ({ meteor }) => !meteor,
  },
  {
    name: "GraphQL websocket",
    path: "/graphql",
    options: upgrade,
    allows: (answer) => answer.status === 101,
    holds: ({ meteor }) => !meteor,
  },
  {
    name: "slides",
    path: "/bigbluebutton/presentation/a1-1/a1-1/b2-2/svg/1",
    options: {},
    allows: echoesOrigin,
    holds: ({ meteor, guardedSlides }) => meteor || guardedSlides,
  },
  {
    name: "Etherpad's files",
    path: "/static/js/pad.js",
    options: {},
    allows: echoesOrigin,
    holds: ({ etherpad }) => etherpad,
  },
  {
    name: "notes of BlockNote, asked before",
    path: "/hocuspocus/api/documents",
    options: preflight,
    allows: echoesOrigin,
    holds: ({ blockNote }) => blockNote,
  },
  {
    name: "notes of BlockNote",
    path: "/hocuspocus/api/documents",
    options: {},
    allows: echoesOrigin,
    holds: ({ blockNote }) => blockNote,
  },
  { name: "bbb-web, asked before", path: "/bigbluebutton/api", options: preflight, allows: echoesOrigin },
  { name: "bbb-web", path: "/bigbluebutton/api", options: {}, allows: echoesOrigin },
];

/** For each concern: the proxy's pages may, a stranger's may not. */
export function crossOriginChecks({ origin: cluster }: ClusterOrigin, node: ClusterNode, features: Features): Check[] {
  const stranger = "https://stranger.example";
  return concerns.flatMap((concern) => {
    const holds = concern.holds ? concern.holds(features) : true;
    return [originCheck(concern, node, cluster, true), originCheck(concern, node, stranger, false)].flatMap((check) =>
      where(holds, check),
    );
  });
}

function originCheck(
  { name, path, options, allows }: Concern,
  node: ClusterNode,
  origin: string,
  wanted: boolean,
): Check {
  return {
    name: `${node.name}: ${name} for ${new URL(origin).hostname}`,
    expected: wanted ? "allowed" : "not allowed",
    async run() {
      const answer = await request(`${node.origin}${path}`, {
        ...options,
        headers: { ...options.headers, Origin: origin },
      });
      return seen(allows(answer, origin) === wanted, describe(answer));
    },
  };
}

function echoesOrigin(answer: Answer, origin: string): boolean {
  const { "access-control-allow-origin": allowed, "access-control-allow-credentials": credentials } = answer.headers;
  return allowed === origin && credentials === "true";
}

function describe({ status, headers }: Answer): string {
  const allowed = headers["access-control-allow-origin"] ?? "nobody";
  return status === 101
    ? "101"
    : `${status}, allows ${allowed}, credentials ${headers["access-control-allow-credentials"] ?? "no"}`;
}
