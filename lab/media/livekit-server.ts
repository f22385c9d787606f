import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { run } from "../images/run";
import type { Artefact } from "../toolchain/artefacts";
import { findCached } from "../toolchain/cache";
import { type Context, processContext, ToolchainError } from "../toolchain/context";
import { findGo } from "../toolchain/go";
import { build } from "../toolchain/obtain";

/** The LiveKit server, built from its Go module by the module beside this file. */
export const livekitServer: Artefact = {
  name: "livekit-server",
  title: "LiveKit server",
  version: "1.9.12",
  expected: "1 to 3 minutes",
  modules: ["livekit-server"],
  recipe: 1,
  programs: ["livekit-server"],
  build: async (workshop) => {
    await workshop.compile("livekit-server", "github.com/livekit/livekit-server/cmd/server", "livekit-server", []);
    await workshop.expect("livekit-server", ["--version"], "livekit-server version 1.9.12");
  },
};

/** The path of the LiveKit server, which is built if the cache lacks it; fails where there is no Go for that. */
export async function ensureLivekitServer(progress: (line: string) => void): Promise<string> {
  const context = processContext(__dirname, progress);
  const { dir } = findCached(context, livekitServer) ?? (await buildWithGo(context));
  return join(dir, "livekit-server");
}

async function buildWithGo(context: Context) {
  if ((await findGo(context)) === undefined) {
    throw new ToolchainError(
      "the lab's nodes need the LiveKit server, which is built with Go, and there is no Go 1.19 or newer here; " +
        "install it (Debian: apt-get install golang-go) and run this again",
    );
  }
  return build(context, livekitServer);
}

/** Packs the LiveKit server as a Debian package into the folder `pool`; it is the same for every release. */
export async function packLivekitServer(pool: string, work: string, progress: (line: string) => void): Promise<void> {
  const tree = join(work, "livekit-server");
  mkdirSync(join(tree, "DEBIAN"), { recursive: true });
  mkdirSync(join(tree, "usr/bin"), { recursive: true });
  copyFileSync(await ensureLivekitServer(progress), join(tree, "usr/bin/livekit-server"));
  writeFileSync(join(tree, "DEBIAN/control"), control());
  const deb = join(pool, `livekit-server_${livekitServer.version}_amd64.deb`);
  const pack = ["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, deb];
  await run(pack, { label: "package livekit-server", progress });
  rmSync(tree, { recursive: true });
}

function control(): string {
  const fields = {
    Package: "livekit-server",
    Version: livekitServer.version,
    Architecture: "amd64",
    Maintainer: "the lab <root@packages.lab.test>",
    Section: "web",
    Priority: "optional",
    Description: "LiveKit, the media server of BigBlueButton",
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("");
}
