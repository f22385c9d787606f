import { z } from "zod";

import { conflictingPaths, flattenSettings, type SettingTree } from "../plan/node/overrides";
import { protectedKeys } from "../plan/node/settings";

/** Others derive from these: every node's own secret and address (scalelite#128). */
const derivedKeys = ["securitySalt", "bigbluebutton.web.serverURL"];

const scalar = z.union([z.string(), z.number(), z.boolean()], { error: "a single value" });
const propertiesExpected =
  "an object of single values; keys managed by the cluster, and those that others derive from, are rejected";

/** Overrides of bbb-web.properties, as texts. */
export const propertyOverrides = z
  .record(z.string().regex(/^[\w.-]+$/), z.unknown(), { error: propertiesExpected })
  .superRefine((given, context) => {
    const taken = [...protectedKeys("bbb-web.properties"), ...derivedKeys];
    for (const [key, value] of Object.entries(given)) {
      if (!scalar.safeParse(value).success || taken.includes(key)) {
        context.addIssue({ code: "custom", path: [key], message: propertiesExpected });
      }
    }
  })
  .transform((given) => Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)])));

const treeExpected =
  "a tree of settings with names that are not empty and have no dots; keys managed by the cluster are rejected";

/** Overrides of bbb-html5.yml, as a tree. */
export const treeOverrides = z
  .custom<SettingTree>((value) => typeof value === "object" && value !== null && !Array.isArray(value), {
    error: treeExpected,
  })
  .superRefine((given, context) => {
    const wrong = wrongNames(given);
    const paths = wrong.length > 0 ? [] : Object.keys(flattenSettings(given)).map((path) => path.split("."));
    const managed = protectedKeys("bbb-html5.yml");
    const conflicting = paths.filter((path) => conflictingPaths([path.join(".")], managed).length > 0);
    for (const path of [...wrong, ...conflicting]) {
      context.addIssue({ code: "custom", path, message: treeExpected });
    }
  });

/** The ways to names that no reader of the file would see as they are meant. */
function wrongNames(tree: object, above: string[] = []): string[][] {
  return Object.entries(tree).flatMap(([name, value]) => {
    const path = [...above, name];
    if (name === "" || name.includes(".") || name === "__proto__") return [path];
    return typeof value === "object" && value !== null && !Array.isArray(value) ? wrongNames(value, path) : [];
  });
}
