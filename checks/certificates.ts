import { isIP } from "node:net";
import type { DetailedPeerCertificate } from "node:tls";
import * as tls from "node:tls";

import { type Check, seen, unless } from "./check";
import { type Cluster, type ClusterMachine, machinesOf } from "./cluster";
import type { Vantage } from "./vantage";

/** What a TLS handshake showed: the protocol, the certificate and how many intermediates came with it. */
export interface Handshake {
  protocol: string;
  notBefore: Date;
  notAfter: Date;
  intermediates: number;
  /** SHA-256 of the certificate, as openssl writes it. */
  fingerprint: string;
}

/** What is served under a name of its own. */
type Named = Pick<ClusterMachine, "name" | "hostname" | "origin">;

/** Runs a command on a machine and returns what it printed. */
export type OnMachine = (machine: string, command: string) => Promise<string>;

/** Certificate, chain and TLS version of every machine, on both address families. */
export function certificateChecks(cluster: Cluster, vantage: Vantage): Check[] {
  const valid = machinesOf(cluster).flatMap((machine) =>
    ([4, 6] as const).map((family) => unless(vantage.lacks(family), certificateCheck(machine, family))),
  );
  return [...valid, ...cluster.proxies.flatMap((proxy) => [newTlsCheck(proxy), oldTlsCheck(proxy)])];
}

/** Certificate and chain under a tenant's name, at the load balancer's addresses. */
export function tenantCertificateChecks(tenant: Named, vantage: Vantage): Check[] {
  return ([4, 6] as const).map((family) => unless(vantage.lacks(family), certificateCheck(tenant, family)));
}

/** Every machine serves the certificate that certbot renewed last: what stands on 443 may be told of that by a hook. */
export function renewalChecks(cluster: Cluster, vantage: Vantage, onMachine: OnMachine | null): Check[] {
  // Proxies keep theirs under the cluster's name, which may be another one's, too.
  const keptUnder = (machine: ClusterMachine) =>
    cluster.proxies.some(({ name }) => name === machine.name) ? new URL(cluster.origin).hostname : machine.hostname;
  return machinesOf(cluster).map((machine) =>
    unless(
      onMachine === null && "the stack does not know its output ssh",
      renewalCheck(machine, keptUnder(machine), vantage, onMachine),
    ),
  );
}

/** Shakes hands with verification of chain and name; throws when the certificate is not good or nobody answers. */
export function shakeHands(
  origin: string,
  options: tls.ConnectionOptions & { family?: number } = {},
): Promise<Handshake> {
  const { hostname, port } = new URL(origin);
  const servername = isIP(hostname) ? "" : hostname;
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ host: hostname, port: Number(port || 443), servername, ...options }, () => {
      const certificate = socket.getPeerCertificate(true);
      resolve({
        protocol: socket.getProtocol() ?? "none",
        notBefore: new Date(certificate.valid_from),
        notAfter: new Date(certificate.valid_to),
        intermediates: countIntermediates(certificate),
        fingerprint: certificate.fingerprint256,
      });
      socket.destroy();
    });
    socket.setTimeout(5000, () => socket.destroy(new Error(`no TLS handshake with ${hostname} within 5 s`)));
    socket.on("error", reject);
  });
}

/** Whole days from now until then, negative when it is past. */
export function daysUntil(then: Date, now = new Date()): number {
  return Math.floor((then.getTime() - now.getTime()) / 86_400_000);
}

/** How many certificates stand between the leaf and the self-signed root of a verified chain. */
export function countIntermediates(leaf: DetailedPeerCertificate): number {
  let count = 0;
  for (
    let issuer = leaf.issuerCertificate;
    issuer && issuer.issuerCertificate !== issuer;
    issuer = issuer.issuerCertificate
  ) {
    count += 1;
  }
  return count;
}

/** On a node h2 and http/1.1 may end at different servers, and a renewal may reach one of them only. */
function shakeHandsBothWays(origin: string, options: { family?: 4 | 6 } = {}): Promise<Handshake[]> {
  const offers = [["h2", "http/1.1"], ["http/1.1"]];
  return Promise.all(offers.map((ALPNProtocols) => shakeHands(origin, { ...options, ALPNProtocols })));
}

function certificateCheck({ name, origin, hostname }: Named, family: 4 | 6): Check {
  return {
    name: `${name}: certificate over IPv${family}`,
    expected: `valid for ${hostname}, renewed in time, the same for h2 and http/1.1, at least 2 intermediates, TLS 1.2 or newer`,
    async run() {
      const handshakes = await shakeHandsBothWays(origin, { family });
      const good = handshakes.every(
        (each) =>
          isRenewedInTime(each) &&
          each.intermediates >= 2 &&
          each.fingerprint === handshakes[0]?.fingerprint &&
          ["TLSv1.2", "TLSv1.3"].includes(each.protocol),
      );
      const told = handshakes.map(({ notAfter, intermediates, protocol, fingerprint }) => {
        const serial = fingerprint.slice(0, 11);
        return `${serial}…, ${daysUntil(notAfter)} days left, ${intermediates} intermediates, ${protocol}`;
      });
      return seen(good, [...new Set(told)].join(" and "));
    },
  };
}

/** Whether more is left of a certificate than certbot lets go by: it renews when a third is left, and tries each day. */
export function isRenewedInTime(
  { notBefore, notAfter }: Pick<Handshake, "notBefore" | "notAfter">,
  now = new Date(),
): boolean {
  return notAfter.getTime() - now.getTime() > (notAfter.getTime() - notBefore.getTime()) / 5;
}

function renewalCheck(
  machine: ClusterMachine,
  certificate: string,
  vantage: Vantage,
  onMachine: OnMachine | null,
): Check {
  const { name, origin } = machine;
  return {
    name: `${name}: the certificate that is served`,
    expected: "the one that certbot renewed last, for h2 and http/1.1",
    async run() {
      await vantage.needSsh(machine);
      const file = `/etc/letsencrypt/live/${certificate}/cert.pem`;
      const said = (await onMachine?.(name, `openssl x509 -noout -fingerprint -sha256 -in ${file}`)) ?? "";
      const kept = /=([0-9A-F:]{95})\s*$/i.exec(said)?.[1]?.toUpperCase();
      const served = (await shakeHandsBothWays(origin)).map(({ fingerprint }) => fingerprint);
      const told = [...new Set(served)].map((each) => `${each.slice(0, 11)}…`).join(" and ");
      return seen(
        served.every((each) => each === kept),
        `${told} served, ${kept ? `${kept.slice(0, 11)}…` : "nothing readable"} in ${file}`,
      );
    },
  };
}

function newTlsCheck({ name, origin }: ClusterMachine): Check {
  return {
    name: `${name}: newest TLS`,
    expected: "TLS 1.3 spoken",
    async run() {
      const { protocol } = await shakeHands(origin);
      return seen(protocol === "TLSv1.3", protocol);
    },
  };
}

// A server that knows old TLS but finds no cipher for it answers with another alert than one that refuses it.
function oldTlsCheck({ name, origin }: ClusterMachine): Check {
  return {
    name: `${name}: old TLS`,
    expected: "TLS 1.1 refused for its version",
    async run() {
      const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
      const outcome = await shakeHands(origin, old).then(
        ({ protocol }) => `${protocol} accepted`,
        (error: NodeJS.ErrnoException) => `${error.code ?? error.message}`,
      );
      return seen(outcome.includes("PROTOCOL_VERSION"), outcome);
    },
  };
}
