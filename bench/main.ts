import { cpus, totalmem } from "node:os";
import { defineCommand, runCommand, showUsage } from "citty";

import { checkArguments, UsageError } from "../cli/command-line";
import { fifty } from "./fifty/table";
import { floods } from "./floods/table";
import { frontDoor } from "./front-door/table";
import { renderTable, type Table } from "./table";

/** By the words that --only takes. */
const tables: Record<string, Table> = { "front-door": frontDoor, floods, fifty };

const names = Object.keys(tables).join(", ");

const options = {
  only: { type: "string", description: `one table: ${names}` },
  rounds: { type: "string", default: "5", description: "how often each is measured; medians are shown" },
} as const;

const main = defineCommand({
  meta: {
    name: "npm run bench --",
    description:
      "Measures this program against others that do the same, turn by turn. Nothing outside /tmp is touched.",
  },
  args: options,
  async run({ args }) {
    if (!/^[1-9]\d*$/.test(args.rounds)) throw new UsageError(`--rounds is a number from 1 on, got ${args.rounds}`);
    const rounds = Number(args.rounds);
    const chosen = args.only === undefined ? Object.keys(tables) : [args.only];
    for (const name of chosen) {
      const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
      if (table === undefined) throw new UsageError(`--only takes one of ${names}, got ${name}`);
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

async function run(argv: string[]): Promise<void> {
  if (argv.includes("--help") || argv.includes("-h")) return showUsage(main);
  checkArguments(argv, options, "see: npm run bench -- --help");
  await runCommand(main, { rawArgs: argv });
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
