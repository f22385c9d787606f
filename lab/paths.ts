import { createHash } from "node:crypto";
import { join } from "node:path";

/** Where one lab lives on disk: every path is absolute and below `folder`. */
export interface Lab {
  name: string;
  folder: string;
  /** Name of the lab's cgroup in every hierarchy; differs between labs of the same name in different folders. */
  cgroup: string;
  /** lab.json: name, domain, token of the API, base image and packages. */
  settings: string;
  /** One line, "PID pid:[INODE]": the lab's first process and the identity of its process namespace. */
  init: string;
  /** Exists while the supervisor of the running lab is ready for use. */
  ready: string;
  api: string;
  machines: string;
  snapshots: string;
  volumes: string;
  dns: string;
  acme: string;
  ca: string;
  /** PEM: every root that a client of the lab has to trust, accumulating. */
  caCertificates: string;
  /** PEM: the host's trusted roots and `caCertificates`. */
  caBundle: string;
  /** The load balancer's database. */
  scalelite: string;
  /** What the cluster has copied to the Storage Box. */
  storageBox: string;
  bin: string;
  pulumi: { home: string; state: string; config: string; passphrase: string };
  /** `hosts` is the stack's output `ssh`, which `config` includes. */
  ssh: { key: string; config: string; hosts: string };
  logs: string;
}

const namePattern = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

/** The folder that holds all labs: BBB_LAB_HOME, or /var/lib/bbb-cluster-lab. */
export function labHome(env: NodeJS.ProcessEnv = process.env): string {
  return env["BBB_LAB_HOME"] || "/var/lib/bbb-cluster-lab";
}

/** The lab called `name`; throws one sentence when that cannot be the name of a lab. */
export function labNamed(name: string, home: string = labHome()): Lab {
  if (!namePattern.test(name)) {
    throw new Error(`the name of a lab must be up to 32 of a-z, 0-9 and inner hyphens, got ${JSON.stringify(name)}`);
  }
  const folder = join(home, name);
  const at = (...parts: string[]) => join(folder, ...parts);
  return {
    name,
    folder,
    cgroup: `bbb-lab-${name}-${createHash("sha256").update(folder).digest("hex").slice(0, 6)}`,
    settings: at("lab.json"),
    init: at("init"),
    ready: at("ready"),
    api: at("api"),
    machines: at("machines"),
    snapshots: at("snapshots"),
    volumes: at("volumes"),
    dns: at("dns"),
    acme: at("acme"),
    ca: at("ca"),
    caCertificates: at("ca.pem"),
    caBundle: at("ca-bundle.pem"),
    scalelite: at("scalelite.json"),
    storageBox: at("storage-box"),
    bin: at("bin"),
    pulumi: {
      home: at("pulumi", "home"),
      state: at("pulumi", "state"),
      config: at("pulumi", "Pulumi.lab.yaml"),
      passphrase: at("pulumi", "passphrase"),
    },
    ssh: { key: at("ssh", "id_ed25519"), config: at("ssh", "config"), hosts: at("ssh", "hosts") },
    logs: at("logs"),
  };
}
