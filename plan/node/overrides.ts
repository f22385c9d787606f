import type { SettingValue } from "../requests";

/** A tree of an administrator's own settings, as the stack configuration holds it. */
export type SettingTree = { [key: string]: SettingTree | SettingValue };

/** A tree as dotted paths to its leaves; lists are leaves. */
export function flattenSettings(tree: SettingTree, prefix = ""): Record<string, SettingValue> {
  const entries = Object.entries(tree).map(([key, value]) =>
    isTree(value) ? flattenSettings(value, `${prefix}${key}.`) : { [`${prefix}${key}`]: value },
  );
  return Object.assign({}, ...entries);
}

/** The paths among the overrides that are, hold or lie in one of the paths that the cluster sets. */
export function conflictingPaths(overrides: readonly string[], managed: readonly string[]): string[] {
  const overlap = (a: string, b: string) => a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
  return overrides.filter((path) => managed.some((taken) => overlap(path, taken)));
}

function isTree(value: SettingTree[string]): value is SettingTree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
