import { knownHostsCommand } from "../../plan/ssh-config";
import type { SshIdentity } from "../../plan/ssh-identity";
import type { Ssh } from "../ssh";

/** What a machine is to have: the key that Pulumi logs in with, and its own. */
export interface MachineKeys {
  name: string;
  deployPublicKey: string;
  host: SshIdentity;
  /** Host keys that the stack has pinned: the machine shows one of these, or the new one. */
  pinned: readonly string[];
}

/**
 * Lets Pulumi's new key in and gives the machine its new host key; connections that are open stay. It can be repeated
 * after any interruption. The old deploy key goes with `pulumi up`.
 */
export async function putKeys(ssh: Ssh, { name, deployPublicKey, host, pinned }: MachineKeys): Promise<void> {
  const knowing = (keys: readonly string[]) => [`KnownHostsCommand=${knownHostsCommand(name, keys)}`];
  const input = script(deployPublicKey, host);
  await ssh(name, "sh -s", { input, options: knowing([...pinned, host.publicKey]) });
  // As Pulumi will see it; sshd does not listen for a moment while it is reloaded.
  await ssh(name, "true", { options: [...knowing([host.publicKey]), "ConnectionAttempts=10"] });
}

/** Read from standard input: keys are in no process list. */
function script(deployPublicKey: string, { privateKey }: SshIdentity): string {
  return `set -eu
umask 077
authorized=/root/.ssh/authorized_keys
if ! grep -qsF '${deployPublicKey}' $authorized; then
  if [ -n "$(tail -c 1 $authorized)" ]; then echo >> $authorized; fi
  echo '${deployPublicKey}' >> $authorized
fi
key=/etc/ssh/ssh_host_ed25519_key
cat > $key.new <<'END'
${privateKey}END
if cmp -s $key.new $key; then
  rm $key.new
else
  ssh-keygen -y -f $key.new > $key.pub.new
  chmod 644 $key.pub.new
  mv $key.pub.new $key.pub
  mv $key.new $key
fi
sshd -t
systemctl try-reload-or-restart ssh
`;
}
