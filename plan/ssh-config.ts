/** A machine as an administrator's SSH client needs to know it. */
export interface SshHost {
  name: string;
  hostname: string;
  address: string;
  /** `ssh-ed25519 AAAA…` */
  hostPublicKey: string;
}

/**
 * An ssh_config that pins every machine's host key by itself: save it, then `ssh -F FILE bbb-01`.
 * KnownHostsCommand needs OpenSSH 8.5 or newer.
 */
export function renderSshConfig(hosts: readonly SshHost[]): string {
  return hosts
    .map(({ name, hostname, address, hostPublicKey }) =>
      [
        `Host ${name} ${hostname}`,
        `  HostName ${address}`,
        "  User root",
        `  HostKeyAlias ${name}`,
        "  StrictHostKeyChecking yes",
        "  UserKnownHostsFile /dev/null",
        `  KnownHostsCommand ${knownHostsCommand(name, [hostPublicKey])}`,
        "",
      ].join("\n"),
    )
    .join("\n");
}

/** What tells an SSH client a machine's host keys, of which it may show any. */
export function knownHostsCommand(name: string, hostPublicKeys: readonly string[]): string {
  return `/usr/bin/printf "${hostPublicKeys.map((key) => `${name} ${key}\\n`).join("")}"`;
}
