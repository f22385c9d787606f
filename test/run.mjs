// Runs the test suites one after the other and ends with the plain line "N passed, N failed".
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { ensureDebianPackages } from "../lab/bin/debian-packages.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = (name) => join(root, "node_modules", ".bin", name);

/** Each suite: what runs, and how many tests its output says passed and failed (default: one). */
const suites = {
  format: { fast: true, command: [bin("biome"), "check", "."] },
  types: { fast: true, command: [bin("tsc"), "--noEmit"] },
  "types of the lab": { fast: true, command: [bin("tsc"), "--noEmit", "-p", "lab"] },
  "host programs": {
    fast: true,
    command: [pythonWithYaml(), "-B", "-m", "unittest", "discover", "-s", "host/test"],
    count: countUnittest,
  },
  "program and lab, pure": { fast: true, command: [bin("vitest"), "run", "--project", "fast"], count: countVitest },
  "shell scripts": { command: ["bash", "-c", "git ls-files '*.sh' .ci/run | xargs shellcheck"] },
  "command plugin": { command: [bin("tsx"), "lab/toolchain/test-plugin.ts"], count: countPlain },
  "the whole cluster in the lab": {
    lab: true,
    command: [bin("vitest"), "run", "--project", "lab"],
    count: countVitest,
  },
};

if (process.argv[2] === "all") {
  installPackages(["openssh-client", "openssh-server", "openssh-sftp-server", "python3-yaml", "shellcheck"]);
}
const wanted = { fast: (suite) => suite.fast, lab: (suite) => suite.lab, all: () => true }[process.argv[2] ?? "all"];
if (wanted === undefined || !existsSync(join(root, "node_modules"))) {
  console.error(wanted === undefined ? "usage: node test/run.mjs [fast | lab | all]" : "run `npm ci` first");
  process.exit(2);
}

const chosen = Object.entries(suites).filter(([, suite]) => wanted(suite));
const results = [
  // The quick ones share the machine's cores; each shows its output when it is done.
  ...(await Promise.all(chosen.filter(([, { fast }]) => fast).map((entry) => runSuite(...entry, false)))),
];
for (const entry of chosen.filter(([, { fast }]) => !fast)) {
  results.push(await runSuite(...entry, true));
}
const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
console.log(`\n${total("passed")} passed, ${total("failed")} failed`);
process.exit(total("failed") === 0 && total("passed") > 0 ? 0 : 1);

async function runSuite(name, { command, count }, live) {
  const started = Date.now();
  if (live) {
    console.log(`\n== ${name}`);
  }
  const { status, output } = await run(command, live);
  const { passed, failed } = count?.(output) ?? { passed: status === 0 ? 1 : 0, failed: 0 };
  // A suite that fails without naming a test (a crash, no test found) is one failure.
  const failures = status !== 0 && failed === 0 ? 1 : failed;
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(
    `${live ? "" : `\n== ${name}\n${output}`}== ${name}: ${passed} passed, ${failures} failed in ${seconds} s`,
  );
  return { passed, failed: failures };
}

function run([program, ...args], live) {
  return new Promise((resolve) => {
    // Many small files are written and synchronised; in memory that costs nothing.
    const env = existsSync("/dev/shm") ? { ...process.env, TMPDIR: "/dev/shm" } : process.env;
    const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const take = (stream) => (chunk) => {
      output += chunk;
      if (live) {
        stream.write(chunk);
      }
    };
    child.stdout.on("data", take(process.stdout));
    child.stderr.on("data", take(process.stderr));
    child.on("error", (error) => resolve({ status: 1, output: `${output}\n${error.message}` }));
    child.on("close", (status) => resolve({ status: status ?? 1, output }));
  });
}

function countVitest(output) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: vitest colours its summary
  const line = output.replace(/\u001b\[[0-9;]*m/g, "").match(/^\s*Tests\s+(.*)$/m)?.[1] ?? "";
  return { passed: Number(line.match(/(\d+) passed/)?.[1] ?? 0), failed: Number(line.match(/(\d+) failed/)?.[1] ?? 0) };
}

function countUnittest(output) {
  const total = Number(output.match(/^Ran (\d+) tests?/m)?.[1] ?? 0);
  const bad = [...output.matchAll(/(?:failures|errors)=(\d+)/g)].reduce((sum, match) => sum + Number(match[1]), 0);
  return { passed: total - bad, failed: bad };
}

function countPlain(output) {
  const [, good, bad] = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1) ?? [];
  return { passed: Number(good ?? 0), failed: Number(bad ?? 0) };
}

/** The host programs need PyYAML, which the distribution's Python has where another one on PATH may not. */
function pythonWithYaml() {
  const candidates = ["/usr/bin/python3", "python3"];
  const find = () => candidates.find((python) => spawnSync(python, ["-c", "import yaml"]).status === 0);
  const found = find() ?? (installPackages(["python3-yaml"]) && find());
  if (!found) {
    console.error("the host programs need Python with PyYAML; run as root: apt-get install python3-yaml");
    process.exit(1);
  }
  return found;
}

function installPackages(packages) {
  if (process.getuid?.() !== 0) {
    return false;
  }
  ensureDebianPackages(console.error, packages);
  return true;
}
