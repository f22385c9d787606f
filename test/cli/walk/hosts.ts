import type { Holder, Occupancy } from "../../../checks/occupancy";
import type { Ssh } from "../../../cli/ssh";
import { minute } from "../../../cli/walk/clock";
import { clusterAt, nodeAt } from "../../checks/support";
import type { VirtualClock } from "./virtual-clock";

/** What a machine does when it is asked to apply what waits; its answer, or an error. */
export type Apply = (host: Host) => object | Error;

/** A node's host programs, as far as a walk asks them. */
export class Host {
  cordons: Occupancy["cordons"] = {};
  pending: Occupancy["pending"] = null;
  people = 0;
  /** What would be lost with it. */
  recordings = "";
  findings: string[] = [];
  reboots: string[] | null = null;
  booted = "Thu 2026-01-01 00:00:00 UTC";
  /** It cannot be reached between these times. */
  silent: { from: number; until: number } = { from: 0, until: 0 };
  readonly asked: string[] = [];
  apply: Apply = (host) => {
    host.pending = null;
    return { applied: true, left: "", reboot: false };
  };

  constructor(private readonly clock: VirtualClock) {}

  /** Is away for two minutes from now on, after a moment in which it still answers. */
  reboot(seconds = 10): void {
    const from = this.clock.now() + seconds * 1000;
    this.silent = { from, until: from + 2 * minute };
    this.clock.sleep(seconds * 1000).then(() => {
      this.booted = "Thu 2026-01-01 09:00:00 UTC";
      this.reboots = null;
    });
  }

  answer(command: string, input: string): string {
    const now = this.clock.now();
    if (now >= this.silent.from && now < this.silent.until) throw new Error("no route to host");
    if (command === "systemctl reboot") this.reboot(0);
    if (command === "systemctl reboot") throw new Error("Connection closed by remote host");
    if (command.includes("systemctl show")) return `${this.booted}\n`;
    const name = command.replace("/usr/local/sbin/bbb-cluster ", "").replace(" </dev/null", "");
    this.asked.push(name);
    return JSON.stringify(this.run(name, input === "" ? {} : JSON.parse(input)));
  }

  private run(name: string, request: { by?: Holder; reason?: string }): object {
    const { people, cordons, pending } = this;
    if (name === "occupancy") {
      const recordings = { waiting: 0, obstacle: this.recordings, findings: this.findings };
      const obstacle = people ? `${people} people` : "";
      return { empty: people === 0, obstacle, meetings: 1, people, cordons, pending, recordings };
    }
    if (name === "due") return { held: [], waiting: [], old: [], reboot: this.reboots, last: null };
    if (name === "cordon") this.cordons = { ...cordons, [request.by ?? ""]: { since: "now", reason: request.reason } };
    if (name === "uncordon")
      this.cordons = Object.fromEntries(Object.entries(cordons).filter(([by]) => by !== request.by));
    if (name !== "apply") return { cordons: this.cordons };
    const answer = this.apply(this);
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

/** A cluster of such machines, reached by SSH. */
export function hosts(clock: VirtualClock, names: readonly string[]) {
  const machines = new Map(names.map((name) => [name, new Host(clock)]));
  const ssh: Ssh = async (machine, command, { input = "" } = {}) => {
    const host = machines.get(machine);
    if (host === undefined) throw new Error("no such host");
    return host.answer(command, input);
  };
  const nodes = names.map((name) => ({ ...nodeAt("https://localhost:1"), name }));
  const reach = { cluster: clusterAt("https://localhost:1", nodes), ssh };
  return { reach, host: (name: string) => machines.get(name) as Host };
}

/** A change that waits on a node. */
export const change = { since: "2026-11-26T08:00:00Z", what: ["BigBlueButton 3.0.31"] };
