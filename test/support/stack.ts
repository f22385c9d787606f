import { checkValues, planConfig } from "../../config/check";
import type { PlanConfig } from "../../config/keys";

/** A stack configuration with nothing wrong in it, as raw values. */
export function goodValues(): Record<string, unknown> {
  return {
    domain: "example.com",
    nodes: "2",
    nodeSettings: {},
    acmeEmail: "admin@school.test",
    installer: { url: "https://packages.example.com/bbb-install.sh", sha256: "0a".repeat(32) },
    loadBalancer: { kind: "none" },
    adminCidrs: ["203.0.113.7/32"],
    clusterSecret: secretOfTests,
  };
}

/** The problems of a good configuration that is changed. */
export function problemsOf(changes: Record<string, unknown>): string[] {
  return checkValues("bbb", { ...goodValues(), ...changes }).problems;
}

/** What a cluster is planned from: the good configuration, changed. */
export function configOf(changes: Record<string, unknown> = {}): PlanConfig {
  const { clusterSecret: _, ...values } = goodValues();
  return planConfig("bbb", { ...values, ...changes });
}

/** The cluster secret of the tests; no request may carry it. */
export const secretOfTests = "5ec2e7".repeat(11);
