import { cpSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { MailSink } from "./mail-sink";
import { Programs, type Watched } from "./programs";
import { room } from "./room";

/** What somebody who is responsible was told so far; null: nobody watches yet. */
export interface Told {
  subjects: string[] | null;
}

/**
 * Watches a real cluster until it is killed: reads `targets.json` and `token` in FOLDER, as an administrator lays them
 * beside Prometheus' configuration, and writes `told.json` there.
 */
async function main([folder = ""]: string[]): Promise<void> {
  const watched: Watched = {
    authority: process.env["SSL_CERT_FILE"] ?? "",
    targets: () => JSON.parse(readFileSync(join(folder, "targets.json"), "utf8")),
    writeFor(place) {
      for (const name of ["targets.json", "token"]) cpSync(join(folder, name), join(place, name));
    },
  };
  const mails = new MailSink();
  await mails.listen(587);
  await new Programs(join(room(), "watching"), watched).start();
  for (;;) {
    const told: Told = { subjects: mails.mails.map(({ subject }) => subject) };
    writeFileSync(join(folder, "told.new"), JSON.stringify(told));
    renameSync(join(folder, "told.new"), join(folder, "told.json"));
    await setTimeout(200);
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
