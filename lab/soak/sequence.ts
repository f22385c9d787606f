import { Random } from "./random";

/** What is done to a cluster in which people meet, by its kind. */
export const kinds = [
  "scale-out",
  "scale-in",
  "cordon",
  "replacement",
  "setting",
  "release",
  "reboot",
  "cut-off",
  "proxy",
  "new-proxy",
  "killed",
  "restart",
] as const;
export type Kind = (typeof kinds)[number];

/** One of them, with all that was drawn for it. */
export interface Operation {
  kind: Kind;
  /** On which node: for `scale-out` the one that comes. */
  node?: string;
  /** For how long something stays closed or away. */
  seconds?: number;
  /** `killed`: after how many requests to the cloud's API, and of which operation. */
  requests?: number;
  of?: "scale-out" | "scale-in";
}

/** The nodes of a cluster, by their numbers; those that left are not used again. */
export interface Members {
  there: number[];
  highest: number;
}

const fewest = 2;
const most = 4;
/** The lab begins with the release before the newest. */
const releases = 1;

/** Reads kinds, with commas between them; throws one sentence for one that there is not. */
export function readKinds(text: string): Kind[] {
  return text.split(",").map((word) => {
    const kind = kinds.find((each) => each === word.trim());
    if (kind === undefined) throw new Error(`there is no operation ${word.trim()}; there are ${kinds.join(", ")}`);
    return kind;
  });
}

/** So many operations, each kind before any comes again; or just these, in their order. They follow from the seed alone. */
export function drawSequence(seed: string, wanted: number | readonly Kind[], nodes: number): Operation[] {
  const random = new Random(`operations ${seed}`);
  const members = { there: Array.from({ length: nodes }, (_, index) => index + 1), highest: nodes };
  const count = typeof wanted === "number" ? wanted : wanted.length;
  const deck: Kind[] = typeof wanted === "number" ? [] : [...wanted];
  const drawn: Operation[] = [];
  let upgrades = 0;
  while (drawn.length < count) {
    if (!deck.some((kind) => isPossible(kind, members, upgrades))) deck.push(...random.shuffled(kinds));
    // What is not possible yet comes as soon as it is.
    const kind = deck.splice(
      deck.findIndex((each) => isPossible(each, members, upgrades)),
      1,
    )[0] as Kind;
    if (kind === "release") upgrades += 1;
    drawn.push(drawOperation(kind, random, members));
  }
  return drawn;
}

/** As people read it. */
export function renderOperation({ kind, of, node, seconds, requests }: Operation): string {
  const parts = [of, node, seconds === undefined ? undefined : `${seconds} s`];
  const at = requests === undefined ? undefined : `at request ${requests}`;
  return [kind, ...parts, at].filter((part) => part !== undefined).join(" ");
}

function isPossible(kind: Kind, { there }: Members, upgrades: number): boolean {
  if (kind === "scale-out") return there.length < most;
  if (kind === "scale-in") return there.length > fewest;
  return kind !== "release" || upgrades < releases;
}

function drawOperation(kind: Kind, random: Random, members: Members): Operation {
  const node = () => nameOf(random.pick(members.there));
  switch (kind) {
    case "scale-out":
      return { kind, node: nameOf(join(members)) };
    case "scale-in":
      return { kind, node: nameOf(leave(members, random)) };
    case "cordon":
      return { kind, node: node(), seconds: random.between(5, 20) };
    case "cut-off":
      return { kind, seconds: random.between(5, 15) };
    case "replacement":
    case "reboot":
    case "restart":
      return { kind, node: node() };
    case "killed": {
      const of = members.there.length < most ? "scale-out" : "scale-in";
      const number = of === "scale-out" ? join(members) : leave(members, random);
      return { kind, of, node: nameOf(number), requests: random.between(1, 40) };
    }
    default:
      return { kind };
  }
}

function join(members: Members): number {
  members.highest += 1;
  members.there.push(members.highest);
  return members.highest;
}

/** From the middle: the one with the highest number stays. */
function leave(members: Members, random: Random): number {
  const number = random.pick(members.there.filter((each) => each !== members.highest));
  members.there = members.there.filter((each) => each !== number);
  return number;
}

function nameOf(number: number): string {
  return `bbb-${String(number).padStart(2, "0")}`;
}
