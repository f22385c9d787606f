import { cpus, totalmem } from "node:os";
import { defineCommand, runMain } from "citty";

import { fifty } from "./fifty/table";
import { floods } from "./floods/table";
import { frontDoor } from "./front-door/table";
import { renderTable, type Table } from "./table";

/** By the words that --only takes. */
const tables: Record<string, Table> = { "front-door": frontDoor, floods, fifty };

const names = Object.keys(tables).join(", ");

const main = defineCommand({
  meta: {
    name: "bench",
    description:
      "Measures this program against others that do the same, turn by turn. Nothing outside /tmp is touched.",
  },
  args: {
    only: { type: "string", description: `one table: ${names}` },
    rounds: { type: "string", default: "5", description: "how often each is measured; medians are shown" },
  },
  async run({ args }) {
    const rounds = Number(args.rounds);
    if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds is a number from 1 on, got ${args.rounds}`);
    const chosen = args.only === undefined ? Object.keys(tables) : [args.only];
    for (const name of chosen) {
      const table = tables[name];
      if (table === undefined) throw new Error(`--only takes one of ${names}, got ${name}`);
      await show(table, rounds);
    }
  },
});

async function show(table: Table, rounds: number): Promise<void> {
  const say = (line: string) => void process.stderr.write(`${new Date().toTimeString().slice(0, 8)} ${line}\n`);
  say(`${table.title}: ${table.about}`);
  const rows = await table.measure({ rounds, say });
  const memory = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${memory} GB, Node.js ${process.versions.node}`;
  console.log(`\n## ${table.title}\n\n${renderTable(rows)}\n`);
  console.log(`Medians of ${rounds}, taken turn by turn, on ${new Date().toISOString().slice(0, 10)}: ${machine}.\n`);
}

void runMain(main);
