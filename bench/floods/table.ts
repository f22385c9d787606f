import { join } from "node:path";

import { measureInside } from "../front-door/rig";
import type { Table } from "../table";

/** Whether people get in while the proxy is flooded: with the program's files, and as Debian and the documentation have it. */
export const floods: Table = {
  title: "Floods",
  about:
    "the proxy's nginx and firewall with their real files in a network of their own, in which the floods stay, as root on " +
    "Debian 12; five minutes a round",
  measure: (rounds) => measureInside(join(__dirname, "inside.ts"), rounds),
};
