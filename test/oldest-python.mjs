// Says what of the host programs the oldest Python that they run on does not know: Ubuntu 20.04's, with BigBlueButton 2.7.
// Such a Python is hardly to be had any more. mypy knows what each one has: what it says of the oldest and not of a new one.
import { complaints } from "./mypy.mjs";

const oldest = "3.8";
const newest = "3.13";
// BBBLB's guard runs in BBBLB's own Python.
const what = ["--exclude", "guard/", "-p", "bbb_cluster"];

try {
  // By place and kind: the same type has another name in each.
  const kind = (line) => line.replace(/: error: .*(?=\[)/, " ");
  const known = new Set(complaints("host", what, { version: newest }).map(kind));
  const unknown = complaints("host", what, { version: oldest }).filter((line) => !known.has(kind(line)));
  for (const line of unknown) console.error(`not in Python ${oldest}: host/${line}`);
  console.log(`${unknown.length} things of the host programs are not in Python ${oldest}`);
  process.exitCode = unknown.length === 0 ? 0 : 1;
} catch (error) {
  console.error(`mypy, which knows what Python ${oldest} has, cannot be had here: ${error.message}`);
  process.exitCode = 1;
}
