// Entry of `npm run lab`: makes sure that what the lab needs is installed, then hands over to lab/cli/main.ts.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { labPackages } from "./debian-packages.mjs";
import { prepareCheckout, prepareMachine } from "./prepare.mjs";

function wantsHelp(args) {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === "--help" || arg === "-h");
}

async function main(args) {
  // Help is for everybody, on any machine.
  if (wantsHelp(args)) {
    prepareCheckout();
  } else {
    prepareMachine(labPackages);
  }
  const require = createRequire(import.meta.url);
  require("tsx/cjs/api").register();
  await require(fileURLToPath(new URL("../cli/main.ts", import.meta.url))).main(args);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
