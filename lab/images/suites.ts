/** A Debian release that machines of the lab run. */
export type Suite = "bookworm" | "trixie";

export interface SuiteRow {
  /** As people call it. */
  title: string;
  /** The folder of the package server where its packages are. */
  mirror: string;
  /** What its machines install from Debian, by the program and by bbb-install. */
  installed: readonly string[];
}

const everywhere = [
  ...["nginx", "certbot", "logrotate", "unattended-upgrades", "nftables"],
  ...["prometheus-node-exporter", "prometheus-nginx-exporter"],
];

export const suites: Readonly<Record<Suite, SuiteRow>> = {
  bookworm: {
    title: "Debian 12",
    mirror: "debian",
    installed: [...everywhere, "coturn", "haproxy", "nodejs", "redis-server"],
  },
  trixie: {
    title: "Debian 13",
    mirror: "debian-13",
    installed: [...everywhere, "postgresql", "python3-venv", "restic", "e2fsprogs"],
  },
};

export const suiteNames = Object.keys(suites) as Suite[];

/** What a machine with an image of the cloud's catalogue runs in the lab. */
export function suiteOf(image: string): Suite {
  return image === "debian-13" ? "trixie" : "bookworm";
}
