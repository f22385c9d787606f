import { readdirSync, readFileSync, rmSync } from "node:fs";
import { filesOf } from "../../test/front-door/rig/files";
import { inDoor, loadFirewall, removeFirewall } from "../../test/front-door/rig/flood";
import { FrontDoor } from "../../test/front-door/rig/front-door";
import { Nginx, writeFiles } from "../../test/front-door/rig/nginx";
import { documented } from "../front-door/documented";

/** What systemd gives a service that says nothing. */
const BY_DEFAULT = 1024;

/** One machine, by turns ours and as Debian and the documentation's page have it. */
export class Doors {
  readonly door: FrontDoor;
  private readonly debians = readFileSync("/etc/nginx/nginx.conf", "utf8").trimEnd().split("\n");
  private files = BY_DEFAULT;

  constructor() {
    const nginx = new Nginx(() => ["prlimit", `--nofile=${this.files}:20000`, "nginx", "-g", "daemon off;"]);
    this.door = new FrontDoor({ nodes: 1, nginx });
  }

  /** How many files systemd grants a worker of ours. */
  get granted(): number {
    const unit = filesOf(this.door.plan).find(([path]) => path.includes("nginx.service.d"));
    return Number(/LimitNOFILE=(\d+)/.exec(unit?.[1].join("\n") ?? "")?.[1]);
  }

  /** How many connections all workers of ours take together. */
  get connections(): number {
    const conf = readFileSync("/etc/nginx/nginx.conf", "utf8");
    return Number(/worker_connections (\d+)/.exec(conf)?.[1]) * Number(inDoor("nproc", []));
  }

  async ours(): Promise<void> {
    const [proxy] = this.door.plan.machines;
    await this.change(proxy?.untracked, this.granted, () => {
      rmSync("/etc/nginx/sites-enabled/documented", { force: true });
      writeFiles(filesOf(this.door.plan));
    });
  }

  async theirs(): Promise<void> {
    await this.change(undefined, BY_DEFAULT, () => {
      for (const name of readdirSync("/etc/nginx/conf.d")) rmSync(`/etc/nginx/conf.d/${name}`);
      const live = `/etc/letsencrypt/live/${this.door.hostname}`;
      writeFiles([
        ["/etc/nginx/nginx.conf", this.debians],
        [
          "/etc/nginx/sites-enabled/documented",
          [
            "server {",
            "  listen 80; listen 443 ssl http2;",
            `  server_name ${this.door.hostname};`,
            `  ssl_certificate ${live}/fullchain.pem; ssl_certificate_key ${live}/privkey.pem;`,
            ...documented(this.door.node),
            `  location = /${this.door.node.name}/bigbluebutton/api { proxy_pass https://${this.door.node.address}/bigbluebutton/api; }`,
            "}",
          ],
        ],
      ]);
    });
  }

  private async change(untracked: readonly string[] | undefined, files: number, write: () => void): Promise<void> {
    this.files = files;
    write();
    const [proxy] = this.door.plan.machines;
    removeFirewall();
    loadFirewall({ open: proxy?.open ?? [], ...(untracked ? { untracked } : {}) });
    await this.door.restart();
  }
}

/** What nginx's processes have in memory, in MB. */
export function nginxMegabytes(): number {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids.reduce((sum, id) => sum + kilobytesOf(id), 0) / 1024;
}

/** Of a process its own part; it may end while it is looked at. */
function kilobytesOf(id: string): number {
  try {
    if (!readFileSync(`/proc/${id}/comm`, "utf8").startsWith("nginx")) return 0;
    return Number(/^Pss: +(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
