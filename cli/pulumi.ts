import { spawn } from "node:child_process";
import { once } from "node:events";

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

/** The same with secrets in the clear. */
export async function exportStackInTheClear(): Promise<unknown> {
  return JSON.parse(await pulumi("stack", "export", "--show-secrets"));
}

/** Sets a value in the selected stack's configuration, at a path such as `repair.bbb-01`. */
export async function setConfig(path: string, value: string): Promise<void> {
  await pulumi("config", "set", "--path", path, value);
}

/** What there is to be, as `pulumi preview --json` tells it, with what stays as it is. */
export async function previewStack(): Promise<unknown> {
  return JSON.parse(await pulumi("preview", "--json", "--show-sames"));
}

/** A value of the selected stack's configuration; undefined when it is not set. */
export async function configValue(key: string): Promise<string | undefined> {
  const all = JSON.parse(await pulumi("config", "--json", "--show-secrets")) as Record<string, { value?: string }>;
  return all[key]?.value || undefined;
}

/**
 * Runs `pulumi up` without asking, with what it says on this terminal; resolves to whether all went well. One machine that
 * fails holds up no other.
 */
export async function upStack(): Promise<boolean> {
  const env = { ...process.env, PULUMI_CONTINUE_ON_ERROR: "true" };
  const child = spawn("pulumi", ["up", "--yes"], { stdio: "inherit", env });
  // Ctrl-C on the terminal reaches it by itself.
  const pass = () => child.kill("SIGINT");
  process.on("SIGTERM", pass);
  try {
    const [status] = await once(child, "close");
    return status === 0;
  } catch (error) {
    throw new Error(explain("up", new ExecuteError((error as Error).message, "", "")));
  } finally {
    process.off("SIGTERM", pass);
  }
}

/** Frees the stack from a run that was killed; some backends call it a mistake when there is none. */
export async function cancelRun(): Promise<void> {
  await pulumi("cancel", "--yes").catch(() => undefined);
}

/** Puts a state, as it was exported and edited, in the place of the selected stack's. */
export async function importStack(state: object): Promise<void> {
  await pulumiReading(JSON.stringify(state), "stack", "import");
}

/** Reads these resources, and no others, from the provider into the state. */
export async function refreshTargets(urns: readonly string[]): Promise<void> {
  await pulumi("refresh", "--yes", "--skip-preview", ...urns.flatMap((urn) => ["--target", urn]));
}

function pulumi(...words: string[]): Promise<string> {
  return pulumiReading("", ...words);
}

async function pulumiReading(input: string, ...words: string[]): Promise<string> {
  try {
    const run = execute("pulumi", [...words, "--non-interactive"], { input });
    return await withProgress(`pulumi ${words.slice(0, 2).join(" ")}`, run);
  } catch (error) {
    throw error instanceof ExecuteError ? new Error(explain(words.slice(0, 2).join(" "), error)) : error;
  }
}

function explain(command: string, { message, said, printed }: ExecuteError): string {
  if (message.includes("ENOENT"))
    return "pulumi is not installed, or not on PATH; see: https://www.pulumi.com/docs/install/";
  if (/no stack selected/i.test(said)) return "no stack is selected; run: pulumi stack select STACK";
  if (/no Pulumi\.yaml project file/i.test(said))
    return "this folder has no Pulumi.yaml: run this in the cluster's own";
  if (/failed to load checkpoint/i.test(said)) {
    return (
      "a run was killed while it wrote the state: in your backend's folder .pulumi/stacks/PROJECT delete " +
      "STACK.json.attrs, and if STACK.json is cut off, copy STACK.json.bak to it; then again"
    );
  }
  if (/incorrect passphrase/i.test(said)) {
    return "the passphrase is not that of the stack; if nobody knows it any more: npm run rotate -- --lost-passphrase";
  }
  return `pulumi ${command} failed: ${said || diagnosesIn(printed) || message}`;
}

/** What a preview in JSON, of which this is the end, calls errors; empty for what is none. */
function diagnosesIn(printed: string): string {
  const end = printed.slice(printed.lastIndexOf('"diagnostics": ['));
  try {
    const { diagnostics } = JSON.parse(`{${end}`) as { diagnostics: { message: string; severity: string }[] };
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    return errors.map(({ message }) => message.replace(/^error: /, "").trim()).join("\n");
  } catch {
    return "";
  }
}
