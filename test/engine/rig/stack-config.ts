import { readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";

/** Values of a stack configuration by key; keys without a namespace are the cluster's. */
export type ConfigValues = Record<string, unknown>;

/** The configuration of a small cluster with nothing wrong in it, its secrets left out. */
export const goodConfig: ConfigValues = {
  domain: "example.com",
  nodes: 2,
  acmeEmail: "admin@school.test",
  installer: { url: "https://packages.example.com/bbb-install.sh", sha256: "0a".repeat(32) },
  loadBalancer: { kind: "none" },
  // A cluster is; these rigs take theirs down.
  protect: false,
  adminCidrs: ["203.0.113.7/32"],
};

/** A stack's configuration file, written as `pulumi config set` would. */
export class StackConfig {
  constructor(private readonly file: string) {}

  /** Sets plain values; undefined takes one away. */
  set(values: ConfigValues): void {
    const stored = parse(readFileSync(this.file, "utf8")) as { config: ConfigValues };
    for (const [key, value] of Object.entries(values)) {
      const full = key.includes(":") ? key : `bbb-cluster:${key}`;
      if (value === undefined) delete stored.config[full];
      else stored.config[full] = value;
    }
    writeFileSync(this.file, stringify(stored));
  }

  /** The file as it is, to be put back. */
  save(): () => void {
    const text = readFileSync(this.file, "utf8");
    return () => writeFileSync(this.file, text);
  }
}
