import type { Asked, Evidence, Served, Told } from "../../soak/evidence";
import { goneAt, readRequestLog, readWebLog } from "../../soak/logs";
import { judge } from "../../soak/oracle/oracle";

/** Seconds after noon. */
export const noon = Date.parse("2026-11-26T12:00:00Z");
const stamp = (seconds: number) => new Date(noon + seconds * 1000).toISOString();

export const ask = (seconds: number, asked: Record<string, string>) =>
  ({ at: noon + seconds * 1000, ...asked }) as unknown as Asked;

const line = (seconds: number, data: object) =>
  `${stamp(seconds)} INFO  o.b.api.MeetingService -  --analytics-- data=${JSON.stringify(data)}`;
const id = (room: string) => `id-of-${room}`;

/** Lines of a bbb-web's log. */
export const began = (seconds: number, room: string, record = false) =>
  line(seconds, { meetingId: id(room), externalMeetingId: room, name: room, record, logCode: "create_meeting" });
export const letIn = (seconds: number, room: string, person: string) =>
  line(seconds, { meetingId: id(room), externalMeetingId: room, name: person, userid: "w_1", logCode: "join_api" });
export const ended = (seconds: number, room: string) =>
  line(seconds, { meetingId: id(room), externalMeetingId: room, logCode: "meeting_ended" });
export const started = (seconds: number) =>
  `${stamp(seconds)} INFO  o.b.BigBlueButtonApplication - Started Application`;

/** The log of a node; each has a machine. */
export const node = (name: string, ...lines: string[]): Told[] =>
  readWebLog(`${lines.join("\n")}\n`, { machine: `10${name.slice(-2)}`, node: name });
export const deleted = (seconds: number, name: string): Told =>
  goneAt(noon + seconds * 1000, { machine: `10${name.slice(-2)}`, node: name });

/** Lines of the proxy's log of requests. */
export const served = (...lines: [seconds: number, path: string, status?: number][]): Served[] =>
  readRequestLog(
    lines
      .map(([seconds, path, status = 200]) => {
        const moment = stamp(Math.floor(seconds)).replace(/\.\d+Z$/, "+00:00");
        return `198.51.100.0 [${moment}] "GET ${path}" ${status} 2199 0.006 MISS\n`;
      })
      .join(""),
  );

export const page = "/bbb-01/html5client/";
export const asset = "/bbb-01/html5client/main.0123456789abcdef.js";

/** Ada's lesson in physics on bbb-01, as it went well, with what is different. */
export function lesson(other: Partial<Evidence> = {}): Evidence {
  return {
    asked: [
      ask(0, { what: "join", person: "ada", room: "physics" }),
      ask(2, { what: "fetch", person: "ada", path: page }),
      ask(3, { what: "fetch", person: "ada", path: asset }),
      ask(60, { what: "end", room: "physics" }),
    ],
    told: node("bbb-01", started(-9), began(1, "physics"), letIn(2, "physics", "ada"), ended(61, "physics")),
    served: served([2.4, page], [3.1, asset]),
    faults: [],
    balancer: { nodes: [{ node: "bbb-01", enabled: true }], meetings: [], recordings: [] },
    journal: [],
    onNodes: [],
    nodes: ["bbb-01"],
    cloud: [{ kind: "servers", id: "1", name: "bbb-01" }],
    state: [{ kind: "servers", id: "1", name: "bbb-01" }],
    until: noon + 90_000,
    ...other,
  };
}

export const at = (seconds: number) => noon + seconds * 1000;
export const proofOf = (evidence: Evidence) => judge(evidence).findings.flatMap(({ proof }) => proof);

/** What is found in it, a line each. */
export function found(evidence: Evidence): string[] {
  return judge(evidence).findings.map(({ law, what, excused }) => `${law}: ${what}${excused ? " (excused)" : ""}`);
}
