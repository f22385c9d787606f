import { call } from "../bbb-api";
import { type Check, Mismatch, NotChecked, seen } from "../check";
import { isClient } from "../client";
import type { ClusterNode, ClusterOrigin } from "../cluster";
import type { Features } from "../release";
import { brief, request } from "../request";
import type { Attendance } from "./attendance";

/** A meeting is made, and its client is where it ought to be. */
export function joinCheck(
  { origin }: ClusterOrigin,
  { name }: ClusterNode,
  stay: Attendance,
  { meteor }: Features,
): Check {
  const client = `${origin}/${name}/html5client/${meteor ? "join" : ""}?sessionToken=`;
  return {
    name: `${name}: meeting`,
    expected: `created, joined, led to ${client}… with the client`,
    async run() {
      const { url } = (await stay.joined()).page;
      if (!url.startsWith(client) || url.length <= client.length)
        throw new Mismatch(`join leads to ${url.split("?")[0]}`);
      const page = await request(url);
      return seen(isClient(page, url), `${client}… answered ${brief(page)}`);
    },
  };
}

/** The same checks, and one that ends the meeting when all others are done with it. */
export function endAfterOthers(node: ClusterNode, stay: Attendance, checks: Check[]): Check[] {
  let finish = () => {};
  const all = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let left = checks.length;
  const count = () => {
    left -= 1;
    if (left === 0) finish();
  };
  return [...checks.map((check) => ({ ...check, run: () => check.run().finally(count) })), endCheck(node, stay, all)];
}

function endCheck(node: ClusterNode, stay: Attendance, others: Promise<unknown>): Check {
  return {
    name: `${node.name}: end of the meeting`,
    expected: "the meeting is gone once it has been ended",
    async run() {
      await others;
      const meetingID = await stay.end();
      if (meetingID === undefined) throw new NotChecked("there was no meeting");
      return seen(!(await call(node, "getMeetings")).includes(meetingID), meetingID);
    },
  };
}
