import type { z } from "zod";

import { accessKeys } from "./access-keys";
import { balancerKeys } from "./balancer-keys";
import { clusterKeys } from "./cluster-keys";
import { operationKeys } from "./operation-keys";

/**
 * Every key of the stack configuration, one row each. README's table, Pulumi.yaml and Pulumi.dev.yaml are written from
 * these rows by `npm run generate`.
 */
export const keys = { ...clusterKeys, ...balancerKeys, ...accessKeys, ...operationKeys };

/** A key of the stack configuration, without its namespace. */
export type ConfigKey = keyof typeof keys;

/** Keys that hold an administrator's own settings of BigBlueButton. */
export const overrideKeys = ["bbbWebProperties", "bbbHtml5"] as const;
export type OverrideKey = (typeof overrideKeys)[number];

/** The checked stack configuration, with defaults filled in. */
export type ClusterConfig = { [K in ConfigKey]: z.output<(typeof keys)[K]["schema"]> } & { nodeImage: string };

/** Keys that are always secrets. */
export type SecretKey = "clusterSecret" | "loadBalancerSecret" | "backupAccess";

/** All of it that is no secret: what a cluster is planned from. */
export type PlanConfig = Omit<ClusterConfig, SecretKey>;

/** What another program hands over to have a cluster planned: the keys as they are written in a stack's configuration. */
export type PlanValues = { [K in Exclude<ConfigKey, SecretKey>]?: z.input<(typeof keys)[K]["schema"]> };
