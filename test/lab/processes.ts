import { readdirSync, readFileSync } from "node:fs";

const everyMilliseconds = 25;

/** Watches what anybody on this machine, in the lab or on one of its machines, sees of processes; `end` tells all of it. */
export function watchProcesses(): { end(): string } {
  const seen = new Set<string>();
  const timer = setInterval(() => {
    for (const line of commandLines()) seen.add(line);
  }, everyMilliseconds);
  return {
    end() {
      clearInterval(timer);
      return [...seen].join("\n");
    },
  };
}

function commandLines(): string[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids.flatMap((id) => {
    try {
      return [readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ")];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}
