/** The Debian packages that the lab needs. */
export const labPackages: string[];
/** Installs those of the Debian packages that are missing; services they bring stay off. */
export function ensureDebianPackages(say: (line: string) => void, wanted: readonly string[]): void;
