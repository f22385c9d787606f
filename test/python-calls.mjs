// Says what Python calls here that is not there, or otherwise than it is: also in tests that take minutes to come to it.
import { complaints } from "./mypy.mjs";

/** Each folder, and from where its tests import. */
const folders = { "host/test": ["host", "host/test"], "test/balancer": ["host", "test/balancer/rig"] };
const isWrongCall = (line) => /: Module .* has no attribute|\[(call-arg|name-defined)\]$/.test(line);

try {
  const wrong = Object.entries(folders).flatMap(([folder, path]) =>
    complaints(folder, ["."], { version: "3.13", path })
      .filter(isWrongCall)
      .map((line) => `${folder}: ${line}`),
  );
  for (const line of wrong) console.error(line);
  console.log(`${wrong.length} calls of what is not there`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} catch (error) {
  console.error(`mypy, which knows how each is called, cannot be had here: ${error.message}`);
  process.exitCode = 1;
}
