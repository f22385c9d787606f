// Asks every node whether our settings are still in force there, and notes for the program where they are not.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const usage = `Usage: npm run drift [-- --ssh-config FILE]

Asks every node of the selected stack whether our settings are still in force: a file may have been edited by hand or
replaced by a package upgrade, which Pulumi cannot see. Where something differs, the node's key
\`nodeSettings.<node>.repair\` is set, so that \`pulumi preview\` shows it and \`pulumi up\` sets it right again.

  --ssh-config FILE   how to reach the nodes (default: $BBB_CLUSTER_SSH_CONFIG, else the stack's output \`ssh\`)

Exit status: 0 nothing differs, 3 something differs and was noted, 1 a node could not be asked.
`;

const verify = 'exec python3 -B "$(ls -td /opt/bbb-cluster/*/bbb_cluster | head -n 1)" verify-node </dev/null';

const args = process.argv.slice(2);
if (args.includes("--help") || args.includes("-h")) {
  process.stdout.write(usage);
  process.exit(0);
}
if (args.length > 0 && (args[0] !== "--ssh-config" || args.length !== 2)) {
  process.stderr.write(usage);
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), "bbb-cluster-"));
try {
  process.exitCode = await main(args[1] ?? process.env.BBB_CLUSTER_SSH_CONFIG);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true });
}

async function main(sshConfig) {
  const config = sshConfig ?? join(scratch, "ssh_config");
  if (sshConfig === undefined) {
    writeFileSync(config, pulumi("stack", "output", "ssh"));
  }
  const nodes = JSON.parse(pulumi("stack", "output", "nodes", "--json"));
  const answers = await Promise.all(nodes.map(({ name }) => ask(name, config)));
  for (const { name, error, findings } of answers) {
    console.log(
      error
        ? `${name}: cannot be asked: ${error}`
        : `${name}: ${findings.length === 0 ? "as it should be" : "differs"}`,
    );
    for (const { path, key, state } of findings) {
      console.log(`  ${path}${key === undefined ? "" : ` ${key}`}: ${state}`);
    }
  }
  const drifted = answers.filter(({ findings }) => findings.length > 0);
  for (const { name, digest } of drifted) {
    // The time makes it another value when the same thing happens again.
    const repair = `${digest.slice(0, 8)} ${new Date().toISOString()}`;
    pulumi("config", "set", "--path", `nodeSettings.${name}.repair`, repair);
  }
  if (drifted.length > 0) {
    console.log("noted in the stack configuration; `pulumi preview` shows the repair, `pulumi up` carries it out");
  }
  return answers.some(({ error }) => error) ? 1 : drifted.length > 0 ? 3 : 0;
}

function ask(name, config) {
  return new Promise((resolve) => {
    const child = spawn("ssh", ["-F", config, "-o", "BatchMode=yes", "-o", "ConnectTimeout=15", name, verify]);
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    child.on("error", ({ message }) => resolve({ name, error: message, findings: [] }));
    child.on("close", (status) => {
      const failed = { name, error: err.trim().split("\n").at(-1) || `ssh ended with status ${status}`, findings: [] };
      resolve(status === 0 ? { name, ...JSON.parse(out) } : failed);
    });
  });
}

function pulumi(...words) {
  const { status, stdout, stderr, error } = spawnSync("pulumi", [...words, "--non-interactive"], { encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`pulumi ${words.slice(0, 2).join(" ")} failed: ${error?.message ?? stderr}`);
  }
  return stdout;
}
