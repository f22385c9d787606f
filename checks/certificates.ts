import { isIP } from "node:net";
import type { DetailedPeerCertificate } from "node:tls";
import * as tls from "node:tls";

import { type Check, seen, unless } from "./check";
import type { Cluster, ClusterMachine } from "./cluster";
import type { Vantage } from "./vantage";

/** What a TLS handshake showed: the protocol, the certificate's last day and how many intermediates came with it. */
export interface Handshake {
  protocol: string;
  notAfter: Date;
  intermediates: number;
}

/** Certificate, chain and TLS version of every machine, on both address families. */
export function certificateChecks({ proxies, nodes }: Cluster, vantage: Vantage): Check[] {
  const valid = [...proxies, ...nodes].flatMap((machine) =>
    ([4, 6] as const).map((family) => unless(vantage.lacks(family), certificateCheck(machine, family))),
  );
  return [...valid, ...proxies.flatMap((proxy) => [newTlsCheck(proxy), oldTlsCheck(proxy)])];
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
        notAfter: new Date(certificate.valid_to),
        intermediates: countIntermediates(certificate),
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

function certificateCheck({ name, origin, hostname }: ClusterMachine, family: 4 | 6): Check {
  return {
    name: `${name}: certificate over IPv${family}`,
    expected: `valid for ${hostname}, at least 2 intermediates, TLS 1.2 or newer`,
    async run() {
      const { protocol, notAfter, intermediates } = await shakeHands(origin, { family });
      const days = daysUntil(notAfter);
      const good = days > 0 && intermediates >= 2 && ["TLSv1.2", "TLSv1.3"].includes(protocol);
      return seen(good, `${days} days left, ${intermediates} intermediates, ${protocol}`);
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
