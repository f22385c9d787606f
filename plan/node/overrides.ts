import type { OverrideFile, SettingRow, SettingValue } from "../requests";
import type { ManagedFile } from "./settings";

/** A tree of an administrator's own settings, as the stack configuration holds it. */
export type SettingTree = { [key: string]: SettingTree | SettingValue };

/** An administrator's own settings, by the key of the stack configuration that holds them. */
export interface Overrides {
  bbbWebProperties?: Readonly<Record<string, string>>;
  bbbHtml5?: SettingTree;
}

/** Overrides as rows of the files that they are for, in front of the cluster's own. */
export function overrideFiles({ bbbWebProperties = {}, bbbHtml5 = {} }: Overrides): OverrideFile[] {
  const files: Partial<Record<ManagedFile, SettingRow[]>> = {
    "bbb-web.properties": rows(bbbWebProperties),
    "bbb-html5.yml": rows(flattenSettings(bbbHtml5)),
  };
  return Object.entries(files)
    .filter(([, settings]) => settings.length > 0)
    .map(([file, settings]) => ({ path: `/etc/bigbluebutton/${file}`, settings }));
}

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

function rows(settings: Readonly<Record<string, SettingValue>>): SettingRow[] {
  return Object.entries(settings).map(([key, value]) => ({ key, value }));
}

function isTree(value: SettingTree[string]): value is SettingTree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
