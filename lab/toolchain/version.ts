interface Version {
  numbers: [number, number, number];
  preRelease: boolean;
}

const pattern = /(?:^|[^0-9.])(\d+)\.(\d+)(?:\.(\d+))?(-[0-9A-Za-z.-]+|(?:rc|beta)\d+)?/;

function parse(text: string): Version | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, major, minor, patch, suffix] = match;
  return { numbers: [Number(major), Number(minor), Number(patch ?? 0)], preRelease: suffix !== undefined };
}

/** Says whether the first version found in a text, such as `v3.259.0` or `go version go1.21.3`, is at least the one asked for. */
export function isAtLeast(text: string, oldest: string): boolean {
  const found = parse(text);
  const wanted = parse(oldest);
  if (!found || !wanted) return false;
  for (const [index, number] of found.numbers.entries()) {
    const limit = wanted.numbers[index] ?? 0;
    if (number !== limit) return number > limit;
  }
  return wanted.preRelease || !found.preRelease;
}
