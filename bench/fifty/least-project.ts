import { join } from "node:path";

/** The program that asks Pulumi for the least: what it takes, no program can do without. */
export const leastProject = { project: join(__dirname, "least"), name: "least" };
