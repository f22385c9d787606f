import { isReady } from "../fabric/instance";
import { type Lab, labNamed } from "../paths";

/** The option of every command. */
export const labArgs = {
  lab: { type: "string", valueHint: "NAME", description: 'which lab (default: $LAB, else "lab")' },
} as const;

/** The option of commands whose result a program may want. */
export const jsonArgs = { json: { type: "boolean", description: "print the result as JSON" } } as const;

/** The lab that is meant. */
export function labOf(args: { lab?: string | undefined }): Lab {
  return labNamed(args.lab ?? (process.env["LAB"] || "lab"));
}

/** The lab that is meant; throws one sentence when it is down. */
export function runningLab(args: { lab?: string | undefined }): Lab {
  const lab = labOf(args);
  if (!isReady(lab)) throw new Error(`the lab "${lab.name}" is down; start it with: npm run lab -- up`);
  return lab;
}
