import { hkdfSync } from "node:crypto";

/** What an object at Hetzner is there for: a machine's role, or all machines. */
export type LabelledRole = "proxy" | "node" | "cluster";

/** Labels of an object at Hetzner. */
export type Labels = Readonly<Record<string, string>>;

/** Every object of a cluster carries it, and none of another: 16 hexadecimal digits. */
export const idLabel = "bbb-cluster-id";

/** What an object is there for. */
export const roleLabel = "bbb-cluster-role";

/** A cluster's id, always the same for its secret; the secret cannot be told from it. */
export function clusterId(clusterSecret: string): string {
  return Buffer.from(hkdfSync("sha256", clusterSecret, "bbb-cluster id", "", 8)).toString("hex");
}

/** The labels of an object by which it is known whose it is. */
export function labelsFor(id: string, role: LabelledRole): Labels {
  return { [idLabel]: id, [roleLabel]: role };
}
