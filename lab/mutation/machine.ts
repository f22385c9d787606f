import type { ManagedFile } from "./rows";

/** Runs a program on the node, with something on its stdin, and resolves to its stdout; rejects when it fails. */
export type Execute = (argv: string[], input?: string) => Promise<string>;

/** A managed file and what has to be restarted for it to count. */
export interface RecordedFile extends ManagedFile {
  restart: string[];
}

const RECORDS = "/var/lib/bbb-cluster/records.json";
const RELOAD_MILLISECONDS = 300;
const START_MILLISECONDS = 1500;

/** Parts that a server may do without: which lines are for them, by file or key, and how it is seen that they are there. */
const OPTIONAL = [
  { name: "Etherpad", lines: /etherpad\.json$|^public\.pads\./, isThere: hasUnit("etherpad") },
  { name: "LiveKit", lines: /livekit\.yaml$|^public\.media\.livekit\./, isThere: hasUnit("livekit-server") },
  { name: "location without a slash", lines: /^location ~ \S*\\\.\\\./, isThere: hasOpenLocation },
];

function hasUnit(unit: string) {
  return async (execute: Execute) =>
    (await execute(["systemctl", "show", "--value", "-p", "LoadState", unit])).trim() !== "not-found";
}

// As the documentation page has it, added by hand.
async function hasOpenLocation(execute: Execute): Promise<boolean> {
  return /^\s*location \/\S+\/html5client\S*(?<!\/) \{/m.test(await execute(["nginx", "-T", "-q"]));
}

interface FileRecord {
  format: string;
  restart: string[];
  keys?: Record<string, unknown>;
}

/** The files that the host program manages for the cluster, from its records on the node. */
export async function recordedFiles(execute: Execute): Promise<RecordedFile[]> {
  const { scopes } = JSON.parse(await execute(["cat", RECORDS])) as {
    scopes: Record<string, Record<string, FileRecord>>;
  };
  return Object.entries(scopes["node"] ?? {}).map(([path, { format, restart, keys }]) => {
    return { path, format, restart, keys: Object.keys(keys ?? {}) };
  });
}

/** Overwrites a file; owner and mode stay. */
export async function writeFile(execute: Execute, path: string, text: string): Promise<void> {
  await execute(["sh", "-c", 'cat >"$1"', "sh", path], text);
}

/** Makes what reads a file read it again, whether or not that likes it; resolves to false if nginx refuses its configuration. */
export async function activate(execute: Execute, restart: readonly string[]): Promise<boolean> {
  const quietly = (...argv: string[]) =>
    execute(argv).then(
      () => true,
      () => false,
    );
  if (restart.includes("daemon-reload")) await quietly("systemctl", "daemon-reload");
  for (const unit of restart.filter((name) => name !== "nginx" && name !== "daemon-reload")) {
    await quietly("systemctl", "reset-failed", unit);
    await quietly("systemctl", "restart", unit);
    const type = await execute(["systemctl", "show", "--value", "-p", "Type", unit]);
    if (["simple", "exec"].includes(type.trim())) await sleep(START_MILLISECONDS);
  }
  if (!restart.includes("nginx")) return true;
  if (!(await quietly("nginx", "-t", "-q"))) return false;
  await quietly("systemctl", "reload", "nginx");
  await sleep(RELOAD_MILLISECONDS);
  return true;
}

/** The part that a line is for, if this machine does not have it. */
export async function absentPart(execute: Execute, path: string, line: string): Promise<string | undefined> {
  const part = OPTIONAL.find(({ lines }) => lines.test(path) || lines.test(line));
  return part && !(await part.isThere(execute)) ? part.name : undefined;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
