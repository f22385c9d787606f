import { z } from "zod";

import { execute } from "../execute";

/** What a server's own record says of it; null where it cannot be read, as on one that is off. */
export type HostRecord = (ipv4: string | undefined) => Promise<"configured" | "new" | null>;

// Nothing is believed of what is only looked at: the worst that another machine can say keeps a server from being deleted.
const options = ["BatchMode=yes", "ConnectTimeout=10", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"];
const record = "/var/lib/bbb-cluster/requests.json";
const notes = z.record(z.string(), z.looseObject({ state: z.string() }));

/** Asks a server by SSH, with the keys that the administrator has. */
export const askHost: HostRecord = async (ipv4) => {
  if (ipv4 === undefined) return null;
  const args = options.flatMap((option) => ["-o", option]);
  try {
    const said = await execute("ssh", [...args, "-l", "root", "--", ipv4, `cat ${record} 2>/dev/null || echo {}`], {
      bytes: 100_000,
      seconds: 30,
    });
    const done = Object.entries(notes.parse(JSON.parse(said))).filter(([, { state }]) => state === "done");
    return done.some(([command]) => command.startsWith("configure-")) ? "configured" : "new";
  } catch {
    return null;
  }
};
