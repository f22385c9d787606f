/** The folder of the rig; without it, ports and names would be those of whoever runs the tests. */
export function room(): string {
  const folder = process.env["MONITORING_RIG"];
  if (folder) return folder;
  throw new Error("this needs ports and names of its own: run it by test/monitoring/rig/enter.sh COMMAND");
}

/** Said once, before any file of tests is run. */
export function setup(): void {
  room();
}
