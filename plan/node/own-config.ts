import type { PlanConfig } from "../../config/keys";
import { releaseLine } from "../releases";

/** The configuration as one node sees it: with a release, an installer and an image of its own, if it has them. */
export function configOfNode(node: string, config: PlanConfig): PlanConfig {
  const { release = config.release, installer = config.installer, image } = config.nodeSettings[node] ?? {};
  // A release of another line runs on another Ubuntu.
  const usual = releaseLine(release) === releaseLine(config.release) ? config.nodeImage : releaseLine(release).ubuntu;
  return { ...config, release, installer, nodeImage: image ?? usual };
}
