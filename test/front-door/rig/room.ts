/** The folder of the rig; without it, nginx's real files would be written. */
export function room(): string {
  const folder = process.env["FRONT_DOOR_RIG"];
  if (folder) return folder;
  throw new Error("this acts on nginx's real files: run it by node test/front-door/run.mjs");
}

/** Said once, before any file of tests is run. */
export function setup(): void {
  room();
}
