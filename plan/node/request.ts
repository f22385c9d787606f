import type { PlanConfig } from "../../config/keys";
import { maintenanceWindow } from "../maintenance";
import { installerVersion } from "../releases";
import type { CertificateSettings, ConfigureNodeRequest, SettingRow } from "../requests";
import { ownedFiles } from "./files";
import { nodeNginx } from "./nginx";
import { overrideRows } from "./overrides";
import type { SecretKeys } from "./secret-overrides";
import { type ManagedFile, managedFiles, managedSettings, type NodeNames } from "./settings";

/** What `configure-node` is asked for on a node, without the values of secret overrides. */
export function nodeRequest(
  names: NodeNames,
  state: "present" | "standalone",
  config: PlanConfig,
  certificates: CertificateSettings,
  secrets: SecretKeys,
): ConfigureNodeRequest {
  const { release, installer } = config;
  return {
    hostname: names.nodeHostname,
    release,
    installer: {
      url: installer.url,
      sha256: installer.sha256,
      ...(installer.repository === undefined ? {} : { repository: installer.repository }),
      version: installerVersion(release),
    },
    ...certificates,
    restart: { when: config.restart, timeoutMinutes: config.drainTimeoutMinutes },
    maintenance: maintenanceWindow(config),
    repair: config.repair[names.node] ?? "",
    files: state === "standalone" ? [] : nodeFiles(names, config, secrets),
    proxyHostname: state === "standalone" ? null : names.proxyHostname,
  };
}

function nodeFiles(names: NodeNames, config: PlanConfig, secrets: SecretKeys): ConfigureNodeRequest["files"] {
  const overrides: Partial<Record<ManagedFile, SettingRow[]>> = overrideRows(config);
  const merged = Object.entries(managedFiles).map(([file, how]) => {
    const path = `/etc/bigbluebutton/${file}`;
    const own = overrides[file as ManagedFile] ?? [];
    const taken = new Set([...own.map(({ key }) => key), ...(secrets[path] ?? [])]);
    return { path, ...how, settings: [...own, ...managedRows(file, names).filter(({ key }) => !taken.has(key))] };
  });
  return [...merged, ...nodeNginx(names), ...ownedFiles(names)];
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
