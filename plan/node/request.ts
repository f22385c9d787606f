import type { PlanConfig } from "../../config/keys";
import { installerVersion } from "../releases";
import type { CertificateSettings, ConfigureNodeRequest, MergedFile, OwnedFile, SettingRow } from "../requests";
import { permissions } from "./cross-origin";
import { ownedFiles } from "./files";
import { nodeNginx } from "./nginx";
import { flattenSettings } from "./overrides";
import { type ManagedFile, managedFiles, managedSettings, type NodeNames } from "./settings";

const installTimeoutMinutes = 60;

/** What `configure-node` is asked for on a node. */
export function nodeRequest(
  names: NodeNames,
  state: "present" | "standalone",
  config: PlanConfig,
  certificates: CertificateSettings,
): ConfigureNodeRequest {
  const { release, installer } = config;
  return {
    hostname: names.nodeHostname,
    release,
    installer: {
      ...installer,
      repository: installer.repository ?? null,
      version: installerVersion(release),
      timeoutMinutes: installTimeoutMinutes,
    },
    ...certificates,
    restart: { when: config.restart, timeoutMinutes: config.drainTimeoutMinutes },
    repair: config.repair[names.node] ?? "",
    files: state === "standalone" ? [] : nodeFiles(names, config),
    crossOrigin: state === "standalone" ? [] : permissions(names),
  };
}

function nodeFiles(names: NodeNames, { bbbWebProperties, bbbHtml5 }: PlanConfig): (MergedFile | OwnedFile)[] {
  const overrides: Partial<Record<ManagedFile, SettingRow[]>> = {
    "bbb-web.properties": rows(bbbWebProperties),
    "bbb-html5.yml": rows(flattenSettings(bbbHtml5)),
  };
  const merged = Object.entries(managedFiles).map(([file, how]) => ({
    path: `/etc/bigbluebutton/${file}`,
    ...how,
    settings: withOverrides(overrides[file as ManagedFile] ?? [], file, names),
  }));
  return [...merged, ...nodeNginx(names), ...ownedFiles(names)];
}

function rows(settings: Readonly<Record<string, SettingRow["value"]>>): SettingRow[] {
  return Object.entries(settings).map(([key, value]) => ({ key, value }));
}

function withOverrides(overrides: SettingRow[], file: string, names: NodeNames): SettingRow[] {
  const taken = new Set(overrides.map(({ key }) => key));
  return [...overrides, ...managedRows(file, names).filter(({ key }) => !taken.has(key))];
}

function managedRows(file: string, names: NodeNames): SettingRow[] {
  return managedSettings
    .filter((setting) => setting.file === file)
    .map(({ key, value, since, before }) => ({
      key,
      value: value(names),
      ...(since === undefined ? {} : { since }),
      ...(before === undefined ? {} : { before }),
    }));
}
