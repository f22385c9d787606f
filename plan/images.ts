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

/** What an administrator's own images have to be. */
export function imageWarnings(config: { nodeImage: string; proxyImage: string; release: string }): string[] {
  const { nodeImage, proxyImage, release } = config;
  return [
    ...(hetznerImage.test(nodeImage)
      ? []
      : [`nodeImage ${nodeImage} is your own: it has to be ${releaseLine(release).ubuntu} on x86`]),
    ...(hetznerImage.test(proxyImage)
      ? []
      : [`proxyImage ${proxyImage} is your own: it has to be Debian 12 or Ubuntu 24.04, or newer`]),
  ];
}
