import { existsSync } from "node:fs";
import { chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Lab } from "../paths";
import { addresses, storageBox } from "./addresses";
import { Daemon } from "./daemon";
import type { Settings } from "./settings";
import { run } from "./shell";

/** Of the box's only user; nobody else has anything there. */
const ids = 1000;

/** As on a Storage Box: files by SFTP, and no shell. Whoever shows a key gets in: no customer is there to add it. */
const sshdConfig = `Port ${storageBox.port}
HostKey /run/box/host_key
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowUsers ${storageBox.user}
AuthorizedKeysFile none
AuthorizedKeysCommand /bin/echo %t %k
AuthorizedKeysCommandUser nobody
ForceCommand internal-sftp
Subsystem sftp internal-sftp
AllowTcpForwarding no
PidFile none
`;

/** Starts the lab's Storage Box: sshd of a machine's image, which stays as it is; the files outlive every machine. */
export async function startStorageBox(lab: Lab, settings: Settings, log: (line: string) => void): Promise<void> {
  const base = settings.bases.trixie;
  const own = join(lab.storageBox, "box");
  const files = join(lab.storageBox, "home", storageBox.user);
  await mkdir(own, { recursive: true });
  await mkdir(files, { recursive: true });
  await chown(files, ids, ids);
  const user = `${storageBox.user}:x:${ids}:${ids}::/home/${storageBox.user}:/usr/sbin/nologin\n`;
  await writeFile(join(own, "passwd"), (await readFile(join(base, "etc/passwd"), "utf8")) + user);
  const listen = Object.values(addresses.storageBox).map((address) => `ListenAddress ${address}\n`);
  await writeFile(join(own, "sshd_config"), listen.join("") + sshdConfig);
  const key = join(own, "host_key");
  if (!existsSync(key)) await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "storage-box", "-f", key]);
  const args = ["--mount", "--", "sh", "-euc", enter, "sh", base, lab.storageBox];
  await new Daemon("storage box", "unshare", args, log, async () => {}).start();
}

/** In a mount namespace of its own, so that nothing of this is seen in the image. */
const enter = `
base=$1 folder=$2
mount -t proc proc "$base/proc"
mount --rbind /dev "$base/dev"
mount -t tmpfs none "$base/run"
mkdir "$base/run/sshd" "$base/run/box"
mount --bind "$folder/box" "$base/run/box"
mount --bind "$folder/box/passwd" "$base/etc/passwd"
mount --bind "$folder/home" "$base/home"
exec chroot "$base" /usr/sbin/sshd -D -e -f /run/box/sshd_config
`;
