import { z } from "zod";

/** What Pulumi exports for a value that a failed resource did not deliver. */
const unknownMarker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const text = z
  .string()
  .nullish()
  .transform((value) => value || null);
const machine = z.object({ name: z.string(), hostname: z.string(), ipv4: text, ipv6: text, privateAddress: text });
const tenant = z.object({ url: z.url(), secret: text });
const server = z.object({ secret: text, load_multiplier: z.number().positive().nullish() });
const shape = z.object({
  url: z.url(),
  proxies: z.array(machine).min(1),
  balancers: z.array(machine).default([]),
  nodes: z.array(machine.extend({ state: z.enum(["present", "draining", "standalone"]), api: z.url() })),
  loadBalancerServers: z
    .object({ servers: z.record(z.string(), server.nullable()) })
    .nullish()
    .transform((value) => value?.servers ?? {}),
  loadBalancer: z
    .object({ teller: text, url: text })
    .nullish()
    .transform((value) => value ?? { teller: null, url: null }),
  tenants: z
    .record(z.string(), tenant)
    .nullish()
    .transform((value) => value ?? {}),
  ssh: text,
});

/** The stack's outputs as far as the checks need them; null is what the last `pulumi up` did not get to know. */
export type Outputs = z.output<typeof shape>;

/** Reads the stack's outputs (`pulumi stack output --json --show-secrets`); throws one sentence naming what is missing. */
export function readOutputs(outputs: unknown): Outputs {
  const known = withoutUnknown(outputs ?? {});
  const result = shape.safeParse(known);
  if (result.success) return result.data;
  const missing = [...new Set(result.error.issues.map(({ path }) => path.join(".")))].join(", ");
  throw new Error(`the stack has no usable output ${missing}: the cluster is not up; run: pulumi up`);
}

function withoutUnknown(value: unknown): unknown {
  if (value === unknownMarker) return null;
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutUnknown(inner)]));
}
