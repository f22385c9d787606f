import { suitsBalancer, suitsNode, suitsProxy } from "../plan/images";
import { releaseLine, supportedRelease } from "../plan/releases";
import { networkOf } from "./access";
import { backupAccessViolations, backupViolations } from "./backup-rules";
import type { ConfigKey } from "./keys";
import { balancerViolations } from "./load-balancer-rules";
import { nodeFileViolations } from "./node-file-rules";
import { ownReleaseViolations } from "./own-release-rules";
import { tenantViolations } from "./tenant-rules";
import { objectOf, type Values, type Violation } from "./violation";

/** Everything that is wrong between keys, as far as they are wanted: secrets are, where they are set with the others. */
export function violations(values: Values, wanted: readonly ConfigKey[]): Violation[] {
  return [
    ...zoneViolations(values),
    ...addressViolations(values),
    ...nodeFileViolations(values["nodeFiles"]),
    ...typeViolations(values),
    ...imageViolations(values),
    ...ownReleaseViolations(values),
    ...tenantViolations(values),
    ...backupViolations(values),
    ...(wanted.includes("loadBalancerSecret") ? balancerViolations(values) : []),
    ...(wanted.includes("backupAccess") ? backupAccessViolations(values) : []),
  ];
}

function zoneViolations({ domain, zone }: Values): Violation[] {
  const holds = typeof zone !== "string" || typeof domain !== "string" || `.${domain}`.endsWith(`.${zone}`);
  const remedy = "pulumi config rm zone";
  return holds ? [] : [{ path: ["zone"], expected: "the domain or a parent of it", remedy }];
}

function addressViolations({ adminCidrs }: Values): Violation[] {
  const items = Array.isArray(adminCidrs) ? adminCidrs.map(String) : [];
  // Of those that are wrong the first makes room for an IPv4 CIDR, and the others go.
  const staying = items.filter((item, index) => index === 0 || networkOf(item) !== undefined);
  return items.length === 0 || staying.some((item) => !item.includes(":"))
    ? []
    : [
        {
          path: ["adminCidrs"],
          expected: "a list with an IPv4 CIDR: SSH goes there by IPv4",
          remedy: "pulumi config set --path 'adminCidrs[0]' 203.0.113.7/32 # with your own address",
        },
      ];
}

type Type = [path: string[], type: unknown, isNode: boolean, remedy: string];

/** BigBlueButton has no packages for ARM; locations outside of Europe have neither cx nor cax. */
function typeViolations(values: Values): Violation[] {
  const { location, nodeType = "ccx33", proxyType = "cx33", balancerType = "cx33" } = values;
  const hasBalancer = objectOf(values["loadBalancer"])["kind"] === "bbblb";
  const balancer: Type = [["balancerType"], balancerType, false, "pulumi config set balancerType ccx13"];
  const types: Type[] = [
    [["nodeType"], nodeType, true, "pulumi config set nodeType ccx33"],
    [["proxyType"], proxyType, false, "pulumi config set proxyType ccx13"],
    ...(hasBalancer ? [balancer] : []),
    ...Object.entries(objectOf(values["nodeSettings"])).map(([name, settings]): Type => {
      const path = ["nodeSettings", name, "type"];
      return [path, objectOf(settings)["type"], true, `pulumi config rm --path '${path.join(".")}'`];
    }),
  ];
  const isEurope = !["ash", "hil", "sin"].includes(String(location));
  return types.flatMap(([path, type, isNode, remedy]) => {
    if (isNode && /^cax/.test(String(type))) {
      return [{ path, expected: "an x86 type: BigBlueButton has no packages for ARM, which cax is", remedy }];
    }
    const expected = "a type that this location has: cx and cax are in Europe only";
    return !isEurope && /^ca?x/.test(String(type)) ? [{ path, expected, remedy }] : [];
  });
}

function imageViolations({ release = "3.0", nodeImage, proxyImage, balancerImage }: Values): Violation[] {
  const isKnown = typeof release === "string" && supportedRelease.test(release);
  const line = isKnown ? releaseLine(release) : undefined;
  const proxy = typeof proxyImage === "string" && !suitsProxy(proxyImage);
  const node = isKnown && typeof nodeImage === "string" && !suitsNode(nodeImage, release);
  const balancer = typeof balancerImage === "string" && !suitsBalancer(balancerImage);
  return [
    ...(line?.withoutImage && (nodeImage === undefined || nodeImage === line.ubuntu)
      ? [
          {
            path: ["nodeImage"],
            expected: `set to an image of your own for this release: Hetzner has no ${line.ubuntu}`,
            remedy: "pulumi config set release 3.0 && pulumi config rm nodeImage",
          },
        ]
      : []),
    ...(node
      ? [
          {
            path: ["nodeImage"],
            expected: `${line?.ubuntu}, or an image of your own`,
            remedy: "pulumi config rm nodeImage",
          },
        ]
      : []),
    ...(proxy
      ? [
          {
            path: ["proxyImage"],
            expected: "debian-12, debian-13, ubuntu-24.04, or an image of your own: other nginx are too old",
            remedy: "pulumi config set proxyImage debian-12",
          },
        ]
      : []),
    ...(balancer
      ? [
          {
            path: ["balancerImage"],
            expected: "debian-13, or an image of your own: others have an older Python than BBBLB needs",
            remedy: "pulumi config set balancerImage debian-13",
          },
        ]
      : []),
  ];
}
