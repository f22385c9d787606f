import { hkdfSync } from "node:crypto";

import type { Role } from "./flows";

/** What an object at Hetzner is there for: a machine's role, or all machines. */
export type LabelledRole = Role | "cluster";

/** Labels of an object at Hetzner. */
export type Labels = Readonly<Record<string, string>>;

/** Every object of a cluster carries it, and none of another: 16 hexadecimal digits. */
export const idLabel = "bbb-cluster-id";

/** What an object is there for. */
export const roleLabel = "bbb-cluster-role";

/** An image that was made of a node carries it, with the id of the node's cluster. */
export const imageLabel = "bbb-cluster-image";

/** What is needed only while an image is made, with the same id. */
export const imagePartLabel = "bbb-cluster-image-part";

/** What was installed on the node that an image was made of. */
export const releaseLabel = "bbb-cluster-release";

/** A cluster's id, always the same for its secret; the secret cannot be told from it. */
export function clusterId(clusterSecret: string): string {
  return Buffer.from(hkdfSync("sha256", clusterSecret, "bbb-cluster id", "", 8)).toString("hex");
}

/** The labels of an object by which it is known whose it is. */
export function labelsFor(id: string, role: LabelledRole): Labels {
  return { [idLabel]: id, [roleLabel]: role };
}
