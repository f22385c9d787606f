import { join } from "node:path";
import { build } from "esbuild";

/** Where the bundled server of shared notes lies in its package. */
export const NOTES_SERVER = "usr/local/bigbluebutton/bbb-shared-notes-server/bbb-shared-notes-server.js";

/** Writes the server of shared notes, with hocuspocus and all that it needs, as one file for Debian 12's Node.js. */
export async function writeNotesServer(file: string): Promise<void> {
  await build({
    entryPoints: [join(__dirname, "shared-notes/server.ts")],
    outfile: file,
    bundle: true,
    platform: "node",
    target: "node18",
    format: "cjs",
    logLevel: "error",
    // Node.js 18 has Web Crypto, but not yet as a global; and a bundle that is no ES module knows no import.meta.
    banner: {
      js: `globalThis.crypto ??= require("node:crypto").webcrypto;
const moduleUrl = require("node:url").pathToFileURL(__filename).href;`,
    },
    define: { "import.meta.url": "moduleUrl" },
  });
}
