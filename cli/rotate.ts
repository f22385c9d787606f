import { defineCommand } from "citty";

import { type Cluster, machinesOf, readCluster } from "../checks/cluster";
import { deriveSshIdentity } from "../plan/ssh-identity";
import { UsageError } from "./command-line";
import { namesIn } from "./named-nodes";
import { configValue, exportStack, exportStackInTheClear, importStack } from "./pulumi";
import { readState } from "./recover/state";
import { type MachineKeys, putKeys } from "./rotate/machine-keys";
import { deployKeyIn, outputsIn, withKeys, withoutSecrets } from "./rotate/state";
import { type Ssh, sshArgs, withSsh } from "./ssh";
import { withProgress } from "./terminal";

/** `rotate`: the keys of another `clusterSecret` for a cluster that runs. */
export const command = defineCommand({
  meta: {
    name: "rotate --",
    description:
      "give running machines the SSH keys of another clusterSecret\n\n" +
      "For a clusterSecret that leaked or was lost: set a new one first. By your own SSH key, which has to be on the\n" +
      "machines (sshPublicKeys), each of them gets Pulumi's new deploy key and its own new host key, and Pulumi's state\n" +
      "is told. Then `pulumi up` takes the old deploy key away and labels everything anew. Nothing that serves users is\n" +
      "touched, and it can be repeated after any interruption.\n\n" +
      "Exit status: 0, or 1 if a machine could not be asked: then Pulumi's state is as it was.",
  },
  args: {
    ...sshArgs,
    without: { type: "string", valueHint: "NAMES", description: "machines that you are going to replace, with commas" },
    "lost-passphrase": { type: "boolean", description: "nobody can decrypt the state: go on without its secrets" },
  },
  run: ({ args }) => rotate(args["ssh-config"], namesIn(args.without ?? ""), args["lost-passphrase"] ?? false),
});

async function rotate(sshConfig: string | undefined, without: readonly string[], lost: boolean): Promise<number> {
  const clusterSecret = await configValue("bbb-cluster:clusterSecret");
  if (clusterSecret === undefined) throw new Error(`there is no clusterSecret; ${setOne}`);
  const exported = async () => readState(await (lost ? exportStack() : exportStackInTheClear()));
  const deploy = deriveSshIdentity(clusterSecret, "deploy");
  // A secret of which nothing is needed here, and which is perhaps encrypted.
  const cluster = readCluster(outputsIn(await exported()));
  refuseUnknown(cluster, without);
  const machines = machinesOf(cluster)
    .filter(({ name }) => !without.includes(name))
    .map(({ name, hostKeys }) => ({
      ...{ name, pinned: hostKeys, deployPublicKey: deploy.publicKey },
      host: deriveSshIdentity(clusterSecret, `host ${name}`),
    }));
  const failed = await withSsh(cluster, sshConfig, (ssh) =>
    withProgress(`asking ${machines.length} machines`, failures(ssh, machines)),
  );
  if (failed.length > 0) {
    say([...failed, "Pulumi's state is as it was: again when they answer, or with --without if you replace them"]);
    return 1;
  }
  // The machines have taken their time: another run may have written the state meanwhile.
  const state = await exported();
  const isKnown = deployKeyIn(state) === deploy.publicKey;
  const after = withKeys(state, deploy, machines);
  await importStack(lost ? withoutSecrets(after) : after);
  const done = `${machines.length} machines have the keys of this clusterSecret`;
  say([isKnown ? `${done}, which is not new; for others ${setOne}` : `${done}; go on with: pulumi up`]);
  return 0;
}

const setOne = 'run: pulumi config set --secret clusterSecret "$(openssl rand -hex 32)"';

/** Whoever mistypes a name would wait for the machine that he wanted to leave out. */
function refuseUnknown(cluster: Cluster, names: readonly string[]): void {
  const all = machinesOf(cluster).map(({ name }) => name);
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length === 0) return;
  throw new UsageError(`there is no machine ${unknown.join(", ")} in this stack; there are ${all.join(", ")}`);
}

/** Gives all machines their keys; resolves to a line for each that could not be asked. */
async function failures(ssh: Ssh | null, machines: readonly MachineKeys[]): Promise<string[]> {
  if (ssh === null) throw new Error("the stack does not know how its machines are reached: give --ssh-config");
  const tried = await Promise.all(
    machines.map((machine) =>
      putKeys(ssh, machine).then(
        () => [],
        (error: Error) => [`${machine.name}: cannot be asked: ${error.message}`],
      ),
    ),
  );
  return tried.flat();
}

function say(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
