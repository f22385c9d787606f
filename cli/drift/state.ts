import { createHash } from "node:crypto";
import { z } from "zod";

/** Digests of the requests that the state holds, by their key on the machine; null where the request is a secret. */
export type ExpectedRequests = ReadonlyMap<string, string | null>;

const commands = ["configure-node", "configure-proxy", "add-route"];

const inputs = z.object({ create: z.unknown(), stdin: z.unknown() }).partial();
const stack = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({ type: z.string(), urn: z.string(), inputs: z.unknown().optional(), delete: z.boolean().optional() }),
      )
      .optional(),
  }),
});

/** What each machine was told last according to a `pulumi stack export`, by the machine's name. */
export function expectedRequests(exported: unknown): Map<string, ExpectedRequests> {
  const { deployment } = stack.parse(exported);
  const machines = new Map<string, Map<string, string | null>>();
  for (const resource of deployment.resources ?? []) {
    if (resource.type !== "command:remote:Command" || resource.delete) continue;
    const request = readRequest(resource.urn.split("::").at(-1) ?? "", inputs.safeParse(resource.inputs).data ?? {});
    if (!request) continue;
    const known = machines.get(request.machine) ?? new Map<string, string | null>();
    machines.set(request.machine, known.set(request.key, request.digest));
  }
  return machines;
}

function readRequest(name: string, { create, stdin }: z.output<typeof inputs>) {
  const command = typeof create === "string" ? create.split(" ").at(-1) : commandOf(name);
  if (command === undefined || !commands.includes(command)) return undefined;
  const [node = "", proxy] = name.split("-route-on-");
  const digest = typeof stdin === "string" ? createHash("sha256").update(stdin).digest("hex") : null;
  if (command !== "add-route") return { machine: name.replace(/-configured$/, ""), key: command, digest };
  return { machine: proxy ?? "", key: `add-route ${nodeIn(stdin) ?? node}`, digest };
}

/** The command of a resource whose text is a secret. */
function commandOf(name: string): string | undefined {
  return name.includes("-route-on-") ? "add-route" : undefined;
}

function nodeIn(stdin: unknown): string | undefined {
  try {
    return z.object({ node: z.string() }).parse(JSON.parse(String(stdin))).node;
  } catch {
    return undefined;
  }
}
