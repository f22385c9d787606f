import { setTimeout } from "node:timers/promises";

import { type BbbApi, callUrl } from "./bbb-api";
import { tenantCertificateChecks } from "./certificates";
import { type Check, Mismatch, unless } from "./check";
import { isClient } from "./client";
import type { Cluster, Frontend } from "./cluster";
import { brief, request } from "./request";
import type { Meetings } from "./session/meetings";
import type { Vantage } from "./vantage";

/** From the load balancer to the node, and from there to the client. */
const mostRedirects = 4;

/** Scalelite gives a node meetings from its next poll on, within a minute after it was told of it. */
const untilPolled = { times: 14, milliseconds: 5000 };

/** What those find who ask the load balancer for meetings, each tenant under its own name. */
export function frontendChecks(
  cluster: Cluster,
  vantage: Vantage,
  meetings: Meetings | null,
  patience = untilPolled,
): Check[] {
  return cluster.frontends.flatMap((frontend) => [
    ...(frontend.isTenant ? tenantCertificateChecks(frontend, vantage) : []),
    ...(meetings ? [meetingCheck(cluster, frontend, meetings, patience)] : []),
  ]);
}

/** The circle closed: a meeting is made by the load balancer's API, and who joins it ends at a client of the cluster. */
function meetingCheck(
  { origin, nodes }: Cluster,
  frontend: Frontend,
  meetings: Meetings,
  patience: typeof untilPolled,
): Check {
  const open = nodes.filter(({ standalone, draining }) => !standalone && !draining);
  return unless(open.length === 0 && "no node is open to new meetings", {
    name: `${frontend.name}: meeting through the load balancer`,
    expected: `created, joined, led to a client of the cluster at ${origin}, ended`,
    async run() {
      const meetingID = await created(frontend, meetings, frontend.isTenant ? { ...patience, times: 1 } : patience);
      try {
        const url = await joinedAt(frontend, meetingID, origin);
        const { pathname } = new URL(url);
        const names = nodes.map(({ name }) => name);
        const wanted = names.some((name) => new RegExp(`^/${name}/html5client/(join)?$`).test(pathname));
        if (!wanted) throw new Mismatch(`join leads to ${url.split("?")[0]}`);
        const page = await request(url);
        if (!isClient(page, url)) throw new Mismatch(`${url.split("?")[0]} answered ${brief(page)}`);
        return `${origin}${pathname}`;
      } finally {
        await meetings.end(meetingID);
      }
    },
  });
}

/** Creates a meeting, so many times while there is no node for it. */
async function created(frontend: Frontend, meetings: Meetings, patience: typeof untilPolled): Promise<string> {
  for (let left = patience.times; ; left--) {
    try {
      return await meetings.create(frontend, {});
    } catch (error) {
      if (left <= 1 || !/internalError/.test(`${error}`)) throw error;
      await setTimeout(patience.milliseconds);
    }
  }
}

/** Where a browser comes to that follows a join as far as the cluster's own address. */
async function joinedAt(frontend: BbbApi, meetingID: string, origin: string): Promise<string> {
  let url = callUrl(frontend, "join", { meetingID, redirect: "true", fullName: "Verifier", role: "MODERATOR" });
  for (let left = mostRedirects; left > 0 && new URL(url).origin !== origin; left--) {
    const answer = await request(url);
    const { location } = answer.headers;
    if (!location) throw new Mismatch(`join at ${new URL(url).host} answered ${brief(answer)}`);
    url = new URL(location, url).href;
  }
  return url;
}
