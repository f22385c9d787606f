import { imageLabel } from "./cluster-id";
import { releaseLine } from "./releases";

/** Images of Hetzner's by name; snapshots and other images of an administrator's own are numbers or other names. */
const hetznerImage = /^(ubuntu|debian|fedora|centos-stream|rocky|alma|opensuse)-/;

/** Those of Hetzner's images whose nginx the proxy can run on: it needs ssl_reject_handshake, nginx 1.19.4. */
const proxyImages = ["debian-12", "debian-13", "ubuntu-24.04"];

/** Whether a node of the release can run on the image; one that is not Hetzner's is believed. */
export function suitsNode(image: string, release: string): boolean {
  return !hetznerImage.test(image) || image === releaseLine(release).ubuntu;
}

/** Whether the proxy can run on the image; one that is not Hetzner's is believed. */
export function suitsProxy(image: string): boolean {
  return !hetznerImage.test(image) || proxyImages.includes(image);
}

/** Whether the load balancer can run on the image: it needs Python 3.13. One that is not Hetzner's is believed. */
export function suitsBalancer(image: string): boolean {
  return !hetznerImage.test(image) || image === "debian-13";
}

type Images = Record<"nodeImage" | "proxyImage" | "balancerImage" | "release", string>;

/** What an administrator's own images have to be. */
export function imageWarnings({ nodeImage, proxyImage, balancerImage, release }: Images): string[] {
  return [
    ...(hetznerImage.test(nodeImage)
      ? []
      : [`nodeImage ${nodeImage} is your own: it has to be ${releaseLine(release).ubuntu} on x86`]),
    ...(hetznerImage.test(proxyImage)
      ? []
      : [`proxyImage ${proxyImage} is your own: it has to be Debian 12 or Ubuntu 24.04, or newer`]),
    ...(hetznerImage.test(balancerImage)
      ? []
      : [`balancerImage ${balancerImage} is your own: it has to be Debian 13, or newer`]),
  ];
}

/** Whether an image is given by its number at Hetzner: a snapshot. */
export function isNumber(image: string): boolean {
  return /^\d+$/.test(image);
}

/** An image as Hetzner tells of it. */
export interface FoundImage {
  architecture: string;
  /** RFC 3339 */
  created: string;
  osFlavor: string;
  osVersion: string;
  labels: Readonly<Record<string, string>>;
}

/** How old an image that was made of a node may be, in days: security updates since are not in it. */
export const mostImageDays = 30;

/**
 * Why a node of a release cannot be made of an image, with what to do; undefined if it can. Of an image that was not made
 * by `npm run image` its system and its age are believed.
 */
export function imageObjection(image: FoundImage | undefined, release: string, now: Date): string | undefined {
  const otherwise = "pulumi config set nodeImage NUMBER, or pulumi config rm nodeImage";
  if (image === undefined) return `there is none in this project at Hetzner; ${otherwise}`;
  if (image.architecture !== "x86") return `it is for ${image.architecture}, BigBlueButton needs x86; ${otherwise}`;
  if (!(imageLabel in image.labels)) return undefined;
  const { ubuntu } = releaseLine(release);
  const system = `${image.osFlavor}-${image.osVersion}`;
  if (system !== ubuntu) return `it is ${system}, BigBlueButton ${release} needs ${ubuntu}; ${otherwise}`;
  const days = Math.floor((now.getTime() - Date.parse(image.created)) / 86_400_000);
  if (days <= mostImageDays) return undefined;
  return `it is ${days} days old, ${mostImageDays} at most; make another one with npm run image, then ${otherwise}`;
}
