import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A certificate and its key, in PEM; the chain has two intermediates, as Let's Encrypt's. */
export interface Certificate {
  chain: string;
  key: string;
}

/** A certificate authority of the rig's own, in a folder that goes with it. */
export class Authority {
  private readonly issuers = ["root", "first", "second"];

  constructor(private readonly folder: string) {
    this.issuers.forEach((name, index) => {
      this.issue(name, this.issuers[index - 1], ["basicConstraints=critical,CA:true", "keyUsage=critical,keyCertSign"]);
    });
  }

  get root(): string {
    return this.read("root.pem");
  }

  /** A certificate for host names. */
  certificate(...names: string[]): Certificate {
    const [name = ""] = names;
    this.issue(name, "second", [`subjectAltName=${names.map((other) => `DNS:${other}`).join(",")}`]);
    return {
      chain: ["second", "first"].reduce(
        (chain, issuer) => chain + this.read(`${issuer}.pem`),
        this.read(`${name}.pem`),
      ),
      key: this.read(`${name}.key`),
    };
  }

  private issue(name: string, issuer: string | undefined, extensions: string[]): void {
    const path = (ending: string) => join(this.folder, `${name}.${ending}`);
    const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2"];
    const signer = issuer
      ? ["-CA", join(this.folder, `${issuer}.pem`), "-CAkey", join(this.folder, `${issuer}.key`)]
      : [];
    const added = extensions.flatMap((extension) => ["-addext", extension]);
    const files = ["-subj", `/CN=${name}`.slice(0, 60), "-keyout", path("key"), "-out", path("pem")];
    // Without the defaults of /etc, which make every certificate an authority's.
    writeFileSync(path("cnf"), "[req]\ndistinguished_name=dn\n[dn]\n");
    execFileSync("openssl", [...request, "-config", path("cnf"), ...signer, ...added, ...files], { stdio: "pipe" });
  }

  private read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }
}
