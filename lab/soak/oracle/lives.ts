import type { Fault, Told } from "../evidence";

/** A meeting on a node, from its beginning to its end, as the node's log has it. */
export interface Life {
  room: string;
  meeting: string;
  machine: string;
  node: string;
  recorded: boolean;
  /** When somebody was let in last, if anybody was. */
  lastIn?: number;
  from: number;
  /** Infinity: it goes on. */
  to: number;
  /** `cut`: bbb-web, or the whole machine, went away under it. */
  how: "running" | "ended" | "cut";
  proof: string[];
}

/** The meetings of all nodes, in the order in which they began. */
export function livesOf(told: readonly Told[]): Life[] {
  const lives: Life[] = [];
  const running = (machine: string) => lives.filter((life) => life.machine === machine && life.how === "running");
  for (const { at, machine, node, what, room, meeting, recorded, line } of told.toSorted(byTime)) {
    if (what === "created") {
      const proof = [line];
      const begun = { from: at, to: Infinity, how: "running", proof } as const;
      lives.push({ room, meeting, machine, node, recorded, ...begun });
    }
    if (what === "joined") {
      for (const life of running(machine)) if (life.meeting === meeting) life.lastIn = at;
    }
    const over = what === "ended" ? running(machine).filter((life) => life.meeting === meeting) : [];
    const cut = what === "started" || what === "gone" ? running(machine) : [];
    for (const life of [...over, ...cut]) {
      life.how = over.includes(life) ? "ended" : "cut";
      life.to = at;
      life.proof.push(line);
    }
  }
  return lives;
}

/** The fault on purpose that cut a meeting, if one did. */
export function faultBehind({ how, node, to }: Life, faults: readonly Fault[]): Fault | undefined {
  return how === "cut" ? faults.find((fault) => fault.where === node && fault.from <= to && to <= fault.to) : undefined;
}

function byTime(one: Told, other: Told): number {
  return one.at - other.at;
}
