import { join } from "node:path";

import type { Table } from "../table";
import { measureInside } from "./rig";

/** What the proxy costs its nodes and itself: its own nginx with the program's files, against the documentation's. */
export const frontDoor: Table = {
  title: "The front door",
  about: "the proxy's nginx with its real files in a network of its own, as root on Debian 12; two minutes a round",
  measure: (rounds) => measureInside(join(__dirname, "inside.ts"), rounds),
};
