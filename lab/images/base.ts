import { chmodSync, cpSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { filesBelow, fingerprint } from "../fingerprint";
import { hostSources } from "./apt-sources";
import { runContained } from "./run";
import { type Suite, suites } from "./suites";

/** What is put there besides; later ones win. */
const FILES: Record<Suite, string[]> = {
  bookworm: [join(__dirname, "base-files")],
  trixie: [join(__dirname, "base-files"), join(__dirname, "trixie-files")],
};

/** What a Debian image of the cloud has installed, as far as anything here relies on it. */
const PACKAGES = [
  ...["systemd", "systemd-sysv", "dbus", "cloud-init", "openssh-server", "openssh-sftp-server", "sudo"],
  ...["iproute2", "nftables", "ca-certificates", "curl", "wget", "procps", "less", "python3", "python3-yaml"],
];

/** Units that mean nothing on a lab machine and would only cost time at boot, or change packages behind the tests. */
const MASKED_UNITS = [
  ...["console-getty.service", "getty@.service", "getty.target", "serial-getty@.service", "systemd-logind.service"],
  ...["apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "fstrim.timer"],
  ...["e2scrub_reap.service", "cloud-init-hotplugd.socket", "systemd-networkd.service", "systemd-networkd.socket"],
  ...["systemd-timesyncd.service", "systemd-update-utmp.service", "systemd-update-utmp-runlevel.service"],
  ...["sys-kernel-debug.mount", "sys-kernel-tracing.mount", "dev-hugepages.mount", "systemd-journal-flush.service"],
];

const APT_OPTIONS = ['Acquire::Languages "none"', 'APT::Install-Recommends "false"', 'Acquire::Retries "3"'];

/** No synchronous writes, and no documentation, manual pages or translations: installing on a machine is quick. */
const DPKG_OPTIONS = [
  "force-unsafe-io",
  ...["doc", "man", "info", "locale", "lintian", "bug"].map((folder) => `path-exclude=/usr/share/${folder}/*`),
];

/** Changes when anything that goes into the base image changes. */
export function baseKey(suite: Suite): string {
  return fingerprint([suite, PACKAGES, MASKED_UNITS, APT_OPTIONS, DPKG_OPTIONS], FILES[suite]);
}

/** Builds the root file system of a machine, as the cloud's image has it before its first boot, in `folder`. */
export async function buildBase(suite: Suite, folder: string, progress: (line: string) => void): Promise<void> {
  const command = ["mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory", "--skip=output/dev"];
  const options = [
    ...APT_OPTIONS.map((option) => `--aptopt=${option}`),
    ...DPKG_OPTIONS.map((option) => `--dpkgopt=${option}`),
    `--include=${PACKAGES.join(",")}`,
  ];
  const label = `image of ${suites[suite].title}`;
  await runContained([...command, ...options, suite, folder, ...hostSources(suite)], { label, progress });
  customize(folder, FILES[suite]);
}

function customize(folder: string, files: readonly string[]): void {
  chmodSync(folder, 0o755);
  for (const path of filesBelow(join(folder, "etc/ssh"))) {
    if (path.startsWith("ssh_host_")) rmSync(join(folder, "etc/ssh", path));
  }
  for (const path of [
    "etc/hostname",
    "etc/resolv.conf",
    "etc/apt/sources.list",
    "etc/apt/sources.list.d/0000main.list",
  ]) {
    rmSync(join(folder, path), { force: true });
  }
  for (const own of files) cpSync(own, folder, { recursive: true });
  // An empty machine-id makes systemd give every machine one of its own at its first boot.
  writeFileSync(join(folder, "etc/machine-id"), "");
  rmSync(join(folder, "var/lib/dbus/machine-id"), { force: true });
  for (const unit of MASKED_UNITS) mask(folder, unit);
}

function mask(folder: string, unit: string): void {
  const link = join(folder, "etc/systemd/system", unit);
  rmSync(link, { force: true });
  symlinkSync("/dev/null", link);
}
