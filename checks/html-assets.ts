const reference = /<(?:script|link|img|source)\b[^>]*?\s(?:src|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi;

/** The URLs of the same origin that a page loads by itself (scripts, styles, images, preloads), each once, in page order. */
export function pageAssets(html: string, pageUrl: string): string[] {
  const { origin } = new URL(pageUrl);
  const found = new Set<string>();
  for (const [, double, single, bare] of html.replaceAll(/<!--[\s\S]*?-->/g, "").matchAll(reference)) {
    const target = (double ?? single ?? bare ?? "").replaceAll("&amp;", "&");
    if (target === "" || target.startsWith("data:")) continue;
    const url = new URL(target, pageUrl);
    if (url.origin === origin) found.add(url.href);
  }
  return [...found];
}

/** Whether a file name carries a content hash (at least 16 hexadecimal digits), so that its content never changes. */
export function isHashed(url: string): boolean {
  return /[.-][0-9a-f]{16,}\.\w+$/i.test(new URL(url).pathname);
}
