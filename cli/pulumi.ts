import { ExecuteError, execute } from "./execute";
import { withProgress } from "./terminal";

/** The outputs of the selected stack, secrets in the clear; throws a sentence that says what to do. */
export async function readStackOutputs(): Promise<unknown> {
  const text = await pulumi("stack", "output", "--json", "--show-secrets");
  return JSON.parse(text);
}

/** The state of the selected stack, secrets encrypted. */
export async function exportStack(): Promise<unknown> {
  return JSON.parse(await pulumi("stack", "export"));
}

/** Sets a value in the selected stack's configuration, at a path such as `repair.bbb-01`. */
export async function setConfig(path: string, value: string): Promise<void> {
  await pulumi("config", "set", "--path", path, value);
}

async function pulumi(...words: string[]): Promise<string> {
  try {
    const run = execute("pulumi", [...words, "--non-interactive"]);
    return await withProgress(`pulumi ${words.slice(0, 2).join(" ")}`, run);
  } catch (error) {
    throw error instanceof ExecuteError ? new Error(explain(words.slice(0, 2).join(" "), error)) : error;
  }
}

function explain(command: string, { message, said }: ExecuteError): string {
  if (message.includes("ENOENT"))
    return "pulumi is not installed, or not on PATH; see: https://www.pulumi.com/docs/install/";
  if (/no stack selected/i.test(said)) return "no stack is selected; run: pulumi stack select STACK";
  if (/no Pulumi\.yaml project file/i.test(said))
    return "this folder has no Pulumi.yaml: run this in the cluster's own";
  return `pulumi ${command} failed: ${said || message}`;
}
