import { randomBytes } from "node:crypto";

import { call, callUrl } from "./bbb-api";
import { type Check, Mismatch, seen } from "./check";
import { isClient } from "./client";
import type { ClusterMachine, ClusterNode } from "./cluster";
import type { Features } from "./release";
import { brief, request } from "./request";

/** A meeting's life: created by the API, joined, seen in the client below the front door, ended again. */
export function meetingCheck(frontDoor: ClusterMachine, node: ClusterNode, { meteor }: Features): Check {
  const client = `${frontDoor.origin}/${node.name}/html5client/${meteor ? "join" : ""}?sessionToken=`;
  return {
    name: `${node.name}: meeting`,
    expected: `created, joined, led to ${client}… with the client, ended`,
    async run() {
      const meetingID = `verify-${randomBytes(6).toString("hex")}`;
      await call(node, "create", { name: "Verification", meetingID });
      try {
        return await join(node, meetingID, client);
      } finally {
        await call(node, "end", { meetingID });
        await expectGone(node, meetingID);
      }
    },
  };
}

async function join(node: ClusterNode, meetingID: string, client: string): Promise<string> {
  const parameters = { meetingID, fullName: "Verifier", role: "MODERATOR", redirect: "true" };
  const redirect = await request(callUrl(node, "join", parameters));
  const target = redirect.headers.location ?? "";
  if (![302, 303].includes(redirect.status) || !target.startsWith(client) || target.length <= client.length) {
    throw new Mismatch(`join answered ${brief(redirect)}`);
  }
  const page = await request(target);
  return seen(isClient(page, target), `${target.slice(0, client.length)}… answered ${brief(page)}`);
}

async function expectGone(node: ClusterNode, meetingID: string): Promise<void> {
  if ((await call(node, "getMeetings")).includes(meetingID)) throw new Mismatch("the meeting is still there after end");
}
