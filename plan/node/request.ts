import type { PlanConfig } from "../../config/keys";
import { maintenanceWindow } from "../maintenance";
import type { NodeState } from "../node-state";
import { installerVersion } from "../releases";
import type { CertificateSettings, ConfigureNodeRequest } from "../requests";
import { administratorFiles } from "./administrator-files";
import { overrideFiles } from "./overrides";
import type { NodeNames } from "./settings";

/** What `configure-node` is asked for on a node, without the values of secret overrides. */
export function nodeRequest(
  names: NodeNames,
  state: NodeState,
  config: PlanConfig,
  certificates: CertificateSettings,
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
    restart: config.restart,
    maintenance: maintenanceWindow(config),
    repair: config.repair[names.node] ?? "",
    node: state === "standalone" ? null : names.node,
    proxyHostname: state === "standalone" ? null : names.proxyHostname,
    files: state === "standalone" ? [] : overrideFiles(config),
    ...(state === "standalone" ? { nodeFiles: [], nodeHook: null } : administratorFiles(config)),
  };
}
