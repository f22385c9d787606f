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
        `  KnownHostsCommand /usr/bin/printf "${name} ${hostPublicKey}\\n"`,
        "",
      ].join("\n"),
    )
    .join("\n");
}
