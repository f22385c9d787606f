import type { Served, Told } from "./evidence";

/** On a node. */
export const webLog = "var/log/bigbluebutton/bbb-web.log";
/** On the proxy and the balancer. */
export const requestLog = "var/log/nginx/access.log";

/** Which machine a log is of. */
export interface Source {
  machine: string;
  node: string;
}

const codes: Readonly<Record<string, Told["what"]>> = {
  create_meeting: "created",
  join_api: "joined",
  meeting_ended: "ended",
};

/** What a node's bbb-web tells of meetings; lines about anything else are left out. */
export function readWebLog(text: string, { machine, node }: Source): Told[] {
  return text.split("\n").flatMap((line) => {
    const at = Date.parse(line.slice(0, line.indexOf(" ")));
    const told = { at, machine, node, line: `${node}: ${line}` };
    if (line.endsWith(" - Started Application")) return [{ ...told, ...nobody, what: "started" as const }];
    const data = line.split(" --analytics-- data=")[1];
    const { logCode, externalMeetingId, meetingId, name, record } = data === undefined ? {} : JSON.parse(data);
    const what = codes[logCode];
    if (what === undefined) return [];
    const person = what === "joined" ? name : "";
    return [{ ...told, what, room: externalMeetingId, meeting: meetingId, person, recorded: record === true }];
  });
}

/** That a machine was deleted, as the last thing told of it. */
export function goneAt(at: number, { machine, node }: Source): Told {
  return {
    ...nobody,
    at,
    machine,
    node,
    what: "gone",
    line: `${node}: ${new Date(at).toISOString()} deleted (${machine})`,
  };
}

/** What a machine's nginx tells of requests, in the program's own format. */
export function readRequestLog(text: string): Served[] {
  return text.split("\n").flatMap((line) => {
    const found = /^\S+ \[([^\]]+)\] "\S+ (\S*)" (\d{3}) /.exec(line);
    return found ? [{ at: Date.parse(found[1] ?? ""), path: found[2] ?? "", status: Number(found[3]), line }] : [];
  });
}

const nobody = { room: "", meeting: "", person: "", recorded: false };
