// Runs the test suites, shows what each took, and ends with the plain line "N passed, N failed".
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter } from "node:path";

import { labPackages } from "../lab/bin/debian-packages.mjs";
import { prepareCheckout, prepareMachine } from "../lab/bin/prepare.mjs";
import { reasonsIn } from "./reasons.mjs";
import { sideBySide } from "./schedule.mjs";
import { groups, root, suites } from "./suites.mjs";

const [word = "all"] = process.argv.slice(2);

/** Suites that boot machines wait more than they compute: two of them keep two cores busy. */
const lanes = ["all", "lab"].includes(word) ? 2 : 1;

async function main() {
  const wanted = groups[word];
  if (wanted === undefined) throw new Error(`usage: node test/run.mjs [${Object.keys(groups).join(" | ")}]`);
  if (word !== "fast" && process.getuid?.() !== 0) {
    throw new Error("these tests boot machines: run them as root on Debian 12; `npm run test:fast` needs neither");
  }
  if (word === "fast") prepareCheckout();
  else prepareMachine(debianPackages());
  const chosen = suites().filter(({ group }) => wanted.includes(group));
  // The quick ones share the machine's cores; each shows its output when it is done.
  const quick = chosen.filter(({ group }) => group === "fast");
  const results = await Promise.all(quick.map((suite) => runSuite(suite, false)));
  const others = chosen.filter(({ group }) => group !== "fast");
  results.push(...(await sideBySide(others, lanes, (suite) => runSuite(suite, lanes === 1))));
  report(results);
}

/** All that the suites need: labs that start side by side do not install anything at the same time. */
function debianPackages() {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/local/go/bin"];
  const go = folders.some((folder) => existsSync(`${folder}/go`)) ? [] : ["golang-go"];
  const ssh = ["openssh-client", "openssh-server", "openssh-sftp-server"];
  return [...labPackages, ...ssh, "nginx", "python3-venv", "python3-yaml", "shellcheck", "sslscan", ...go];
}

async function runSuite({ name, command, count, budget }, live) {
  const started = performance.now();
  console.log(live ? `\n== ${name}` : `${name} begins`);
  const { status, output } = await run(command, live);
  const { passed, failed } = count?.(output) ?? { passed: status === 0 ? 1 : 0, failed: 0 };
  if (!live) console.log(`\n== ${name}\n${output.trimEnd()}`);
  const seconds = Math.round((performance.now() - started) / 1000);
  // A suite that fails without naming a test (a crash, no test found) is one failure.
  const counted = status !== 0 && failed === 0 ? 1 : failed;
  return { name, passed, failed: counted, seconds, budget, reasons: counted > 0 ? reasonsIn(output) : [] };
}

function run([program, ...args], live) {
  return new Promise((resolve) => {
    // Many small files are written and synchronised; in memory that costs nothing.
    const env = existsSync("/dev/shm") ? { ...process.env, TMPDIR: "/dev/shm" } : process.env;
    const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const take = (stream) => (chunk) => {
      output += chunk;
      if (live) stream.write(chunk);
    };
    child.stdout.on("data", take(process.stdout));
    child.stderr.on("data", take(process.stderr));
    child.on("error", (error) => resolve({ status: 1, output: `${output}\n${error.message}` }));
    child.on("close", (status) => resolve({ status: status ?? 1, output }));
  });
}

function report(results) {
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  const width = Math.max(...results.map(({ name }) => name.length));
  const row = (name, ...cells) => console.log(name.padEnd(width) + cells.map((cell) => `${cell}`.padStart(8)).join(""));
  console.log();
  row("suite", "passed", "failed", "seconds", "budget");
  for (const { name, passed, failed, seconds, budget } of results) {
    row(name, passed, failed, seconds, budget, seconds > budget ? "over" : "");
  }
  row("all", total("passed"), total("failed"), Math.round(performance.now() / 1000), word === "all" ? 2700 : "");
  for (const { name, reasons } of results.filter(({ failed }) => failed > 0)) {
    console.log(`\nfailed in ${name}:`);
    for (const line of reasons) console.log(`  ${line.trim().slice(0, 400)}`);
  }
  console.log(`\n${total("passed")} passed, ${total("failed")} failed`);
  process.exitCode = total("failed") === 0 && total("passed") > 0 ? 0 : 1;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 2;
});
