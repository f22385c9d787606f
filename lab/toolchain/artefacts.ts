import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Workshop } from "./workshop";

/** One thing that can be had ready-made or be built: a folder of programs. */
export interface Artefact {
  name: string;
  title: string;
  version: string;
  expected: string;
  /** Folders of the Go modules it is built from. */
  modules: string[];
  /** Raised when `build` changes in a way that its sources do not show. */
  recipe: number;
  programs: string[];
  build: (workshop: Workshop) => Promise<void>;
}

/** A Pulumi resource plugin, of exactly the version that the Node SDK asks for. */
export interface Plugin extends Artefact {
  program: string;
  /** How the description calls a build of ours. */
  builtNote: string;
}

/** The oldest CLI of the operator's own that will do. */
export const oldestCliVersion = "3.248.0";

/** The Pulumi CLI and the language host, which it looks for in its own folder. */
export const cli: Artefact = {
  name: "pulumi",
  title: "Pulumi CLI",
  version: "3.259.0",
  expected: "5 to 8 minutes",
  modules: ["pulumi-cli", "language-nodejs"],
  recipe: 1,
  programs: ["pulumi", "pulumi-language-nodejs"],
  build: async (workshop) => {
    const variable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
    const host = "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs";
    await workshop.compile("language-nodejs", host, "pulumi-language-nodejs", [`${variable}=v3.68.0`]);
    const main = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
    await workshop.compile("pulumi-cli", main, "pulumi", [`${variable}=v3.259.0`]);
    await workshop.expect("pulumi", ["version"], "v3.259.0");
  },
};

/** Hetzner Cloud: the Terraform provider behind Pulumi's bridge. */
export const hcloud: Plugin = {
  name: "hcloud",
  title: "hcloud plugin",
  version: "1.41.0",
  expected: "4 to 6 minutes",
  modules: ["hcloud-plugin"],
  recipe: 1,
  program: "pulumi-resource-hcloud",
  programs: ["pulumi-resource-hcloud"],
  builtNote: "built from Go modules",
  build: async (workshop) => {
    const version = ["bbb-cluster/toolchain/hcloud-plugin/provider.Version=1.41.0"];
    const { metadata, schema } = embedded(workshop);
    writeFileSync(metadata, "{}\n");
    await workshop.compile("hcloud-plugin", "./tfgen", "tfgen", version, workshop.scratch);
    const generated = join(workshop.scratch, "generated");
    await workshop.execute(join(workshop.scratch, "tfgen"), [
      "schema",
      "--out",
      generated,
      "--skip-docs",
      "--skip-examples",
    ]);
    copyFileSync(join(generated, "bridge-metadata.json"), metadata);
    copyFileSync(join(generated, "schema.json"), schema);
    await workshop.compile("hcloud-plugin", "./plugin", "pulumi-resource-hcloud", version);
    await workshop.expect("pulumi-resource-hcloud", ["-version"], "1.41.0");
  },
};

/** What the hcloud plugin embeds and the build generates. */
export function embedded(workshop: Workshop): Record<"metadata" | "schema", string> {
  const module = workshop.source("hcloud-plugin");
  return { metadata: join(module, "provider", "bridge-metadata.json"), schema: join(module, "plugin", "schema.json") };
}

/** Commands and files over SSH: one of our own, because the published plugin has no Go module to be built from. */
export const command: Plugin = {
  name: "command",
  title: "command plugin",
  version: "1.2.1",
  expected: "1 to 3 minutes",
  modules: ["command-plugin"],
  recipe: 1,
  program: "pulumi-resource-command",
  programs: ["pulumi-resource-command"],
  builtNote: "a compatible one of our own",
  build: (workshop) => workshop.compile("command-plugin", ".", "pulumi-resource-command", []),
};
