import type { Holder } from "../../checks/occupancy";
import type { Clock } from "./clock";
import type { Limits } from "./planner";

/** What a node says of itself; `wanted`: something waits for it to be empty. */
export interface Look {
  empty: boolean;
  obstacle: string;
  /** Null: nobody knows. */
  people: number | null;
  cordons: readonly Holder[];
  wanted: boolean;
}

/** The nodes of a cluster, and what a walk does to them. A kill between any two calls has to leave nothing lost. */
export interface World {
  nodes: readonly { name: string; capacity: number }[];
  clock: Clock;
  /** What a node says; rejects when it does not answer. */
  look(node: string): Promise<Look>;
  close(node: string): Promise<void>;
  open(node: string): Promise<void>;
  /** Does what waits, if anything does, until the node is back and well; `later` if it could not be begun. Rejects with what is wrong. */
  act(node: string, wanted: boolean): Promise<"done" | "later">;
  /** Hears what was done. */
  say(line: string): void;
  /** Hears what is waited for. */
  wait(text: string): void;
}

/** The options of a walk, times in milliseconds. */
export interface WalkOptions extends Limits {
  /** How long it goes on without a node being done. */
  patience: number;
  /** How long a node may be silent before it is given up. */
  silence: number;
  poll: number;
  /** Only these are changed; undefined: all. */
  only?: readonly string[] | undefined;
}
