import { domainName } from "./text";
import { objectOf, type Values, type Violation } from "./violation";

/** What is wrong between tenants, the load balancer and the zone. */
export function tenantViolations(values: Values): Violation[] {
  const { kind } = objectOf(values["loadBalancer"]);
  const given = Array.isArray(values["tenants"]) ? values["tenants"].map(objectOf) : [];
  if (kind === "bbblb" && (values["tenants"] === undefined || isEmptyList(values["tenants"]))) {
    return [missing(values)];
  }
  if (kind !== "bbblb" && given.length > 0) {
    const expected = "left out: only `loadBalancer` of the kind bbblb has tenants";
    return [{ path: ["tenants"], expected, remedy: "pulumi config rm tenants" }];
  }
  return given.flatMap((tenant, index) => [
    ...repeated(given, tenant, index, "name"),
    ...repeated(given, tenant, index, "host"),
    ...outOfZone(values, tenant, index),
  ]);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function missing({ domain }: Values): Violation {
  const expected = "a list of at least one {name, host}, with `loadBalancer` of the kind bbblb";
  const set = (field: string, value: string) => `pulumi config set --path 'tenants[0].${field}' ${value}`;
  return {
    path: ["tenants"],
    expected,
    remedy: `${set("name", "moodle")} && ${set("host", `moodle.${typeof domain === "string" ? domain : "example.com"}`)}`,
  };
}

function repeated(given: Values[], tenant: Values, index: number, field: string): Violation[] {
  const first = given.findIndex((other) => other[field] === tenant[field]);
  return tenant[field] === undefined || first === index
    ? []
    : [violation(index, field, `another ${field} than tenant ${first} has`)];
}

/** Records are made in one zone; of one that is no domain nothing is known yet. */
function outOfZone({ dns = "hetzner", domain, zone = domain }: Values, { host }: Values, index: number): Violation[] {
  const isKnown = dns === "hetzner" && typeof host === "string" && domainName.safeParse(zone).success;
  return !isKnown || host.endsWith(`.${zone}`)
    ? []
    : [violation(index, "host", `a name in the zone ${zone}, as \`dns\` is hetzner`)];
}

function violation(index: number, field: string, expected: string): Violation {
  const path = ["tenants", String(index)];
  return { path: [...path, field], expected, remedy: `pulumi config rm --path 'tenants[${index}]'` };
}
