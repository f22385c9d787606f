import { hkdfSync } from "node:crypto";

import { deriveSshIdentity } from "../ssh-identity";

/** Where what the load balancer knows and has is copied to each night. */
export interface BackupSpec {
  repository: string;
  keepDaily: number;
  keepWeekly: number;
}

/** Stdin of `keep-backup`, itself a secret; null: there is no backup. */
export interface KeepBackupRequest {
  hostname: string;
  /** Another text than before has everything put right again. */
  repair: string;
  backup: (BackupSpec & BackupSecrets) | null;
}

/** What opens a repository, and what reaches it. */
export interface BackupSecrets {
  password: string;
  accessKeyId: string | null;
  secretAccessKey: string | null;
  sshPrivateKey: string | null;
  sshPublicKey: string | null;
}

/**
 * The secrets of a backup, all but the keys of S3 derived from the cluster's own one: without that, nothing of it can be
 * read again.
 * @param access ACCESS_KEY_ID:SECRET_ACCESS_KEY, of S3 only
 */
export function backupSecrets(clusterSecret: string, { repository }: BackupSpec, access?: string): BackupSecrets {
  const identity = repository.startsWith("sftp:") ? deriveSshIdentity(clusterSecret, "backup") : null;
  const colon = access?.indexOf(":") ?? -1;
  return {
    password: backupPassword(clusterSecret),
    accessKeyId: access?.slice(0, colon) ?? null,
    secretAccessKey: access?.slice(colon + 1) ?? null,
    sshPrivateKey: identity?.privateKey ?? null,
    sshPublicKey: identity?.publicKey ?? null,
  };
}

/** restic's password for the repository. */
export function backupPassword(clusterSecret: string): string {
  return Buffer.from(hkdfSync("sha256", clusterSecret, "bbb-cluster backup", "repository", 32)).toString("hex");
}
