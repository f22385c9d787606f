import { hkdfSync } from "node:crypto";

import type { PlanConfig } from "../config/keys";
import { metricsPort, type Role } from "./flows";
import type { MachineSpec } from "./machines";
import { fixedText, nginx } from "./nginx/files";
import { stateOf } from "./node-state";
import type { OwnedFile } from "./requests";

/** Stdin of `configure-monitoring` and `forget-monitoring`, without the token and what only the cloud knows. */
export interface MonitoringRequest {
  hostname: string;
  role: Role;
  /** What this machine tries every five minutes; null: nothing. */
  check: CheckRequest | null;
  /** Another text than before has everything put right again. */
  repair: string;
  files: OwnedFile[];
}

/** A meeting that is created, joined and ended, as a frontend would do it. */
export interface CheckRequest {
  /** Whose API is asked: this node's own, or the load balancer's. */
  through: "node" | "balancer";
  /** https://lb.example.com: where that is; its secret is on the machine. */
  url: string;
  /** By whose secret, if the load balancer tells them apart. */
  tenant: string | null;
  /** https://bbb.example.com/: with what the address of the client's page begins at which joining ends. */
  page: string;
}

/** What a machine is to tell, and to try. */
export interface MonitoringSpec {
  /** Name of the machine. */
  machine: string;
  request: MonitoringRequest;
}

/** One entry of a list that Prometheus reads by file_sd_configs. */
export interface PrometheusTarget {
  targets: string[];
  labels: Record<"job" | "__metrics_path__" | "machine" | "role" | "cluster", string>;
}

/**
 * For every machine, if anybody may ask.
 * @param frontDoor under which name users see the proxies
 */
export function planMonitoring(
  machines: readonly MachineSpec[],
  frontDoor: string,
  config: PlanConfig,
): MonitoringSpec[] {
  if (config.monitoringCidrs.length === 0) return [];
  // Of several proxies the first one alone knows a load balancer's secret.
  const teller = machines.find(({ role }) => role === "proxy");
  return machines.map((machine) => ({
    machine: machine.name,
    request: {
      hostname: machine.hostname,
      role: machine.role,
      check: machine.role === "proxy" && machine !== teller ? null : checkOf(machine, frontDoor, config),
      repair: config.repair[machine.name] ?? "",
      files: files(machine.hostname, machine.role === "proxy" ? frontDoor : machine.hostname),
    },
  }));
}

/**
 * Where a Prometheus finds the metrics of all machines.
 * @param cluster tells several stacks apart in one Prometheus
 * @param standalone names of nodes that are not in the cluster: it takes no meetings by them
 */
export function prometheusTargets(
  cluster: string,
  machines: readonly MachineSpec[],
  standalone: readonly string[],
): PrometheusTarget[] {
  return machines.flatMap(({ name, hostname, role }) =>
    (["node", "nginx"] as const).map((exporter) => ({
      targets: [`${hostname}:${metricsPort}`],
      labels: {
        job: `bbb-${exporter}`,
        __metrics_path__: `/metrics/${exporter}`,
        machine: name,
        role: standalone.includes(name) ? "standalone" : role,
        cluster,
      },
    })),
  );
}

/** What a Prometheus shows to be told anything, always the same for a cluster's secret. */
export function metricsToken(clusterSecret: string): string {
  return Buffer.from(hkdfSync("sha256", clusterSecret, "bbb-cluster monitoring", "token", 32)).toString("hex");
}

function checkOf({ name, role, hostname }: MachineSpec, proxy: string, config: PlanConfig): CheckRequest | null {
  const { loadBalancer, tenants } = config;
  if (role === "node") {
    const page = pageOf(name, hostname, proxy, stateOf(name, config));
    return { through: "node", url: `https://${hostname}`, tenant: null, page };
  }
  const page = `https://${proxy}/`;
  const [tenant] = tenants;
  if (role === "balancer" && tenant) {
    return { through: "balancer", url: `https://${tenant.host}`, tenant: tenant.name, page };
  }
  if (role === "proxy" && loadBalancer.kind === "scalelite") {
    return { through: "balancer", url: loadBalancer.url, tenant: null, page };
  }
  return null;
}

function pageOf(name: string, hostname: string, proxy: string, state: ReturnType<typeof stateOf>): string {
  return state === "standalone" ? `https://${hostname}/html5client/` : `https://${proxy}/${name}/html5client/`;
}

const units = ["bbb-cluster-metrics.service", "bbb-cluster-metrics.timer"];
const checkUnits = ["bbb-cluster-check.service", "bbb-cluster-check.timer"];

function files(hostname: string, certificate: string): OwnedFile[] {
  const own = (name: string) => fixedText(`monitoring/${name}`);
  const names = (line: string) => line.replace("MACHINE_HOSTNAME", hostname).replace("CERTIFICATE_NAME", certificate);
  const site = own("nginx/metrics.conf").map(names);
  return [
    nginx("conf.d/bbb-cluster-metrics.conf", site),
    exporter("node", ["127.0.0.1:9100"]),
    {
      // It ends where nginx does not answer at once, and Debian's unit leaves it at that.
      path: "/etc/systemd/system/prometheus-nginx-exporter.service.d/bbb-cluster.conf",
      restart: ["daemon-reload"],
      content: ["[Unit]", "StartLimitIntervalSec=0", "[Service]", "Restart=always", "RestartSec=5"],
    },
    exporter("nginx", ["127.0.0.1:9113", "--nginx.scrape-uri=http://127.0.0.1:9145/status"]),
    ...[...units, ...checkUnits].map((unit) => ({
      path: `/etc/systemd/system/${unit}`,
      restart: ["daemon-reload", ...(unit.endsWith(".timer") ? [unit] : [])],
      content: own(`units/${unit}`),
    })),
    {
      // Not `systemctl enable`: it goes when it is not wanted any more, like every other file of ours.
      path: "/etc/systemd/system/timers.target.d/bbb-cluster-monitoring.conf",
      restart: ["daemon-reload"],
      content: ["[Unit]", ...[units[1], checkUnits[1]].map((timer) => `Wants=${timer}`)],
    },
  ];
}

/** Of Debian's, which would listen everywhere. */
function exporter(name: "node" | "nginx", [address, ...options]: string[]): OwnedFile {
  const unit = `prometheus-${name}-exporter`;
  const words = [`--web.listen-address=${address}`, ...options].join(" ");
  return { path: `/etc/default/${unit}`, restart: [unit], content: [`ARGS="${words}"`] };
}
