import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import type { Context } from "../../../toolchain/context";
import { ensureIn } from "../../../toolchain/ensure";

/** A made-up operator's machine: its programs are shell scripts, and nothing of the real one is on its PATH. */
export class Machine {
  readonly root = mkdtempSync(join(tmpdir(), "toolchain-test-"));
  readonly path = join(this.root, "usr-bin");
  readonly pulumiHome = join(this.root, "pulumi-home");
  readonly lines: string[] = [];
  readonly context: Context = {
    env: { PATH: this.path, HOME: join(this.root, "home") },
    cacheDir: join(this.root, "cache"),
    sourceDir: join(this.root, "modules"),
    goFolders: [],
    progress: (line) => this.lines.push(line),
  };

  constructor() {
    for (const module of ["pulumi-cli", "language-nodejs", "hcloud-plugin", "command-plugin"]) {
      this.file(`modules/${module}/go.mod`, "module test\n\ngo 1.26.4\n");
    }
    this.file("modules/hcloud-plugin/provider/provider.go", "package provider\n");
    this.file("modules/hcloud-plugin/plugin/main.go", "package main\n");
  }

  file(path: string, content: string): string {
    const full = join(this.root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    return full;
  }

  program(path: string, body: string): string {
    const full = this.file(path, `#!/bin/sh\n${body}\n`);
    chmodSync(full, 0o755);
    return full;
  }

  pulumi(version: string, installs = "exit 1"): void {
    this.program("usr-bin/pulumi", `[ "$1" = version ] && echo ${version} && exit 0\n${installs}`);
  }

  plugin(folder: string, name: string, body = name): string {
    return this.program(`${folder}/pulumi-resource-${name}`, `echo ${body}`);
  }

  installed(name: string, version: string): string {
    return this.plugin(`home/.pulumi/plugins/resource-${name}-v${version}`, name, "the operator's");
  }

  /** A Go whose builds answer every question that the checks ask. */
  go(version = "go1.26.4"): void {
    this.program("usr-bin/go", fakeGo(version, join(this.root, "go-calls")));
  }

  ensure() {
    return ensureIn(this.context, this.pulumiHome);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

const product = `#!/bin/sh
case "$1" in
version) echo v3.259.0;;
-version) echo 1.41.0;;
schema) /bin/mkdir -p "$3"; echo {} > "$3/schema.json"; echo {} > "$3/bridge-metadata.json";;
*) exit 1;;
esac`;

const fakeGo = (version: string, calls: string) => `
[ "$1" = env ] && echo ${version} && exit 0
echo "$GOTOOLCHAIN $*" >> ${calls}
while [ "$1" != -o ]; do shift; done
/bin/cat > "$2" <<'END'
${product}
END
/bin/chmod +x "$2"`;
