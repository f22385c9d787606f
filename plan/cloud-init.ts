import { stringify } from "yaml";

import type { SshIdentity } from "./ssh-identity";

/** What a machine must know at its first boot. */
export interface FirstBoot {
  hostname: string;
  hostKey: SshIdentity;
  /** Public keys that may log in as root: the deploy key and the administrators'. */
  authorizedKeys: string[];
  /** Commands at the beginning of each boot, before any service. */
  early?: string[];
}

/** Largest user data that Hetzner takes, in bytes. */
export const maxUserDataBytes = 32 * 1024;

/**
 * The user data of a machine. It holds the host's private key, so it is a secret, and the metadata service that
 * hands it out is closed for every user but root.
 * @throws when it is larger than Hetzner takes
 */
export function renderCloudInit({ hostname, hostKey, authorizedKeys, early = [] }: FirstBoot): string {
  const userData = `#cloud-config\n${stringify(
    {
      hostname: hostname.split(".")[0],
      fqdn: hostname,
      disable_root: false,
      ssh_pwauth: false,
      ssh_keys: { ed25519_private: hostKey.privateKey, ed25519_public: hostKey.publicKey },
      ssh_authorized_keys: authorizedKeys,
      // Or Hetzner's own data would have the name lead to 127.0.1.1, and nobody could tell when DNS is ready.
      manage_etc_hosts: false,
      // Rules of any other protocol are removed by systemd-networkd when it restarts.
      bootcmd: ["ip rule add to 169.254.169.254 uidrange 1-4294967294 prohibit protocol kernel || true", ...early],
      package_update: false,
    },
    { lineWidth: 0 },
  )}`;
  if (Buffer.byteLength(userData) > maxUserDataBytes) {
    throw new Error(
      `the user data of ${hostname} is larger than ${maxUserDataBytes} bytes; remove some of sshPublicKeys`,
    );
  }
  return userData;
}
