import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { pythonWith } from "./python.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => join(root, "node_modules", ".bin", name);
/** Nothing is remembered of earlier runs: those that go on at the same time would read each other's file half written. */
const alike = ["--no-cache"];
const script = (file, ...args) => [process.execPath, `test/${file}`, ...args];
const vitest = (...args) => ({ command: [bin("vitest"), "run", ...alike, ...args], count: countVitest });
/** How many reloads a crowd of routes takes is a matter of time. */
const frontDoor = (...args) => ({
  alone: true,
  budget: 320,
  command: script("front-door/run.mjs", ...args),
  count: countVitest,
});

/** Which groups of suites a word runs; what takes too long for every day is in none of them but `long`. */
export const groups = {
  fast: ["fast"],
  engine: ["toolchain", "engine"],
  lab: ["lab"],
  "front-door": ["front-door"],
  balancer: ["balancer"],
  monitoring: ["monitoring"],
  all: ["fast", "tools", "front-door", "monitoring", "balancer", "toolchain", "engine", "nodes", "lab"],
  long: ["long"],
};

/**
 * The suites: what runs, how many tests its output says passed and failed (default: one), how many seconds it may take on
 * two cores beside another, with nothing built before, and what it `needs` to have ended or whether it runs `alone`.
 */
export function suites() {
  return [
    // The longest of their group come first.
    ...hostSuites(),
    { name: "format and lint", group: "fast", budget: 10, command: [bin("biome"), "check", "."] },
    { name: "types", group: "fast", budget: 25, command: [bin("tsc"), "--noEmit"] },
    { name: "types of the lab", group: "tools", budget: 25, command: [bin("tsc"), "--noEmit", "-p", "lab"] },
    { name: "Python: ruff", group: "fast", budget: 15, command: script("ruff.mjs") },
    { name: "Python: Ubuntu 20.04's", group: "tools", budget: 40, command: script("oldest-python.mjs") },
    { name: "Python: calls", group: "tools", budget: 40, command: script("python-calls.mjs") },
    { name: "program, pure", group: "fast", budget: 30, ...vitest("--project", "fast") },
    // Each starts programs, which takes too long for each save.
    { name: "commands as typed", group: "tools", budget: 60, ...vitest("--project", "commands") },
    // The stand-in's own: they tell nothing of the program, and are not waited for at each save.
    { name: "lab, pure", group: "tools", budget: 30, ...vitest("--project", "stand-in") },
    { name: "shell: shellcheck", group: "tools", budget: 10, command: ["sh", "-c", shellcheck] },
    { name: "nginx: gixy", group: "front-door", budget: 30, command: script("gixy.mjs") },
    { name: "front door", group: "front-door", ...frontDoor() },
    {
      name: "monitoring",
      group: "monitoring",
      budget: 120,
      command: ["test/monitoring/rig/enter.sh", ...vitest("--project", "monitoring").command],
      count: countVitest,
    },
    {
      name: "load balancer",
      group: "balancer",
      budget: 300,
      command: script("balancer/run.mjs"),
      count: countUnittests,
    },
    { name: "toolchain", group: "toolchain", budget: 540, command: toolchain("main.ts", "--pulumi-home", pulumiHome) },
    { name: "Go: vet", group: "toolchain", needs: built, budget: 60, command: toolchain("vet.ts") },
    {
      name: "command plugin",
      group: "toolchain",
      needs: built,
      budget: 180,
      command: toolchain("test-plugin.ts"),
      count: countPlain,
    },
    { name: "engine", group: "engine", needs: built, budget: 750, ...vitest("--project", "engine") },
    ...["22", "24"].map((version) => onNode(version)),
    ...labSuites(),
    { name: "long", group: "long", budget: 7200, ...vitest("--project", "long") },
    { name: "front door, Debian 13", group: "long", ...frontDoor("--debian-13") },
    {
      name: "engine, disturbed often",
      group: "long",
      budget: 1800,
      command: [
        "env",
        "ENGINE_KILLS=6",
        ...vitest("--project", "engine", "kills", "killed-commands", "api-faults").command,
      ],
      count: countVitest,
    },
  ];
}

const built = ["toolchain"];
const shellcheck = "git ls-files '*.sh' .ci/run | xargs shellcheck";
const pulumiHome = join(root, "node_modules", ".cache", "pulumi");
const toolchain = (program, ...args) => [bin("tsx"), `lab/toolchain/${program}`, ...args];

/** The host programs' tests, side by side in two processes that take about as long: the mergers', and all others. */
function hostSuites() {
  const folder = join("host", "test");
  const files = readdirSync(join(root, folder), { recursive: true }).filter((file) => /\btest_\w+\.py$/.test(file));
  const modules = files.map((file) => file.slice(0, -".py".length).replaceAll("/", ".")).sort();
  const python = ["env", `PYTHONPATH=${folder}`, pythonWith("yaml", "python3-yaml"), "-B", "-m", "unittest"];
  const suite = (part, chosen, group = "fast") => {
    const command = [...python, ...modules.filter(chosen)];
    return { name: `host programs: ${part}`, group, budget: 25, command, count: countUnittest };
  };
  const isMerger = (module) => module.startsWith("settings.");
  // They need root, or nginx.
  const isReal = (module) =>
    /^(import|from) (real_nginx|switched)\b/m.test(
      readFileSync(join(root, folder, `${module.replaceAll(".", "/")}.py`), "utf8"),
    );
  return [
    suite("settings", isMerger),
    suite("the rest", (module) => !isMerger(module) && !isReal(module)),
    suite("real nginx and firewall", isReal, "tools"),
  ];
}

/** What an administrator runs, and the fast tests, on another Node.js, which the npm package `node` brings. */
function onNode(version) {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const clients = ["status", "verify", "drift"].filter((name) => scripts[name]);
  const script = [
    "node --version",
    ...clients.map((name) => `npm run -s ${name} -- --help`),
    `vitest run ${alike.join(" ")} --project fast --project commands --project stand-in`,
  ];
  const command = ["npx", "--yes", "--package", `node@${version}`, "--call", script.join(" && ")];
  return { name: `Node.js ${version}`, group: "nodes", budget: 90, command, count: countVitest };
}

/** One suite per file, so that the table shows what takes the time. */
function labSuites() {
  const budgets = {
    releases: 420,
    "own-balancer": 720,
    cluster: 400,
    balanced: 400,
    operation: 320,
    soak: 310,
    disturbed: 310,
    "two-nodes": 240,
    image: 180,
    browser: 150,
  };
  const folder = join(root, "test", "lab");
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => /^[^.]+\.test\.ts$/.test(file)) : [];
  return files.map((file) => {
    const name = file.split(".")[0];
    const budget = budgets[name] ?? 280;
    // People hear and see each other there.
    const alone = name === "browser";
    return {
      name: `lab: ${name}`,
      group: "lab",
      needs: built,
      alone,
      budget,
      ...vitest("--project", "lab", `test/lab/${file}`),
    };
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

/** Of several runs. */
function countUnittests(output) {
  const counts = output.split(/^(?=Ran \d+ tests?)/m).map(countUnittest);
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
  return { passed: sum("passed"), failed: sum("failed") };
}

function countPlain(output) {
  const [, good, bad] = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1) ?? [];
  return { passed: Number(good ?? 0), failed: Number(bad ?? 0) };
}
